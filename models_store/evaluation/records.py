"""What one measured model answered to each labelled document, as it lies on disk: one JSON object."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from extraction.scores import Counts


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class ValueOutcome(_Record):
    """One labelled value and the answer to it, or an answer that nobody labelled (`is_extra`).

    `path` and `field`: as `extraction.matching` gives them. `expected` is None where the document holds no such value;
    of several accepted values the first. `confidence`: 0..1, None where the model was not asked. `regions`: where
    the answer stands, [page, left, top, right, bottom] in fractions of the page.
    """

    path: str
    field: str
    expected: str | None
    got: str | None
    is_right: bool
    is_exact: bool
    confidence: float | None = None
    is_extra: bool = False
    regions: tuple[tuple[float, ...], ...] = ()

    @property
    def is_null(self) -> bool:
        """The document holds no such value, and somebody said so."""
        return self.expected is None and not self.is_extra

    def counts(self, *, exact: bool = False) -> Counts:
        is_right = self.is_exact if exact else self.is_right
        is_wanted = self.expected is not None
        return Counts(
            right=is_wanted and is_right,
            wrong=self.got is not None and not is_right,
            missed=is_wanted and not is_right,
        )


class DocumentOutcome(_Record):
    """One document. `original`: SHA-256 of its original, "" where the label names none. `texts` and `verbatim`: values
    that must stand in the document, and those that do. `error`: a code, where the model gave no answer."""

    id: str
    original: str = ""
    sender: str = ""
    seconds: float = Field(default=0.0, ge=0)
    is_valid: bool = True
    texts: int = 0
    verbatim: int = 0
    error: str = ""
    values: tuple[ValueOutcome, ...] = ()

    def counts(self, *, exact: bool = False) -> Counts:
        return sum((value.counts(exact=exact) for value in self.values), Counts())


class Evaluation(_Record):
    """`model`: digest of the measured file. `labels`: digest of what was asked and expected; two evaluations can be
    compared where it is the same. `memory_bytes`: the most that the measuring process held."""

    model: str
    labels: str
    documents: tuple[DocumentOutcome, ...]
    memory_bytes: int = 0
    file_bytes: int = 0
    threads: int = 1

    @property
    def values(self) -> list[ValueOutcome]:
        return [value for document in self.documents for value in document.values]
