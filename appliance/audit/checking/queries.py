"""Checks of the log for the pages: the one that runs, the newest answer, earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from appliance.audit.checking.models import LogCheck, Verdict
from appliance.audit.checking.services import SILENT_FOR, UNTAKEN_FOR
from appliance.audit.checking.words import Place, finding
from appliance.audit.models import Leaf

PAST_SHOWN = 20

_ADVICE = {
    Verdict.TAMPERED: "Download the log folder now, check it on your own computer, and keep the copy and this answer. "
    "Let nobody repair or restart the machine before that.",
    Verdict.INCOMPLETE: "Nothing is known to be wrong, but the check could not be whole. See the overview for what "
    "holds the log up, and check again.",
}
_ADVICE_ELSE = "Check again. If it fails again, check a downloaded copy on your own computer."


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """`event_pk` is the entry that the finding points at, None where there is none to show."""

    check: LogCheck
    sentence: str
    advice: str
    event_pk: int | None
    is_checkpoint: bool


@dataclass(frozen=True, slots=True)
class Checks:
    """`past` is newest first and begins behind the one that is shown in full: `newest`, unless one runs."""

    current: LogCheck | None
    newest: ShownCheck | None
    past: list[ShownCheck]


def checks() -> Checks:
    current = LogCheck.objects.filter(is_open=True).first()
    if current is not None and _is_abandoned(current):
        current = None
    done = [_shown(check) for check in LogCheck.objects.filter(is_open=False)[: PAST_SHOWN + 1]]
    return Checks(current, done[0] if done else None, done if current else done[1:])


def last_answered() -> LogCheck | None:
    """The newest check that came to a verdict."""
    return LogCheck.objects.filter(is_open=False).exclude(verdict="").first()


def _shown(check: LogCheck) -> ShownCheck:
    found, index = finding(check.kind) if check.kind else None, check.index
    place = found.place if found else None
    leaf = Leaf.objects.filter(index=index).first() if place is Place.RECORD and index is not None else None
    return ShownCheck(
        check=check,
        sentence=found.sentence if found else "",
        advice="" if check.verdict == Verdict.OK else _ADVICE.get(Verdict(check.verdict), _ADVICE_ELSE),
        event_pk=leaf.event_id if leaf else None,
        is_checkpoint=place is Place.CHECKPOINT and index is not None,
    )


def _is_abandoned(check: LogCheck) -> bool:
    """Its worker went away; the next check that is asked for writes that down."""
    silent_for = timezone.now() - check.renewed_at
    return silent_for > (UNTAKEN_FOR if check.state == "waiting" else SILENT_FOR)
