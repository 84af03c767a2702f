"""Asks the floor and the model about every document of a set. Each document is read once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bench.accuracy.cases import Case
from bench.accuracy.score import Figures, Tally
from extraction.errors import StrongroomError
from extraction.evaluate import Evaluation
from extraction.labels import Label
from extraction.language_model import LanguageModel
from extraction.pipeline import extract
from extraction.records import FieldValue, ReadDocument
from extraction.schema import DocumentTypeSpec

_UNSCORED = Label(id="", text=None, path=None, fields={})


class Answerer(Protocol):
    """Something that fills in a type. Raises StrongroomError where it cannot."""

    def __call__(self, document: ReadDocument, document_type: DocumentTypeSpec) -> Sequence[FieldValue]: ...


class ModelAnswers:
    """The product's pipeline with one model; keeps the promises that go with it."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._promises: list[Evaluation] = []

    def __call__(self, document: ReadDocument, document_type: DocumentTypeSpec) -> Sequence[FieldValue]:
        extraction = extract(document, document_type, self._model)
        promise = Evaluation(document_type)
        promise.add(_UNSCORED, document, extraction)
        self._promises.append(promise)
        return extraction.values

    def promises(self) -> Figures:
        """Shares of documents whose text values all stand in them, and whose answer fits its schema. Starts anew."""
        reports = [promise.report(self._model.digest) for promise in self._promises]
        self._promises = []
        return {
            "verbatim": round(_mean([report.verbatim for report in reports]), 4),
            "schema_valid": round(_mean([report.schema_valid for report in reports]), 4),
            "model": self._model.digest,
        }


Ways = Mapping[str, Answerer]
"""Ways of answering, by the name of their column."""


def ask_all(cases: Sequence[Case], ways: Ways, *, loose: frozenset[str], told: Callable[[int], None]) -> Figures:
    """The figures of each way, by its name, and `reading_seconds` of a document. `told` hears how many are done."""
    tallies = {name: Tally(loose) for name in ways}
    reading = 0.0
    for number, case in enumerate(cases, start=1):
        started = time.monotonic()
        document = _read(case)
        reading += time.monotonic() - started
        for name, way in ways.items():
            _answer(case, document, way, tallies[name])
        told(number)
    figures: Figures = {name: tally.figures() for name, tally in tallies.items()}
    for name, way in ways.items():
        figures[name] |= way.promises() if isinstance(way, ModelAnswers) else {}
    return figures | {"reading_seconds": round(reading / max(len(cases), 1), 4)}


def _read(case: Case) -> ReadDocument | None:
    try:
        return case.read()
    except StrongroomError as error:
        print(f"{case.id}: {error.code}", file=sys.stderr)
        return None


def _answer(case: Case, document: ReadDocument | None, way: Answerer, tally: Tally) -> None:
    if document is None:
        tally.refuse(case)
        return
    started = time.monotonic()
    try:
        values = way(document, case.document_type)
    except StrongroomError as error:
        print(f"{case.id}: {error.code} {error.detail}", file=sys.stderr)
        tally.refuse(case)
        return
    tally.add(case, values, seconds=time.monotonic() - started)


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 1.0
