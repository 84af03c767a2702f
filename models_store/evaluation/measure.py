"""Labelled documents and a model -> outcomes, through the pipeline that live documents go through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extraction.answer import nested
from extraction.errors import ExtractionError, LabelsError
from extraction.evaluate import read_text_file
from extraction.json_schema import validate_answer
from extraction.labels import Label
from extraction.language_model import LanguageModel
from extraction.matching import Pair, match
from extraction.pipeline import extract
from extraction.records import Extraction, FieldValue, ReadDocument, Region
from extraction.schema import DocumentTypeSpec
from extraction.text_document import document_from_text
from models_store.evaluation.records import DocumentOutcome, ValueOutcome

_DIGITS = 4
_CLOSED = frozenset({"option", "boolean"})
"""Rules of values that are not quoted from the page."""


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled document and what is asked of it."""

    label: Label
    document_type: DocumentTypeSpec


def measure(
    cases: Iterable[Case],
    model: LanguageModel,
    *,
    on_document: Callable[[DocumentOutcome], None] = lambda outcome: None,
) -> tuple[DocumentOutcome, ...]:
    """Raises LabelsError where a document cannot be opened. One that the model cannot answer counts as all missed."""
    outcomes = []
    for case in cases:
        outcome = _outcome(case, model)
        on_document(outcome)
        outcomes.append(outcome)
    return tuple(outcomes)


def cases_digest(cases: Sequence[Case]) -> str:
    """SHA-256 of the documents, what is asked of them and what is expected."""
    digest = hashlib.sha256()
    for case in cases:
        text = _document(case.label).flat_text
        asked = [case.label.id, text, case.label.fields, case.document_type.digest]
        digest.update(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()


def _outcome(case: Case, model: LanguageModel) -> DocumentOutcome:
    document = _document(case.label)
    try:
        extraction = extract(document, case.document_type, model)
    except ExtractionError as error:
        return _told(case, (), error=error.code, is_valid=False)
    texts = [value for value in extraction.values if value.raw is not None and not _is_closed(value)]
    return _told(
        case,
        extraction.values,
        seconds=extraction.seconds,
        is_valid=_is_valid(extraction, case.document_type),
        texts=len(texts),
        verbatim=sum(_is_verbatim(value, document) for value in texts),
    )


def _told(case: Case, values: Sequence[FieldValue], **figures: object) -> DocumentOutcome:
    label = case.label
    outcomes = tuple(_value(pair) for pair in match(values, label.fields, case.document_type))
    facts = {"id": label.id, "original": label.original, "sender": label.sender, "values": outcomes}
    return DocumentOutcome.model_validate({**facts, **figures})


def _value(pair: Pair) -> ValueOutcome:
    expected = _text(pair.accepted[0]) if pair.accepted else None
    value = pair.value
    return ValueOutcome(
        path=pair.path,
        field=pair.field,
        expected=expected,
        got=value.raw if value else None,
        is_right=pair.is_right,
        is_exact=pair.is_exact,
        confidence=value.confidence if value else None,
        is_extra=pair.is_extra,
        regions=tuple(_region(region) for region in value.regions) if value else (),
    )


def _text(gold: object) -> str:
    return str(gold).lower() if isinstance(gold, bool) else str(gold)


def _region(region: Region) -> tuple[float, ...]:
    sides = (region.box.left, region.box.top, region.box.right, region.box.bottom)
    return (region.page, *(round(side, _DIGITS) for side in sides))


def _is_closed(value: FieldValue) -> bool:
    return value.reading is not None and value.reading.rule in _CLOSED


def _is_verbatim(value: FieldValue, document: ReadDocument) -> bool:
    return bool(value.raw) and str(value.raw) in document.flat_text and bool(value.regions)


def _is_valid(extraction: Extraction, document_type: DocumentTypeSpec) -> bool:
    return not validate_answer(nested(extraction.values, document_type), document_type)


def _document(label: Label) -> ReadDocument:
    if label.text is not None:
        return document_from_text(label.text)
    if label.path is None or label.path.suffix != ".txt":
        raise LabelsError(f"{label.id}: a label without its text")
    return read_text_file(label.path)
