"""What a try-out on live documents has shown: agreement with the model in force by field, and time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.core.paginator import Page, Paginator

from appliance.documents.models import FieldValue
from appliance.retraining.models import ShadowResult, ShadowRun
from models_store.evaluation.intervals import wilson

PER_PAGE = 50
_ROW_NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one field: `same` of `n` values are equal. `low` and `high` are the ends of the interval of 95 %."""

    field: str
    same: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.same / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class ShadowFigures:
    """`time_ratio`: the shadow's seconds over those of the model in force, the median of all documents."""

    run: ShadowRun
    documents: int
    without_answer: int
    overall: Agreement
    fields: tuple[Agreement, ...]
    time_ratio: float | None

    @property
    def is_live(self) -> bool:
        return self.run.ended_at is None


def figures_of(run: ShadowRun) -> ShadowFigures:
    results = list(run.results.all())
    answered = [result for result in results if result.is_valid]
    values, differing = _paths(answered)
    counted = Counter(field_of(path) for _, path in values)
    parted = Counter(field_of(path) for _, path in differing)
    ratios = [one.seconds / one.seconds_in_force for one in answered if one.seconds_in_force > 0]
    return ShadowFigures(
        run=run,
        documents=len(results),
        without_answer=len(results) - len(answered),
        overall=_agreement("All fields", len(values) - len(differing), len(values)),
        fields=tuple(_agreement(name, n - parted[name], n) for name, n in sorted(counted.items())),
        time_ratio=median(ratios) if ratios else None,
    )


def newest_figures(digest: str) -> ShadowFigures | None:
    run = ShadowRun.objects.filter(model_digest=digest).first()
    return figures_of(run) if run else None


def differing_page(run: ShadowRun, number: int) -> Page[ShadowResult]:
    """Documents on which the two differ or the shadow gave no answer, the newest first."""
    return Paginator(run.results.exclude(differing=[]), PER_PAGE).get_page(number)


def field_of(path: str) -> str:
    """line_items[3].amount -> line_items.amount"""
    return _ROW_NUMBER.sub("", path)


_Paths = set[tuple[int, str]]


def _paths(results: Iterable[ShadowResult]) -> tuple[_Paths, _Paths]:
    """(document, path) of all values of either model, and of those that differ."""
    by_extraction = {result.extraction_id: result for result in results}
    differing = {(pk, path) for pk, result in by_extraction.items() for path in result.differing}
    in_force = FieldValue.objects.filter(extraction__in=by_extraction).values_list("extraction_id", "path")
    return set(in_force) | differing, differing


def _agreement(field: str, same: int, n: int) -> Agreement:
    low, high = wilson(same, n)
    return Agreement(field, same, n, low, high)
