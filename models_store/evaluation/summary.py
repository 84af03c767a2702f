"""An evaluation in figures: shares of 1 with intervals of 95 %, each with the n it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from extraction.scores import Counts
from models_store.evaluation.calibration import calibration
from models_store.evaluation.intervals import f1_by_document, wilson
from models_store.evaluation.records import Evaluation, ValueOutcome

FEW_DOCUMENTS = 20
"""With fewer, differences between models are mostly chance: said beside the figures."""
_PLACES = 4
_HOUR = 3600


def summarise(evaluation: Evaluation) -> dict[str, Any]:
    """JSON. `fields` has the figures of `_scores` by field, "list.column" for a list's columns."""
    documents = evaluation.documents
    n = len(documents)
    seconds = sum(document.seconds for document in documents) / n if n else 0.0
    texts = sum(document.texts for document in documents)
    verbatim = sum(document.verbatim for document in documents)
    return {
        "model": evaluation.model,
        "labels": evaluation.labels,
        "n": n,
        "is_small": n < FEW_DOCUMENTS,
        "refused": sum(bool(document.error) for document in documents),
        **_scores([document.values for document in documents]),
        "fields": fields(evaluation),
        "documents_right": _share(sum(all(v.is_right for v in d.values) for d in documents), n),
        "calibration": _rounded(asdict(calibration(evaluation.values))),
        "schema_valid": _ratio(sum(document.is_valid for document in documents), n),
        "verbatim": _ratio(verbatim, texts),
        "seconds_per_document": round(seconds, _PLACES),
        "documents_per_hour": round(_HOUR / seconds) if seconds else None,
        "threads": evaluation.threads,
        "memory_bytes": evaluation.memory_bytes,
        "file_bytes": evaluation.file_bytes,
    }


def fields(evaluation: Evaluation) -> dict[str, dict[str, Any]]:
    """Figures by field, in the order in which the fields appear."""
    names = dict.fromkeys(value.field for value in evaluation.values)
    documents = evaluation.documents
    return {name: _scores([[v for v in d.values if v.field == name] for d in documents]) for name in names}


def _scores(by_document: Sequence[Sequence[ValueOutcome]]) -> dict[str, Any]:
    """`values`: labelled ones that were found; `nulls`: fields that must stay empty and did."""
    lenient = [_counts(values, exact=False) for values in by_document]
    exact = [_counts(values, exact=True) for values in by_document]
    whole, nulls = sum(lenient, Counts()), [v for values in by_document for v in values if v.is_null]
    given = whole.right + whole.wrong
    return {
        "f1": round(whole.f1, _PLACES),
        "f1_interval": _rounded(f1_by_document(lenient)),
        "precision": _share(whole.right, given),
        "recall": _share(whole.right, whole.right + whole.missed),
        "f1_exact": round(sum(exact, Counts()).f1, _PLACES),
        "f1_exact_interval": _rounded(f1_by_document(exact)),
        "right": whole.right,
        "wrong": whole.wrong,
        "missed": whole.missed,
        "nulls": _share(sum(v.is_right for v in nulls), len(nulls)),
    }


def _counts(values: Sequence[ValueOutcome], *, exact: bool) -> Counts:
    return sum((value.counts(exact=exact) for value in values), Counts())


def _share(right: int, n: int) -> dict[str, Any]:
    return {"value": _ratio(right, n) if n else None, "n": n, "interval": _rounded(wilson(right, n))}


def _ratio(part: int, whole: int) -> float:
    """1 where there was nothing that could have gone wrong. Never rounded up to 1."""
    return part / whole if whole else 1.0


def _rounded(figure: Any) -> Any:
    if isinstance(figure, float):
        return round(figure, _PLACES)
    if isinstance(figure, Mapping):
        return {name: _rounded(inner) for name, inner in figure.items()}
    return [_rounded(inner) for inner in figure] if isinstance(figure, list | tuple) else figure
