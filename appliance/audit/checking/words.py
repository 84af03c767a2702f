"""The verifier's findings in words of a person who has to act on them; the kinds are those of audit-format.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """What a finding's index counts."""

    RECORD = "record"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` is None where the index means nothing that could be shown."""

    sentence: str
    place: Place | None = Place.RECORD


KINDS: dict[str, Finding] = {
    "bad_signature": Finding("A checkpoint's signature does not fit its text.", Place.CHECKPOINT),
    "wrong_key": Finding("A checkpoint is signed by another key than the log's.", Place.CHECKPOINT),
    "root_differs": Finding("The records do not make up what a checkpoint was signed over: a record was changed."),
    "leaf_differs": Finding("A record was changed after it went into the log."),
    "tile_differs": Finding("The stored tree does not fit together: its hashes were changed."),
    "not_canonical": Finding("A record is not written the way the box writes records."),
    "duplicate_event": Finding("A record stands in the log twice."),
    "foreign_log": Finding("A record belongs to another log."),
    "missing_entries": Finding("Records are missing: a checkpoint was signed over more than there are."),
    "surplus_entries": Finding("There are more records than the newest checkpoint was signed over."),
    "checkpoint_dropped": Finding("A checkpoint that the log speaks of is gone."),
    "checkpoint_unrecorded": Finding("A checkpoint is there that the log does not speak of.", Place.CHECKPOINT),
    "checkpoint_differs": Finding("A checkpoint is not the one that the log speaks of."),
    "fork": Finding("There are two different histories: a checkpoint kept elsewhere does not fit.", Place.CHECKPOINT),
    "cut": Finding("The log is shorter than a checkpoint kept elsewhere: its end was cut off.", Place.CHECKPOINT),
    "clock": Finding("The times do not run on as they should: the clock was set without a word in the log."),
    "held_up": Finding("For too long no checkpoint was signed: the log was held up.", Place.CHECKPOINT),
    "bad_proof": Finding("A proof does not lead to its checkpoint."),
    "bad_manifest": Finding("The list of contents does not fit the contents.", None),
    "range_incomplete": Finding("The range does not hold every record that it says."),
    "cosignature_missing": Finding("The officer's counter-signature is missing.", Place.CHECKPOINT),
    "bad_cosignature": Finding("The officer's counter-signature does not fit.", Place.CHECKPOINT),
    "stale": Finding("The newest checkpoint is more than three minutes old: the log is not being signed.", None),
    "not_pinned": Finding("No key was given to check against.", None),
    "not_readable": Finding("Something could not be read.", None),
}
UNKNOWN = Finding("The verifier found something that this version of the pages has no words for.", None)


def finding(kind: str) -> Finding:
    return KINDS.get(kind, UNKNOWN)
