"""The figures of a cut: what a snapshot keeps as its `counts`, and what the page shows before there is one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from appliance.retraining.datasets.cutting import Cut, Entry, leaks
from appliance.retraining.datasets.weights import shares
from appliance.retraining.models import Part, Source
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

Json = dict[str, Any]


def counts_of(cut: Cut, spec: DocumentTypeSpec) -> Json:
    """Numbers only, and ids of persons: nothing that a document says.

    "fields": by path, documents that hold it, that do not, that are not asked; and those of the test part that hold it.
    """
    entries = cut.entries
    return {
        "documents": len(entries),
        "parts": {part.value: sum(entry.part == part for entry in entries) for part in Part},
        "senders": {part.value: len(_senders(entries, part)) for part in Part},
        "sources": {source.value: sum(e.candidate.source == source for e in entries) for source in Source},
        "fields": {path: _balance(entries, path) for path in field_paths(spec.fields)},
        "persons": _persons(entries),
        "split_by": cut.split_by,
        "left_out": dict(cut.left_out),
        "leaks": leaks(entries),
    }


def field_paths(fields: Sequence[FieldSpec], base: str = "") -> Iterator[str]:
    """Fields outside of lists, and lists."""
    for spec in fields:
        if spec.kind is Kind.GROUP:
            yield from field_paths(spec.fields, f"{base}{spec.name}.")
        else:
            yield f"{base}{spec.name}"


def _senders(entries: Sequence[Entry], part: Part) -> set[str]:
    return {entry.candidate.sender for entry in entries if entry.part == part and entry.candidate.sender}


def _balance(entries: Sequence[Entry], path: str) -> Json:
    found: Counter[str] = Counter({"there": 0, "absent": 0, "not_asked": 0, "tested": 0})
    for entry in entries:
        answer = _state_at(entry.candidate.fields, path)
        found[answer] += 1
        found["tested"] += answer == "there" and entry.part == Part.TEST
    return dict(found)


def _state_at(fields: Mapping[str, Any], path: str) -> str:
    value: Any = fields
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return "not_asked"
        value = value[name]
    return "absent" if value in (None, []) else "there"


def _persons(entries: Sequence[Entry]) -> Json:
    """By person: documents, and the share of the weight of training."""
    documents: defaultdict[int, int] = defaultdict(int)
    for entry in entries:
        if entry.candidate.person is not None:
            documents[entry.candidate.person] += 1
    train = [entry for entry in entries if entry.part == Part.TRAIN]
    share = shares([entry.candidate.person for entry in train], [entry.weight for entry in train])
    return {str(pk): {"documents": n, "share": round(share.get(pk, 0.0), 4)} for pk, n in documents.items()}
