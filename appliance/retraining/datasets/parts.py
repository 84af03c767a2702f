"""Documents -> train, calibrate, test. A model is measured on senders that it has never seen.

What was placed once stays: the test part is frozen for good, so that the scores of models can be compared, and what
taught a model never measures a later one that is made of it. Only new senders are placed, whole ones, in the order of a
hash of type and sender, so the same documents always give the same parts. With fewer than five senders whole ones
cannot be kept apart, and single documents are placed instead; the page says so.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from appliance.retraining.datasets.candidates import Candidate
from appliance.retraining.models import Part

LEAST_SENDERS = 5
BY_SENDER, BY_DOCUMENT = "sender", "document"


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all documents; the rest trains."""

    test: float = 0.2
    calibration: float = 0.1


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where earlier snapshots of the type placed originals and senders."""

    originals: Mapping[str, Part] = field(default_factory=dict)
    senders: Mapping[str, frozenset[Part]] = field(default_factory=dict)


def way_of_splitting(candidates: Iterable[Candidate]) -> str:
    senders = {candidate.sender for candidate in candidates if candidate.sender}
    return BY_SENDER if len(senders) >= LEAST_SENDERS else BY_DOCUMENT


def place(candidates: Sequence[Candidate], *, by: str, shares: Shares, earlier: Earlier, seed: str) -> dict[str, Part]:
    """The part of each candidate, by its key."""
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[(by == BY_SENDER and candidate.sender) or candidate.original].append(candidate)
    placed = {c.key: earlier.originals[c.original] for c in candidates if c.original in earlier.originals}
    for name, members in groups.items():
        before = {placed[c.key] for c in members if c.key in placed} | set(earlier.senders.get(name, ()))
        if before:
            placed |= {c.key: _following(before) for c in members if c.key not in placed}
    new = {name: members for name, members in groups.items() if not any(c.key in placed for c in members)}
    order = sorted(new, key=lambda name: hashlib.sha256(f"{seed}\0{name}".encode()).digest())
    for part, share in ((Part.TEST, shares.test), (Part.CALIBRATION, shares.calibration)):
        wanted = round(share * len(candidates)) or int(part is Part.TEST)
        there = sum(found == part for found in placed.values())
        chosen = _chosen({name: len(new[name]) for name in order if new[name][0].key not in placed}, wanted, there)
        placed |= {c.key: part for name in chosen for c in new[name]}
    return {c.key: placed.get(c.key, Part.TRAIN) for c in candidates}


def _following(before: set[Part]) -> Part:
    """A sender whose documents lie in several parts was placed by document once: what comes now trains."""
    return next(iter(before)) if len(before) == 1 else Part.TRAIN


def _chosen(sizes: Mapping[str, int], wanted: int, there: int) -> list[str]:
    """Whole groups until about `wanted` documents are there; at least one where any is wanted."""
    chosen: list[str] = []
    for name, size in sizes.items():
        if there + size / 2 <= wanted and there < wanted:
            chosen.append(name)
            there += size
    if not there and wanted and sizes:
        chosen = [min(sizes, key=lambda name: sizes[name])]
    return chosen
