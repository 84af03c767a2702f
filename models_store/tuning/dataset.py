"""Labelled documents -> the examples of each epoch: anchored, cut, varied, with made-up documents mixed in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from extraction.errors import LabelsError
from extraction.evaluate import read_text_file
from extraction.labels import Label
from extraction.records import ReadDocument
from extraction.schema import DocumentTypeSpec
from extraction.text_document import document_from_text
from models_store.starter.encoding import encode
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import Sample
from models_store.starter.variation import seeded, varied
from models_store.tuning.batches import Example
from models_store.tuning.replay import replayed
from models_store.tuning.ruler import Ruler
from models_store.tuning.truth import find_truth
from models_store.tuning.windows import samples_of

_ROOM = 2
"""Longer examples than this many contexts are left out: the engine has no room for them either."""

_SILENT = 0.5
"""Windows that answer nothing are shown for this share of those that do, others in each epoch: of a long document most
pages hold none of the fields."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the labelled values of a field: how many there are, and how many stand on their page."""

    values: int
    anchored: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """`weights`: of each sample. `digest`: SHA-256 of all samples and weights. `coverage`: by field, "list.column" for
    a list's columns."""

    samples: tuple[Sample, ...]
    weights: tuple[float, ...]
    documents: int
    coverage: dict[str, Coverage]
    digest: str


@dataclass(frozen=True, slots=True)
class Mixture:
    """What each epoch shows. `replay`: share of made-up documents among all examples."""

    dataset: Dataset
    ruler: Ruler
    pools: Pools
    replay: float
    seed: int

    def epoch(self, number: int) -> list[Example]:
        """The examples of an epoch; the same number gives the same ones."""
        random = seeded(self.seed, number)
        samples, weights = self.dataset.samples, self.dataset.weights
        shown = ((varied(samples[at], random), weights[at]) for at in _without_surplus(samples, random))
        ours = encoded(shown, self.ruler)
        count = round(len(ours) * self.replay / (1 - self.replay))
        theirs = replayed(self.pools, self.ruler, count=count, seed=random.randrange(2**31)) if count else []
        return [*ours, *map(Example, theirs)]


def make_dataset(
    labels: Iterable[Label],
    document_type: DocumentTypeSpec,
    ruler: Ruler,
    *,
    read_file: Callable[[Path], ReadDocument] = read_text_file,
) -> Dataset:
    """Raises LabelsError when nothing of the labels stands in the documents, SchemaError when the type does not fit."""
    values: Counter[str] = Counter()
    anchored: Counter[str] = Counter()
    samples: list[Sample] = []
    weights: list[float] = []
    documents = 0
    for label in labels:
        truth = find_truth(_document(label, read_file), label.fields, document_type, spans=label.spans)
        values.update(path for path, _ in truth.tally)
        anchored.update(path for path, was_found in truth.tally if was_found)
        found = list(samples_of(truth, document_type, ruler))
        documents += bool(found)
        samples += found
        weights += [label.weight] * len(found)
    if not samples:
        raise LabelsError("nothing that the labels say stands in the documents")
    coverage = {path: Coverage(count, anchored[path]) for path, count in values.items()}
    return Dataset(tuple(samples), tuple(weights), documents, coverage, _digest(samples, weights))


def encoded(samples: Iterable[tuple[Sample, float]], ruler: Ruler) -> list[Example]:
    """Of samples and their weights, those that the model has room for."""
    examples = (Example(encode(sample, ruler.tokenizer), weight) for sample, weight in samples)
    return [example for example in examples if len(example.text.ids) <= _ROOM * ruler.context_tokens]


def _without_surplus(samples: Sequence[Sample], random: Random) -> list[int]:
    """The places of all samples that answer something, and of others of long documents in their share."""
    silent = [at for at, sample in enumerate(samples) if not _answers(sample.answer)]
    most = int(_SILENT * (len(samples) - len(silent)))
    left_out = set(random.sample(silent, max(0, len(silent) - most)))
    return [at for at in range(len(samples)) if at not in left_out]


def _answers(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_answers, value.values()))
    return value is not None and value != []


def _document(label: Label, read_file: Callable[[Path], ReadDocument]) -> ReadDocument:
    if label.text is not None:
        return document_from_text(label.text)
    if label.path is None:
        raise LabelsError(f"{label.id}: a label has neither text nor file")
    return read_text_file(label.path) if label.path.suffix == ".txt" else read_file(label.path)


def _digest(samples: Sequence[Sample], weights: Sequence[float]) -> str:
    digest = hashlib.sha256()
    for sample, weight in zip(samples, weights, strict=True):
        fields = [spec.model_dump(mode="json") for spec in sample.fields]
        digest.update(json.dumps([fields, sample.pages, sample.answer, weight], sort_keys=True).encode())
    return digest.hexdigest()
