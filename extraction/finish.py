"""The last stage of a value: normal form, boxes, OCR confidence and the reasons to look at it."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.confidence import (
    absence_reasons,
    end_reasons,
    model_reasons,
    reading_reasons,
    rival_reasons,
    source_reasons,
)
from extraction.ground import GroundedValue, WordMap
from extraction.normalise import normalise
from extraction.records import FieldValue, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec


def finish(values: Sequence[GroundedValue], document_type: DocumentTypeSpec, words: WordMap) -> tuple[FieldValue, ...]:
    """The field values in the order of the schema, rows in their order."""
    ordered = sorted(values, key=lambda value: _rank(value.path, document_type.fields))
    return tuple(
        _absent(value) if value.raw is None else _present(value, value.raw, document_type, words) for value in ordered
    )


def _absent(value: GroundedValue) -> FieldValue:
    reasons = (*absence_reasons(value.spec, is_cut=value.is_cut), *model_reasons(value.certainty))
    return FieldValue(value.path, None, confidence=value.certainty.confidence, reasons=reasons)


def _present(value: GroundedValue, raw: str, document_type: DocumentTypeSpec, words: WordMap) -> FieldValue:
    readings = normalise(value.spec, raw, document_type)
    reading, alternatives = (readings[0] if readings else None), readings[1:]
    ocr = words.ocr_confidence(value.span) if value.span else None
    reasons = (
        *model_reasons(value.certainty),
        *end_reasons(is_cut=value.is_cut),
        *rival_reasons(value.rival),
        *source_reasons(value.spec, ocr, value.occurrences),
        *reading_reasons(value.spec, reading, alternatives),
    )
    return FieldValue(
        path=value.path,
        raw=raw,
        span=value.span,
        regions=words.regions(value.span) if value.span else (),
        occurrences=value.occurrences,
        reading=reading,
        alternatives=alternatives,
        confidence=value.certainty.confidence,
        ocr_confidence=ocr,
        reasons=reasons,
    )


def _rank(path: ValuePath, fields: Sequence[FieldSpec]) -> tuple[int, ...]:
    """Sorts names by their place in the schema and rows by their number."""
    rank: list[int] = []
    for part in path:
        if isinstance(part, int):
            rank.append(part)
            continue
        place = next(i for i, spec in enumerate(fields) if spec.name == part)
        rank.append(place)
        fields = fields[place].fields
    return tuple(rank)
