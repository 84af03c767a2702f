"""What a snapshot would hold: duplicates out, parts, weights, and a count of everything; nothing is stored here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.retraining.datasets import parts, weights
from appliance.retraining.datasets.answers import SAME, agreement
from appliance.retraining.datasets.candidates import Candidate
from appliance.retraining.datasets.likeness import near_pairs
from appliance.retraining.datasets.parts import Earlier, Shares
from appliance.retraining.models import Part, Source

NOTHING_TO_LEARN, SAME_TEXT, NEARLY_SAME, LIKE_A_TEST = "nothing_to_learn", "same_text", "nearly_same", "like_a_test"
_MOST_TELLING = (Part.TEST, Part.CALIBRATION, Part.TRAIN)
"""Of two texts that are nearly the same and lie in two parts, the one that measures stays."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to cut. `split_by`: "" decides by the number of senders; shares are of documents or of the weight."""

    sender_field: str = ""
    split_by: str = ""
    test_share: float = 0.2
    calibration_share: float = 0.1
    person_share: float = 0.7
    sender_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    candidate: Candidate
    part: Part
    weight: float


@dataclass(frozen=True, slots=True)
class Cut:
    """`left_out`: reason -> how many documents."""

    entries: tuple[Entry, ...]
    split_by: str
    left_out: Mapping[str, int] = field(default_factory=dict)


def cut(candidates: Sequence[Candidate], options: Options, *, earlier: Earlier, seed: str) -> Cut:
    """The same candidates, options and earlier places give the same cut. `seed`: the type's name."""
    left_out: Counter[str] = Counter()
    kept = _counted(candidates, [c for c in candidates if c.fields], left_out, NOTHING_TO_LEARN)
    ranked = sorted(kept, key=lambda c: _rank(c, earlier))
    unique = _counted(kept, _first_of_each(ranked, lambda c: c.text_sha256), left_out, SAME_TEXT)
    unique = _counted(unique, _first_of_each(unique, lambda c: c.original), left_out, SAME_TEXT)
    apart = _counted(unique, list(_without_twins(unique)), left_out, NEARLY_SAME)
    by = options.split_by or parts.way_of_splitting(apart)
    shares = Shares(options.test_share, options.calibration_share)
    placed = parts.place(apart, by=by, shares=shares, earlier=earlier, seed=seed)
    clean = _counted(apart, list(_without_echoes(apart, placed)), left_out, LIKE_A_TEST)
    clean = sorted(clean, key=lambda c: (c.labelled_at, c.key))
    return Cut(tuple(_weighted(clean, placed, options)), by, dict(left_out))


def leaks(entries: Iterable[Entry]) -> dict[str, int]:
    """What lies in two parts at once, counted on the outcome: originals, texts, nearly equal texts, senders."""
    found = list(entries)
    part = {entry.candidate.key: entry.part for entry in found}
    return {
        "originals": _shared(found, lambda c: c.original),
        "texts": _shared(found, lambda c: c.text_sha256),
        "near": sum(part[one.key] != part[other.key] for one, other in _alike([entry.candidate for entry in found])),
        "senders": _shared(found, lambda c: c.sender),
    }


def _shared(entries: Iterable[Entry], name_of: Callable[[Candidate], str]) -> int:
    lie: defaultdict[str, set[Part]] = defaultdict(set)
    for entry in entries:
        lie[name_of(entry.candidate)].add(entry.part)
    return sum(len(found) > 1 for name, found in lie.items() if name)


def _counted(
    before: Sequence[Candidate], after: Sequence[Candidate], left_out: Counter[str], reason: str
) -> Sequence[Candidate]:
    if len(after) < len(before):
        left_out[reason] += len(before) - len(after)
    return after


def _rank(candidate: Candidate, earlier: Earlier) -> tuple[Any, ...]:
    """Of equal documents the first stays: one that was placed before, reviewed here, with most answers, the oldest."""
    is_new = candidate.original not in earlier.originals
    answers = len(candidate.fields)
    return is_new, candidate.source != Source.REVIEW, -answers, candidate.labelled_at, candidate.key


def _first_of_each(candidates: Iterable[Candidate], name_of: Callable[[Candidate], str]) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        found.setdefault(name_of(candidate), candidate)
    return list(found.values())


def _without_twins(ranked: Sequence[Candidate]) -> Iterator[Candidate]:
    """Nearly the same text that says the same is the same document, scanned twice."""
    gone: set[str] = set()
    for one, other in _alike(ranked):
        if one.key not in gone and agreement(one.fields, other.fields) == 1.0:
            gone.add(other.key)
    return (candidate for candidate in ranked if candidate.key not in gone)


def _alike(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Pairs that are most likely one document: nearly the same text, and most answers the same."""
    known = {candidate.key: candidate for candidate in candidates}
    for key, other in near_pairs({key: candidate.sketch for key, candidate in known.items()}):
        if agreement(known[key].fields, known[other].fields) > SAME:
            yield known[key], known[other]


def _without_echoes(candidates: Sequence[Candidate], placed: Mapping[str, Part]) -> Iterator[Candidate]:
    """A document of one part that is most likely one of another part would be measured after it was seen."""
    gone: set[str] = set()
    for pair in _alike(candidates):
        first, second = sorted((c.key for c in pair), key=lambda key: _MOST_TELLING.index(placed[key]))
        if placed[first] != placed[second] and first not in gone:
            gone.add(second)
    return (candidate for candidate in candidates if candidate.key not in gone)


def _weighted(candidates: Sequence[Candidate], placed: Mapping[str, Part], options: Options) -> Iterator[Entry]:
    """Weights count in training only; measuring takes every document as it is."""
    train = [c for c in candidates if placed[c.key] == Part.TRAIN]
    found = [1.0] * len(train)
    if len({c.person for c in train if c.person}) > 1:
        found = weights.capped([c.person or c.key for c in train], found, share=options.person_share)
    if len({c.sender for c in train if c.sender}) >= parts.LEAST_SENDERS:
        found = weights.capped([c.sender or c.key for c in train], found, share=options.sender_share)
    by_key = {c.key: round(weight, 4) for c, weight in zip(train, found, strict=True)}
    return (Entry(c, placed[c.key], by_key.get(c.key, 1.0)) for c in candidates)
