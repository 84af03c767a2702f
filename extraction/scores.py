"""Counts of right, wrong and missed values, per field, for one document against its labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extraction.matching import Pair, match
from extraction.records import FieldValue
from extraction.schema import DocumentTypeSpec


@dataclass(frozen=True, slots=True)
class Counts:
    """Values that were right, that were wrong or should not be there, and that were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """Counts by field name; a list's columns are named "list.column"."""

    lenient: Mapping[str, Counts]
    exact: Mapping[str, Counts]


def score_document(
    values: Sequence[FieldValue], gold: Mapping[str, object], document_type: DocumentTypeSpec
) -> DocumentScore:
    """Scores the fields that `gold` names. A gold of null, "" or [] means absent: any value there is wrong."""
    pairs = match(values, gold, document_type)
    return DocumentScore(
        lenient=_total((pair, pair.is_right) for pair in pairs),
        exact=_total((pair, pair.is_exact) for pair in pairs),
    )


def _total(judged: Iterable[tuple[Pair, bool]]) -> dict[str, Counts]:
    totals: defaultdict[str, Counts] = defaultdict(Counts)
    for pair, is_right in judged:
        is_wanted = bool(pair.accepted)
        totals[pair.field] += Counts(
            right=is_wanted and is_right,
            wrong=pair.is_given and not is_right,
            missed=is_wanted and not is_right,
        )
    return dict(totals)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
