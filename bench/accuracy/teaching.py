"""Writes the training parts of the labelled sets as samples for the starter model's last lessons.

python -m bench.accuracy.teaching --sets DIR --out FILE     then: python -m models_store.starter.train --labelled FILE

A set is cut as for fine-tuning: whole senders, and some documents of the others, are never shown, and only these are
asked about afterwards. The last line is one JSON object: documents and samples by set.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.accuracy.cases import is_there
from bench.accuracy.parts import parts_of
from bench.accuracy.sets import SETS, LabelledSet
from bench.accuracy.tuned import label_of
from extraction.labels import read_labels
from models_store.card import ModelCard
from models_store.starter.factory.stream import Sample
from models_store.starter.labelled import write_samples
from models_store.starter.tokenizer import load_tokenizer
from models_store.store import CARD, STARTER
from models_store.tuning.dataset import Dataset, make_dataset
from models_store.tuning.ruler import Ruler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, metavar="DIR", help="the folder of the labelled sets")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    settings = parser.parse_args()
    documents: dict[str, int] = {}
    samples = write_samples(_samples(settings.sets, documents), settings.out)
    print(json.dumps({"documents": documents, "samples": samples}))


def _samples(folder: Path, documents: dict[str, int]) -> Iterator[Sample]:
    """Of all sets that are fine-tuned on; `documents` is filled with how many of each."""
    card = ModelCard.model_validate_json((STARTER / CARD).read_text(encoding="utf-8"))
    ruler = Ruler(load_tokenizer(STARTER / "tokenizer.model"), card.context_tokens)
    for wanted in SETS:
        if wanted.tunable and is_there(wanted, folder):
            dataset = _dataset(wanted, folder, ruler)
            documents[wanted.name] = dataset.documents
            print(f"{wanted.name}: {dataset.documents} documents, {len(dataset.samples)} samples", file=sys.stderr)
            yield from (replace(sample, writer=wanted.credit) for sample in dataset.samples)


def _dataset(wanted: LabelledSet, folder: Path, ruler: Ruler) -> Dataset:
    train = parts_of(wanted, folder).train
    lines = (json.dumps(label_of(case), ensure_ascii=False) for case in train)
    return make_dataset(read_labels(lines, folder), train[0].document_type, ruler)


if __name__ == "__main__":
    main()
