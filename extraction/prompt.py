"""The one prompt renderer: document text and type -> prompt. Inference and training use it, so they cannot drift.

    <|fields|>date: day of issue        a field: name, kind's options in brackets, description
    sex (male|female): sex
    line_items[].amount: line total     a field of a list's rows; `seller.name` of a group; `notes[]` a list of values
    <|document|>ACME Ltd                lines of the page; a column gap is two blanks
    Total  12.50
    <|page|>second page ...
    <|json|>{"date":"...",...}          the answer begins here

Control marks are tokens of their own. Document text and descriptions are tokenised with special tokens off, so a mark
that is printed in a document stays plain text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.records import Page
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

PROMPT_VERSION = "1"


class Mark(StrEnum):
    """The control tokens of a Strongroom model's vocabulary."""

    FIELDS = "<|fields|>"
    DOCUMENT = "<|document|>"
    PAGE = "<|page|>"
    JSON = "<|json|>"


PLAIN_MARKS = {Mark.FIELDS: "Fields:\n", Mark.DOCUMENT: "\nDocument:\n", Mark.PAGE: "\n", Mark.JSON: "\nJSON:\n"}
"""The words that stand for a mark in a vocabulary that has no token for it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Marks and texts in order. A `Mark` is one control token; a `str` is plain text, never parsed for marks."""

    segments: tuple[Mark | str, ...]


def render(document_type: DocumentTypeSpec, pages: Sequence[Page]) -> Prompt:
    """The prompt for these pages: schema first, so that its model state can be kept between documents."""
    return Prompt((*schema_segments(document_type), *document_segments([page.text for page in pages]), Mark.JSON))


def schema_segments(document_type: DocumentTypeSpec) -> tuple[Mark | str, ...]:
    return (Mark.FIELDS, "\n".join(field_lines(document_type.fields)))


def document_segments(page_texts: Sequence[str]) -> tuple[Mark | str, ...]:
    segments: list[Mark | str] = []
    for index, text in enumerate(page_texts):
        segments += [Mark.PAGE if index else Mark.DOCUMENT, tidy(text)]
    return tuple(segments)


def field_lines(fields: Sequence[FieldSpec], prefix: str = "") -> Iterator[str]:
    for spec in fields:
        path = prefix + spec.name
        if spec.kind is Kind.GROUP:
            yield from field_lines(spec.fields, path + ".")
        elif spec.kind is Kind.LIST:
            yield from field_lines(spec.fields, path + "[].")
        else:
            options = f" ({'|'.join(spec.options)})" if spec.options else ""
            description = f": {spec.description}" if spec.description else ""
            yield f"{path}{'[]' if spec.many else ''}{options}{description}"


def tidy(text: str) -> str:
    """Lines stripped, runs of blanks as one column gap (two blanks), no empty lines."""
    lines = (re.sub(r"[ \t]{2,}", "  ", line.strip()) for line in text.replace("\r", "").split("\n"))
    return "\n".join(line for line in lines if line)


def prompt_digest() -> str:
    """SHA-256 of what decides the prompt's form; changes with PROMPT_VERSION."""
    return hashlib.sha256(prompt_text().encode()).hexdigest()


def prompt_text() -> str:
    """What the prompt's digest is made of."""
    return f"strongroom prompt {PROMPT_VERSION}"
