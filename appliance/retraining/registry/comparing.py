"""Two models side by side: their facts, and field by field what each got right on the same documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.retraining.models import Measured, MeasuredValue
from appliance.retraining.queries import store
from appliance.retraining.rows import ModelRow
from extraction.schema import DocumentTypeSpec, FieldSpec
from models_store.card import ModelState
from models_store.evaluation.paired import mcnemar

_INDEX = re.compile(r"\[\d+\]")
CLEAR = 0.05
"""Below it a difference is called one; above it, chance would often do as much."""


@dataclass(frozen=True, slots=True)
class Score:
    """A figure in hundredths with its interval of 95 %; None where it was not measured."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """`only_a`: values that A has right and B wrong. `p`: the chance of so large a difference by luck alone."""

    name: str
    a: Score
    b: Score
    n: int
    only_a: int
    only_b: int
    p: float

    @property
    def scores(self) -> tuple[Score, Score]:
        return self.a, self.b

    @property
    def winner(self) -> str:
        if self.p >= CLEAR:
            return ""
        return "A" if self.only_a > self.only_b else "B"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`fields` begins with all fields together and is empty where no snapshot measured both."""

    models: tuple[ModelRow, ...]
    a: ModelRow | None = None
    b: ModelRow | None = None
    measured: tuple[Measured, Measured] | None = None
    fields: tuple[FieldRow, ...] = ()
    figures: tuple[tuple[str, str, str], ...] = ()
    problem: str = ""

    @property
    def pair(self) -> tuple[ModelRow | None, ModelRow | None]:
        return self.a, self.b

    @property
    def is_small(self) -> bool:
        return bool(self.measured and self.measured[0].summary.get("is_small"))


def comparison(digest_a: str, digest_b: str) -> Comparison:
    """Of the models with these digests; what is not chosen is the model in force and the newest other one."""
    found = store()
    by_digest = {row.card.digest: row for row in found.rows}
    a = by_digest.get(digest_a) or _in_force(found.rows)
    b = by_digest.get(digest_b) or next((row for row in found.rows if row is not a), None)
    if a is None or b is None or a is b:
        return Comparison(found.rows, a, b if b is not a else None, problem=found.problem)
    measured = _on_the_same(a.card.digest, b.card.digest)
    if measured is None:
        return Comparison(found.rows, a, b)
    return Comparison(found.rows, a, b, measured, _fields(*measured), _figures(*measured))


def _in_force(rows: Sequence[ModelRow]) -> ModelRow | None:
    return next((row for row in rows if row.state is ModelState.PRODUCTION), rows[0] if rows else None)


def _on_the_same(a: str, b: str) -> tuple[Measured, Measured] | None:
    """The newest measurements of both on one snapshot."""
    found = Measured.objects.filter(model_digest__in=(a, b)).select_related("snapshot__type_version__document_type")
    newest: dict[tuple[int, str], Measured] = {
        (one.snapshot_id, one.model_digest): one for one in found.filter(values__isnull=False).distinct().order_by("pk")
    }
    shared = [snapshot for snapshot, digest in newest if digest == a and (snapshot, b) in newest]
    if not shared:
        return None
    latest = max(shared, key=lambda snapshot: newest[snapshot, b].pk)
    return newest[latest, a], newest[latest, b]


def _fields(a: Measured, b: Measured) -> tuple[FieldRow, ...]:
    judged = _judged(a, b)
    names = _in_order([*a.summary.get("fields", {}), *b.summary.get("fields", {})], a.snapshot.type_version.spec)
    rows = [_field(name, (a.summary, b.summary), [pair for field, *pair in judged if field == name]) for name in names]
    whole = _row("All fields", (_score(a.summary), _score(b.summary)), [pair for _, *pair in judged])
    return (whole, *rows)


def _in_order(names: Sequence[str], document_type: DocumentTypeSpec) -> list[str]:
    """As the document type has them; a database does not keep the order of a JSON object."""
    places = {name: place for place, name in enumerate(_paths(document_type.fields))}
    return sorted(set(names), key=lambda name: (places.get(name, len(places)), name))


def _paths(fields: Sequence[FieldSpec], above: str = "") -> Iterator[str]:
    for field in fields:
        yield f"{above}{field.name}"
        yield from _paths(field.fields, f"{above}{field.name}.")


def _judged(a: Measured, b: Measured) -> list[tuple[str, bool, bool]]:
    """Field, right by A, right by B, of every value that either of them was measured on. What only one of them answered
    beside the labels, the other one rightly left out."""
    sides = [
        {
            (entry, path): is_right
            for entry, path, is_right in MeasuredValue.objects.filter(measured=one).values_list(
                "entry_id", "path", "is_right"
            )
        }
        for one in (a, b)
    ]
    keys = dict.fromkeys([*sides[0], *sides[1]])
    return [(_INDEX.sub("", key[1]), sides[0].get(key, True), sides[1].get(key, True)) for key in keys]


def _field(name: str, summaries: tuple[Any, Any], judged: Sequence[Sequence[bool]]) -> FieldRow:
    a, b = (_score(summary.get("fields", {}).get(name, {})) for summary in summaries)
    return _row(name, (a, b), judged)


def _row(name: str, scores: tuple[Score, Score], judged: Sequence[Sequence[bool]]) -> FieldRow:
    counts = Counter((right_a, right_b) for right_a, right_b in judged)
    only_a, only_b = counts[True, False], counts[False, True]
    return FieldRow(name, *scores, len(judged), only_a, only_b, mcnemar(only_b, only_a)[1])


def _score(figures: Any) -> Score:
    if figures.get("f1") is None:
        return Score()
    low, high = figures.get("f1_interval") or (None, None)
    return Score(*(None if part is None else 100 * part for part in (figures["f1"], low, high)))


_FIGURES = (
    ("Documents measured", "n", "{:,}"),
    ("Seconds per document", "seconds_per_document", "{:.2f}"),
    ("Documents per hour", "documents_per_hour", "{:,}"),
    ("Most memory, MiB", "memory_bytes", "mib"),
    ("File, MiB", "file_bytes", "mib"),
    ("Answers that fit the schema", "schema_valid", "{:.1%}"),
    ("Texts that stand in the document", "verbatim", "{:.1%}"),
)


def _figures(a: Measured, b: Measured) -> tuple[tuple[str, str, str], ...]:
    plain = [
        (label, _shown(a.summary.get(key), form), _shown(b.summary.get(key), form)) for label, key, form in _FIGURES
    ]
    errors = [_shown((one.summary.get("calibration") or {}).get("ece"), "{:.3f}") for one in (a, b)]
    return (*plain, ("Error of the confidence (ECE)", errors[0], errors[1]))


def _shown(figure: Any, form: str) -> str:
    if figure is None or (form == "mib" and not figure):
        return "–"
    return f"{figure / 1024**2:,.1f}" if form == "mib" else form.format(figure)
