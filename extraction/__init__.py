"""The life of a document: bytes -> pages -> grounded fields. No web framework, no queue, no network.

    read/               file -> ReadDocument (pages of words with boxes)      text_document.py: the same from plain text
    field_batches.py    document type -> parts that the model can answer at once
    windows.py          document -> windows that fit the model's context
    ask.py              window + type -> raw values, by one question or, where a list ran away, a few:
    prompt.py           window + type -> prompt
    grammar.py          window + type -> grammar: JSON whose texts are verbatim spans of the window, or null
    language_model.py   prompt + grammar -> answer with probabilities (llama.cpp behind a protocol)
    transcript.py       remembers questions and answers, so that a run can be repeated and compared
    decode.py           answer -> raw values
    runaway.py          lists that repeat themselves: noticed early, cut back
    ground.py           raw value -> its place: characters, words, boxes
    merge.py            windows -> one value for each field, rows joined
    normalise/          span -> normal form with the name of its rule
    finish.py           value + place + normal form + reasons to look (confidence.py)
    validate.py         values -> broken rules
    pipeline.py         lists these stages in order

Beside the flow: schema.py (what a document type is), json_schema.py and json_schema_import.py (JSON Schema out and in),
answer.py (values as a plain nested dict), digests.py (same input and same digests: not computed twice), evaluate.py
with labels.py, scores.py and compare.py (scores against labels), rows.py, spans.py, errors.py, records.py.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extraction.digests import digests_of, extraction_key
    from extraction.errors import StrongroomError
    from extraction.pipeline import extract
    from extraction.records import Extraction, FieldValue, ReadDocument
    from extraction.schema import DocumentTypeSpec, FieldSpec
    from extraction.text_document import document_from_text

__all__ = [
    "DocumentTypeSpec",
    "Extraction",
    "FieldSpec",
    "FieldValue",
    "ReadDocument",
    "StrongroomError",
    "digests_of",
    "document_from_text",
    "extract",
    "extraction_key",
]

_MODULES = {
    "DocumentTypeSpec": "schema",
    "Extraction": "records",
    "FieldSpec": "schema",
    "FieldValue": "records",
    "ReadDocument": "records",
    "StrongroomError": "errors",
    "digests_of": "digests",
    "document_from_text": "text_document",
    "extract": "pipeline",
    "extraction_key": "digests",
}


def __getattr__(name: str) -> object:
    """Names are loaded on use: the reading process needs none of them, and each would cost every document time."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"extraction.{_MODULES[name]}"), name)
