"""What `manage.py extract` said about a document, as the page of a trial shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class TriedValue:
    """One value. `value` is its normal form, `raw` as printed; both None when the document does not hold it."""

    field: str
    value: str | None
    raw: str | None
    percent: int
    page: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The values, or `code` and the words of an error."""

    values: tuple[TriedValue, ...] = ()
    issues: tuple[str, ...] = ()
    seconds: float = 0.0
    code: str = ""
    sentence: str = ""
    next_step: str = ""


STORED = TypeAdapter(Answer)  # how an answer lies on disk between the thread that got it and the page
FAILED = Answer(
    code="trial_failed",
    sentence="The document could not be tried.",
    next_step="Try again; if it happens again, look at the health page.",
)
STOPPED = Answer(
    code="trial_timeout",
    sentence="Trying this document took too long and was stopped.",
    next_step="Choose a shorter document.",
)


def answer_of(stdout: bytes, *, seconds: float) -> Answer:
    """From the JSON that the command prints when it succeeds; FAILED where it is anything else."""
    try:
        told = json.loads(stdout)
        values = tuple(_value(entry) for entry in told["fields"])
        return Answer(values, tuple(issue["sentence"] for issue in told["issues"]), round(seconds, 1))
    except (ValueError, KeyError, TypeError):
        return FAILED


def refusal_of(stderr: bytes) -> Answer:
    """From the last line of its stderr. Anything but an error in JSON is a crash, whose text stays out of the page."""
    try:
        error = json.loads(stderr.strip().splitlines()[-1])
        return Answer(code=error["code"], sentence=error["sentence"], next_step=error["next_step"])
    except (IndexError, ValueError, KeyError, TypeError):
        return FAILED


def _value(entry: dict[str, Any]) -> TriedValue:
    return TriedValue(
        field=entry["field"],
        value=entry["value"],
        raw=entry["raw"],
        percent=round(100 * entry["confidence"]),
        page=entry["page"],
        reasons=tuple(reason["sentence"] for reason in entry["reasons"]),
    )
