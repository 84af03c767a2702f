"""A run as lines for a terminal: what is new since the last look, and at the end the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from appliance.retraining.models import RunState, TrainingRun
from appliance.retraining.runs.queries import RunPage, in_words, run_page


@dataclass(slots=True)
class Follower:
    """Remembers what was said. `fresh` gives the lines to print now."""

    run_id: int
    said: dict[int, str] = field(default_factory=dict)

    def look(self) -> RunPage:
        found = TrainingRun.objects.select_related("snapshot__type_version__document_type", "asked_by", "schedule")
        return run_page(found.get(pk=self.run_id))

    def fresh(self, page: RunPage) -> Iterator[str]:
        for row in page.steps:
            step = row.step
            words = f"{step.get_name_display()} {step.subject}".strip()
            share = "" if row.share is None else f" {row.share:.0%}"
            line = f"{words}: {step.get_state_display().lower()}{share}"
            if step.state != RunState.WAITING and self.said.get(step.pk) != line:
                self.said[step.pk] = line
                left = f", about {page.left_words} left" if page.left_words else ""
                yield line + left


def outcome_lines(page: RunPage) -> Iterator[str]:
    """The end of a run in words."""
    run = page.run
    yield f"Run {run.pk}: {run.get_state_display().lower()}"
    if run.error_detail:
        yield run.error_detail
    for row in page.measured:
        low, high = row.measured.summary["f1_interval"]
        keeps = f", keeps {row.kept_words}" if row.kept_words else ""
        verdict = "" if row.passed is None else ", passed" if row.passed else ", refused"
        yield f"{row.measured.role}: F1 {row.measured.summary['f1']:.3f} ({low:.3f} to {high:.3f}){keeps}{verdict}"
    shown = page.shown
    for reason in (shown.verdict or {}).get("reasons", ()) if shown else ():
        yield f"  {'holds' if reason['passed'] else 'FAILS'}: {reason['sentence']}"


def outcome_json(page: RunPage) -> dict[str, Any]:
    """The same for a program."""
    run = page.run
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else None
    return {
        "run": run.pk,
        "state": run.state,
        "error": run.error_code,
        "took": None if took is None else in_words(took),
        "seconds": took,
        "verdict": run.verdict,
        "models": {row.measured.role: row.measured.model_digest for row in page.measured},
        "f1": {row.measured.role: row.measured.summary["f1"] for row in page.measured},
    }
