"""A set cut into what teaches and what is asked about: senders never shown, and other documents of known ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.accuracy.cases import Case, read_cases
from bench.accuracy.sets import SETS, LabelledSet
from models_store.tuning.split import group_name, split

_KNOWN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Parts:
    """No document is in two of them; no sender of `unseen` is in another."""

    train: list[Case]
    known: list[Case]
    unseen: list[Case]


def parts_of(wanted: LabelledSet, folder: Path, *, limit: int | None = None) -> Parts:
    """The parts of a set; one that shows another set's documents in another form is cut as that one.

    `limit`: at most so many documents of each part that is asked about.
    """
    if wanted.parent:
        cases = {case.id: case for case in read_cases(wanted, folder)}
        whole = parts_of(next(one for one in SETS if one.name == wanted.parent), folder)
        train, known, unseen = (
            [cases[case.id] for case in part if case.id in cases] for part in (whole.train, whole.known, whole.unseen)
        )
        parts = Parts(train, known, unseen)
    else:
        parts = cut(read_cases(wanted, folder), wanted.unseen_share)
    return replace(parts, known=parts.known[:limit], unseen=parts.unseen[:limit])


def cut(cases: Sequence[Case], unseen_share: float) -> Parts:
    """Whole senders are held out first; then some documents of those that are trained on, one in seven."""
    rest, unseen = split(cases, lambda case: case.group, share=unseen_share)
    sizes = Counter(group_name(case.group) for case in rest)
    known: list[Case] = []
    for case in sorted(rest, key=lambda case: hashlib.sha256(case.id.encode()).digest()):
        sender = group_name(case.group)
        if sender and sizes[sender] > 1 and len(known) < _KNOWN_SHARE * len(rest):
            sizes[sender] -= 1
            known.append(case)
    held_out = {case.id for case in known}
    return Parts([case for case in rest if case.id not in held_out], known, unseen)
