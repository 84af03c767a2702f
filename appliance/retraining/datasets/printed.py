"""A stored document as plain text for a label file, and its spans in that text.

Reading the text again must give the words that the spans were made for. It does, but for blanks inside of words, which
become word breaks: so both texts hold the same characters in the same order once blanks are left out, and a place is
carried over by counting them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from extraction.records import ReadDocument, Span
from extraction.text_document import document_from_text


def text_of(read: ReadDocument) -> str:
    """The pages as a model reads them, divided by form feeds."""
    return "\f".join(page.text.replace("\f", " ") for page in read.pages)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Printed:
    """`text` as in a label file; spans of the stored document become spans of what the file gives when it is read."""

    text: str
    stored: str

    @classmethod
    def of(cls, read: ReadDocument) -> Printed:
        return cls(text_of(read), read.flat_text)

    @cached_property
    def flat(self) -> str:
        return document_from_text(self.text).flat_text

    def carried(self, span: Span) -> Span | None:
        """None for a span outside of the text, or of blanks alone."""
        if not 0 <= span.start < span.end <= len(self.stored):
            return None
        if self.flat == self.stored:
            return span
        first, behind = bisect_left(self._stored_marks, span.start), bisect_left(self._stored_marks, span.end)
        if first == behind:
            return None
        return Span(self._flat_marks[first], self._flat_marks[behind - 1] + 1)

    def of_span(self, span: Span) -> str:
        return self.flat[span.start : span.end]

    @cached_property
    def _stored_marks(self) -> list[int]:
        return _marks(self.stored)

    @cached_property
    def _flat_marks(self) -> list[int]:
        return _marks(self.flat)


def _marks(text: str) -> list[int]:
    """Where characters stand that are no blanks."""
    return [at for at, character in enumerate(text) if not character.isspace()]
