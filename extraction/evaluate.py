"""Scores a model on labelled documents: what is right per field, and whether the promises hold (verbatim, valid)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extraction.answer import nested
from extraction.errors import LabelsError
from extraction.json_schema import validate_answer
from extraction.labels import Label
from extraction.language_model import LanguageModel
from extraction.pipeline import extract
from extraction.records import Extraction, ReadDocument, Reading
from extraction.schema import DocumentTypeSpec
from extraction.scores import Counts, score_document
from extraction.text_document import document_from_text


@dataclass(frozen=True, slots=True)
class Report:
    """Shares of 1; `fields` holds the lenient counts. `as_dict` is what the command prints as its last line."""

    n: int
    fields: dict[str, Counts]
    micro: Counts
    micro_exact: Counts
    verbatim: float
    schema_valid: float
    seconds_per_document: float
    model: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "micro_f1": round(self.micro.f1, 4),
            "micro_f1_exact": round(self.micro_exact.f1, 4),
            "fields": {name: _figures(counts) for name, counts in self.fields.items()},
            "verbatim": self.verbatim,
            "schema_valid": self.schema_valid,
            "seconds_per_document": round(self.seconds_per_document, 4),
            "model": self.model,
        }

    def table(self) -> str:
        """One line a field, for people."""
        lines = [f"{'field':32} {'precision':>9} {'recall':>9} {'F1':>9} {'values':>7}"]
        for name, counts in [*self.fields.items(), ("all", self.micro)]:
            wanted = counts.right + counts.missed
            row = f"{counts.precision:9.3f} {counts.recall:9.3f} {counts.f1:9.3f} {wanted:7d}"
            lines.append(f"{name[:32]:32} {row}")
        return "\n".join(lines)


class Evaluation:
    """Takes in one document after the other."""

    def __init__(self, document_type: DocumentTypeSpec) -> None:
        self._type = document_type
        self._lenient: defaultdict[str, Counts] = defaultdict(Counts)
        self._exact: defaultdict[str, Counts] = defaultdict(Counts)
        self._documents = self._valid = self._texts = self._quoted = 0
        self._seconds = 0.0

    def add(self, label: Label, document: ReadDocument, extraction: Extraction) -> None:
        score = score_document(extraction.values, label.fields, self._type)
        for totals, counts in ((self._lenient, score.lenient), (self._exact, score.exact)):
            for name, found in counts.items():
                totals[name] += found
        texts = [value for value in extraction.values if value.raw is not None and not _is_closed(value.reading)]
        self._texts += len(texts)
        self._quoted += sum(bool(value.raw and value.raw in document.flat_text and value.regions) for value in texts)
        self._valid += not validate_answer(nested(extraction.values, self._type), self._type)
        self._documents += 1
        self._seconds += extraction.seconds

    def report(self, model: str) -> Report:
        """`model`: its digest."""
        return Report(
            n=self._documents,
            fields=dict(self._lenient),
            micro=sum(self._lenient.values(), Counts()),
            micro_exact=sum(self._exact.values(), Counts()),
            verbatim=self._quoted / self._texts if self._texts else 1.0,
            schema_valid=self._valid / self._documents if self._documents else 1.0,
            seconds_per_document=self._seconds / self._documents if self._documents else 0.0,
            model=model,
        )


def evaluate(
    labels: Iterable[Label],
    document_type: DocumentTypeSpec,
    model: LanguageModel,
    *,
    read_file: Callable[[Path], ReadDocument],
    on_document: Callable[[Label, Extraction], None] = lambda label, extraction: None,
) -> Report:
    """Extracts every document and scores it. `read_file` reads what is no .txt file; `on_document` shows progress."""
    evaluation = Evaluation(document_type)
    for label in labels:
        document = document_from_text(label.text) if label.text is not None else _read(label.path, read_file)
        extraction = extract(document, document_type, model)
        evaluation.add(label, document, extraction)
        on_document(label, extraction)
    return evaluation.report(model.digest)


def _read(path: Path | None, read_file: Callable[[Path], ReadDocument]) -> ReadDocument:
    if path is None:
        raise LabelsError("a label has neither text nor file")
    return read_text_file(path) if path.suffix == ".txt" else read_file(path)


def read_text_file(path: Path) -> ReadDocument:
    """A text file in UTF-8 as it stands, form feeds included. Raises LabelsError when it cannot be opened."""
    try:
        return document_from_text(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise LabelsError(f"{path.name}: {error.strerror}") from error


def _is_closed(reading: Reading | None) -> bool:
    """Options and booleans are not quoted from the page."""
    return reading is not None and reading.rule in ("option", "boolean")


def _figures(counts: Counts) -> dict[str, float]:
    figures = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {name: round(figure, 4) for name, figure in figures.items()}
