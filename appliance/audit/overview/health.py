"""How the log is, in one sentence, with what to do next: a pure function of what the box knows about its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

HELD_UP_AFTER = timedelta(seconds=180)
"""As the verifier: three times the longest pause between two checkpoints."""
WAITS_TOO_LONG = timedelta(seconds=60)
COUNTERSIGN_EVERY = timedelta(days=8)
"""A week, and a day for the officer's calendar."""
RECONCILE_EVERY = timedelta(hours=36)


class Condition(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What the pages show and the sentence is made of. `size` counts records in the tree, `waiting` those before it."""

    size: int
    waiting: int
    oldest_waiting: timedelta | None
    last_signed: datetime | None
    trouble: str
    """Why the log is not written on, in the words of the process that writes it; else empty."""
    anchor_problem: str
    countersigned_at: datetime | None
    reconciled_at: datetime | None
    findings: int
    forged: int
    found_tampered: str
    """What the last check on the box said, where it did not like the log; else empty."""


@dataclass(frozen=True, slots=True)
class Health:
    condition: Condition
    sentence: str
    advice: str = ""


def health_of(state: LogFacts, *, now: datetime) -> list[Health]:
    """The worst first; a single line when all is well. The first one is the sentence of the page."""
    found = [said for look in LOOKS if (said := look(state, now)) is not None]
    worst_first = sorted(found, key=lambda said: -list(Condition).index(said.condition))
    return worst_first or [Health(Condition.OK, "The log is in order.")]


def _tampered(state: LogFacts, now: datetime) -> Health | None:
    if not state.found_tampered:
        return None
    advice = (
        "Download the log folder now, check it on your own computer, and keep the copy. "
        "Do not let anybody repair the machine before that."
    )
    return Health(Condition.BAD, f"The last check found the log wrong: {state.found_tampered}", advice)


def _forged(state: LogFacts, now: datetime) -> Health | None:
    if not state.forged:
        return None
    advice = "Somebody wrote into the database past the box. Look at these entries, and keep a copy of the log folder."
    return Health(Condition.BAD, f"Records without the box's seal: {state.forged} in the last 30 days.", advice)


def _broken(state: LogFacts, now: datetime) -> Health | None:
    if not state.trouble:
        return None
    advice = (
        "The box refuses to write on rather than to cover this up. Download the log folder, check it on your own "
        "computer, keep the copy, and call whoever runs the machine."
    )
    return Health(Condition.BAD, f"The log is not written on: {state.trouble}", advice)


def _held_up(state: LogFacts, now: datetime) -> Health | None:
    if state.last_signed is None:
        advice = (
            "The first one comes within a minute of the start. If this stays, ask the administrator to look at Health."
        )
        return Health(Condition.WARNING, "No checkpoint has been signed yet.", advice)
    late = now - state.last_signed > HELD_UP_AFTER
    stuck = state.oldest_waiting is not None and state.oldest_waiting > WAITS_TOO_LONG
    if not late and not stuck:
        return None
    since = state.last_signed if late else now - (state.oldest_waiting or timedelta())
    advice = (
        "The process that orders the log does not run or is stuck: ask the administrator to restart the box. "
        "Nothing is lost; records wait."
    )
    return Health(Condition.BAD, f"The log is held up since {_moment(since)}.", advice)


def _unanchored(state: LogFacts, now: datetime) -> Health | None:
    if not state.anchor_problem:
        return None
    advice = (
        "Until this works, nobody outside the database keeps the log's checkpoints: "
        "ask the administrator to look at the anchor folder."
    )
    return Health(Condition.WARNING, f"Checkpoints are not anchored: {state.anchor_problem}", advice)


def _reconciliation(state: LogFacts, now: datetime) -> Health | None:
    if state.findings:
        advice = "Look at the entry of the reconciliation: it names each object whose changes and records do not match."
        return Health(Condition.BAD, f"The last reconciliation found {state.findings} difference(s).", advice)
    if state.reconciled_at is not None and now - state.reconciled_at > RECONCILE_EVERY:
        advice = "It runs every night. Ask the administrator whether the box was off, or its upkeep worker is missing."
        return Health(Condition.WARNING, f"Not reconciled since {_moment(state.reconciled_at)}.", advice)
    return None


def _countersigned(state: LogFacts, now: datetime) -> Health | None:
    advice = "Download the log folder, check and sign it on your own computer, and upload the signed checkpoint."
    if state.last_signed is None:
        return None
    if state.countersigned_at is None:
        return Health(Condition.WARNING, "Never counter-signed: nobody but the box vouches for the log.", advice)
    if now - state.countersigned_at > COUNTERSIGN_EVERY:
        return Health(Condition.WARNING, f"Not counter-signed since {_moment(state.countersigned_at)}.", advice)
    return None


Look = Callable[[LogFacts, datetime], Health | None]
LOOKS: Iterable[Look] = (_tampered, _forged, _broken, _held_up, _reconciliation, _unanchored, _countersigned)


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %Z}"
