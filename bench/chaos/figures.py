"""The figures of a run, and whether it kept what the box promises."""

from __future__ import annotations

from typing import Any

from bench.chaos.run import Outcome, Wanted
from bench.chaos.watching import percentile

MOST_RECOVERY_SECONDS = 120.0


def figures(wanted: Wanted, outcome: Outcome) -> dict[str, Any]:
    faults = outcome.injected.total()
    return {
        "documents": outcome.documents,
        "faults": faults,
        "lost": outcome.found.lost,
        "duplicated": outcome.found.duplicated,
        "stuck": outcome.stuck,
        "recovery_p50_s": round(percentile(outcome.recoveries, 50), 1),
        "recovery_p99_s": round(percentile(outcome.recoveries, 99), 1),
        "control_lost": outcome.control_lost,
        "broker": wanted.broker,
        "seed": wanted.seed,
        "quarantined": dict(outcome.found.quarantined),
        "attempts": {str(count): jobs for count, jobs in sorted(outcome.found.attempts.items())},
        "fenced": outcome.fenced,
        "unanswered": outcome.unanswered,
        "swept_files": outcome.found.swept,
        "log_entries": outcome.found.entries,
        "findings": len(outcome.found.findings),
        "faults_by_kind": dict(sorted(outcome.injected.items())),
        "rate_bound": round(3 / faults, 4) if faults else None,
        "seconds": round(outcome.seconds),
    }


def is_kept(result: dict[str, Any]) -> bool:
    """Nothing lost, done twice, stuck or left, and a harness that sees losses."""
    wrong = (result["lost"], result["duplicated"], result["stuck"], result["findings"], result["left_running"])
    return not any(wrong) and result["control_lost"] > 0 and result["recovery_p99_s"] <= MOST_RECOVERY_SECONDS
