"""Cuts a document type into parts that a small model can answer at once, and says how much room a part leaves."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.errors import SchemaError
from extraction.language_model import LanguageModel
from extraction.prompt import field_lines
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

_FIELD_TOKENS = 24
"""What the answer of one field takes, roughly."""
_LIST_TOKENS = 160
"""What is reserved for a list. A longer one runs into the spare room of the model's memory."""
_SCHEMA_SHARE = 0.4
_ANSWER_SHARE = 0.4
"""The largest shares of the context for the schema and for the answer's reserve; the document has the rest."""
_LEAST_DOCUMENT_SHARE = 0.1


def cut_fields(document_type: DocumentTypeSpec, model: LanguageModel) -> tuple[DocumentTypeSpec, ...]:
    """The type itself where it fits; otherwise parts with consecutive fields and without rules.

    Raises SchemaError when a single field with its subfields is too large for the model's context.
    """
    parts: list[list[FieldSpec]] = [[]]
    for spec in document_type.fields:
        if parts[-1] and not _fits([*parts[-1], spec], model):
            parts.append([])
        parts[-1].append(spec)
    if len(parts) == 1:
        return (document_type,)
    return tuple(document_type.model_copy(update={"fields": tuple(part), "rules": ()}) for part in parts)


def document_tokens(part: DocumentTypeSpec, model: LanguageModel) -> int:
    """How many tokens of document text fit beside the schema and the answer."""
    reserve = min(_answer_tokens(part.fields), int(_ANSWER_SHARE * model.context_tokens))
    left = model.context_tokens - _schema_tokens(part.fields, model) - reserve
    if left < _LEAST_DOCUMENT_SHARE * model.context_tokens:
        names = ", ".join(spec.name for spec in part.fields)
        raise SchemaError(f"the fields {names} are too large for a context of {model.context_tokens} tokens")
    return left


def _fits(fields: Sequence[FieldSpec], model: LanguageModel) -> bool:
    return (
        _schema_tokens(fields, model) <= _SCHEMA_SHARE * model.context_tokens
        and _answer_tokens(fields) <= _ANSWER_SHARE * model.context_tokens
    )


def _schema_tokens(fields: Sequence[FieldSpec], model: LanguageModel) -> int:
    """With the four marks and the begin token."""
    return model.count_tokens("\n".join(field_lines(fields))) + 5


def _answer_tokens(fields: Sequence[FieldSpec]) -> int:
    return sum(
        _LIST_TOKENS
        if spec.many or spec.kind is Kind.LIST
        else _answer_tokens(spec.fields)
        if spec.fields
        else _FIELD_TOKENS
        for spec in fields
    )
