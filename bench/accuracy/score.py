"""Sums up one way of answering (the floor, a model) over the documents of a set."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bench.accuracy.cases import Case
from bench.accuracy.loose import same_words
from extraction.records import FieldValue
from extraction.scores import Counts, score_document
from models_store.evaluation.intervals import f1_interval, wilson

Figures = dict[str, Any]


class Tally:
    """Takes in one answered document after the other. `loose` fields are right by their words."""

    def __init__(self, loose: frozenset[str] = frozenset()) -> None:
        self._loose = loose
        self._lenient: defaultdict[str, Counts] = defaultdict(Counts)
        self._exact: defaultdict[str, Counts] = defaultdict(Counts)
        self._nulls: Counter[str] = Counter()
        self._invented: Counter[str] = Counter()
        self._documents = self._refused = 0
        self._seconds = 0.0

    def add(self, case: Case, values: Sequence[FieldValue], *, seconds: float = 0.0) -> None:
        score = score_document(values, case.gold.printed, case.document_type)
        for name, counts in score.lenient.items():
            self._lenient[name] += self._loosened(name, counts, case, values)
        for name, counts in score.exact.items():
            self._exact[name] += counts
        self._count_nulls(case, values)
        self._documents += 1
        self._seconds += seconds

    def refuse(self, case: Case) -> None:
        """A document that could not be read or answered: all its values are missed."""
        self.add(case, ())
        self._refused += 1

    def figures(self) -> Figures:
        """Shares of 1, intervals of 95 %. `fields` has the same per field."""
        names = [*self._lenient, *(name for name in self._nulls if name not in self._lenient)]
        return {
            "documents": self._documents,
            "refused": self._refused,
            "seconds_per_document": round(self._seconds / max(self._documents, 1), 4),
            **_figures(
                sum(self._lenient.values(), Counts()),
                sum(self._exact.values(), Counts()),
                (self._nulls.total(), self._invented.total()),
            ),
            "fields": {
                name: _figures(self._lenient[name], self._exact[name], (self._nulls[name], self._invented[name]))
                for name in names
            },
        }

    def _loosened(self, name: str, counts: Counts, case: Case, values: Sequence[FieldValue]) -> Counts:
        if name not in self._loose or counts.right:
            return counts
        wanted = str(case.gold.printed[name])
        found = next((value.raw for value in values if value.path == (name,)), None)
        return Counts(1, 0, 0) if found and same_words(found, wanted) else counts

    def _count_nulls(self, case: Case, values: Sequence[FieldValue]) -> None:
        filled = score_document(values, case.gold.absent, case.document_type).lenient
        for name in case.gold.empty_fields:
            self._nulls[name] += 1
            self._invented[name] += _is_filled(name, filled)


def _is_filled(name: str, counted: Mapping[str, Counts]) -> bool:
    """A list's columns are counted under its name and a dot."""
    return any(counts.wrong for key, counts in counted.items() if key == name or key.startswith(name + "."))


def _figures(lenient: Counts, exact: Counts, nulls: tuple[int, int]) -> Figures:
    """`nulls`: how many fields must stay empty, and how many did not."""
    wanted = lenient.right + lenient.missed
    count, invented = nulls
    return {
        "f1": round(lenient.f1, 4),
        "f1_interval": _rounded(f1_interval(lenient)),
        "precision": round(lenient.precision, 4),
        "recall": round(lenient.recall, 4),
        "f1_exact": round(exact.f1, 4),
        "values": wanted,
        "values_right": round(lenient.recall, 4),
        "values_interval": _rounded(wilson(lenient.right, wanted)),
        "nulls": count,
        "nulls_right": round(1 - invented / count, 4) if count else None,
        "nulls_interval": _rounded(wilson(count - invented, count)) if count else None,
        "invented": round(invented / count, 4) if count else None,
    }


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(end, 4) for end in interval]
