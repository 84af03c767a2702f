"""What could be in a snapshot: labels of reviewed documents and imported ones, with the conflicts' outcome applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.retraining.datasets.answers import said, spans_outside, unit_of, with_value, without
from appliance.retraining.datasets.likeness import sketch_of
from appliance.retraining.models import Conflict, ConflictAnswer, DocumentLabel, ImportedLabel, Source, Withdrawal
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.tuning.split import group_name

Fields = dict[str, Any]
Spans = dict[str, list[int]]
SENDER_NAMES = (
    "sender", "seller_name", "seller", "vendor_name", "vendor", "supplier_name", "supplier", "company", "company_name",
    "merchant", "issuer", "issued_by", "laboratory", "hospital", "clinic", "bank", "insurer", "employer", "party_a",
)  # fmt: skip
"""Names of fields that say who issued a document, the likeliest first."""


@dataclass(frozen=True)
class Candidate:
    """A labelled document. `sender` is shortened to what tells senders apart; "" where it is not known.

    `text`: of imported labels only. `person`: who reviewed it, None for imported labels.
    """

    key: str
    source: Source
    original: str
    text_sha256: str
    sketch: Sequence[int]
    labelled_at: datetime
    fields: Fields
    spans: Spans
    sender: str = ""
    document_id: UUID | None = None
    person: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """`withdrawn`: how many labelled documents are left out because somebody withdrew them."""

    candidates: tuple[Candidate, ...]
    withdrawn: int


def sender_field_of(spec: DocumentTypeSpec) -> str:
    """The field that names the sender, "" where the type seems to have none; "seller.name" inside a group."""
    paths = list(text_paths(spec.fields))
    return next((path for name in SENDER_NAMES for path in paths if path.replace(".", "_") == name), "")


def text_paths(fields: Sequence[FieldSpec], base: str = "") -> Iterator[str]:
    """Fields outside of lists that hold one text."""
    for spec in fields:
        if spec.kind is Kind.GROUP:
            yield from text_paths(spec.fields, f"{base}{spec.name}.")
        elif spec.kind is Kind.TEXT and not spec.many:
            yield f"{base}{spec.name}"


def collect(version: DocumentTypeVersion, *, sender_field: str) -> Collected:
    """Everything that this version of the type could be trained with."""
    withdrawn = set(Withdrawal.objects.values_list("original_sha256", flat=True))
    found = [*_reviewed(version), *_imported(version)]
    kept = (candidate for candidate in found if candidate.original not in withdrawn)
    named = tuple(replace(c, sender=group_name(c.sender or _text_at(c.fields, sender_field))[:200]) for c in kept)
    return Collected(named, len(found) - len(named))


def _reviewed(version: DocumentTypeVersion) -> Iterator[Candidate]:
    labels = DocumentLabel.objects.filter(document__document_type=version.document_type)
    conflicts = _conflicts(version.document_type)
    for label in labels.select_related("document", "type_version").order_by("labelled_at", "pk"):
        fields, spans = _resolved(label, conflicts[label.document_id])
        fields, spans = _of_version(fields, spans, label.type_version.spec, version.spec)
        yield Candidate(
            key=str(label.document_id),
            source=Source.REVIEW,
            original=label.document.sha256,
            text_sha256=label.text_sha256,
            sketch=label.sketch,
            labelled_at=label.labelled_at,
            fields=fields,
            spans=spans,
            sender=label.document.sender,
            document_id=label.document_id,
            person=label.labelled_by_id,
        )


def _imported(version: DocumentTypeVersion) -> Iterator[Candidate]:
    names = {spec.name for spec in version.spec.fields}
    for label in ImportedLabel.objects.filter(document_type=version.document_type):
        gone = [name for name in label.fields if name not in names]
        fields, spans = _left(label.fields, label.spans, gone)
        yield Candidate(
            key=f"import {label.pk}",
            source=Source.IMPORT,
            original=label.text_sha256,
            text_sha256=label.text_sha256,
            sketch=sketch_of(label.untrusted_text),
            labelled_at=label.imported_at,
            fields=fields,
            spans=spans,
            sender=label.sender,
            text=label.untrusted_text,
        )


def _conflicts(document_type: DocumentType) -> dict[UUID, list[Conflict]]:
    by_document: defaultdict[UUID, list[Conflict]] = defaultdict(list)
    found = Conflict.objects.filter(document_type=document_type).select_related("chosen__document__label")
    for conflict in found.prefetch_related("answers"):
        for document_id in {answer.document_id for answer in conflict.answers.all()}:
            by_document[document_id].append(conflict)
    return by_document


def _resolved(label: DocumentLabel, conflicts: Iterable[Conflict]) -> tuple[Fields, Spans]:
    """What is disputed is left out; the chosen answer counts for every document with the same text."""
    fields, spans = dict(label.fields), dict(label.spans)
    for conflict in conflicts:
        unit, chosen = unit_of(conflict.path), conflict.chosen
        standing = label.answers.get(conflict.path)
        if chosen is not None and standing and said(standing[0]["value"]) == said(chosen.value):
            continue
        fields, spans = without(fields, unit), spans_outside(spans, unit)
        if chosen is not None and unit == conflict.path and _same_text(label, chosen):
            fields, spans = with_value(fields, unit, chosen.value), spans | chosen.spans
    return fields, spans


def _same_text(label: DocumentLabel, chosen: ConflictAnswer) -> bool:
    """Not while the chosen answer's document is under review again."""
    theirs: DocumentLabel | None = getattr(chosen.document, "label", None)
    return theirs is not None and label.text_sha256 == theirs.text_sha256


def _of_version(fields: Fields, spans: Spans, old: DocumentTypeSpec, new: DocumentTypeSpec) -> tuple[Fields, Spans]:
    """A field that has changed its kind, its parts or its options since the review is not asked."""
    if old.digest == new.digest:
        return fields, spans
    there = {spec.name: _shape(spec) for spec in new.fields}
    changed = [spec.name for spec in old.fields if there.get(spec.name) != _shape(spec)]
    return _left(fields, spans, changed)


def _left(fields: Fields, spans: Spans, gone: Iterable[str]) -> tuple[Fields, Spans]:
    for name in gone:
        fields, spans = without(fields, name), spans_outside(spans, name)
    return fields, spans


def _shape(spec: FieldSpec) -> tuple[object, ...]:
    return spec.kind, spec.many, spec.options, tuple((part.name, _shape(part)) for part in spec.fields)


def _text_at(fields: Mapping[str, Any], path: str) -> str:
    value: Any = fields
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
