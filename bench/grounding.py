"""Does every answer fit its schema, and does every text value stand on the page in a box, whatever the model?

    python -m bench.grounding DIR [--model FILE.gguf] [--documents 200] [--seed 1] [--words 400]

DIR holds folders with `schema.json` and `*.jsonl` label files (a line has "text", "text_file", "file" or "image_file");
the labels are not used. Files go through the real reader; to bound the time, only the first `--words` of a document
are asked about (0: all). Every document is read once and asked three times: of the model, of a model with random
weights, and, for every tenth, of the control: the same random weights under a grammar with free strings. The control
must fall below 1, or this measurement sees nothing.

The last line is one JSON object with `model`, `random` and `control`, each with `documents`, `refused`, `schema_valid`,
`values`, `verbatim`, `boxed`, `digest`. `schema_valid` is a share of documents; `verbatim` (a span of the document) and
`boxed` (on its page) are shares of the emitted text values. The exit code is 0 when both models reach 1 and the control
does not.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from extraction.answer import nested
from extraction.errors import StrongroomError
from extraction.json_schema import validate_answer
from extraction.json_schema_import import from_json_schema
from extraction.language_model import Generation, LanguageModel, Limits
from extraction.language_model_llama import LlamaCppModel
from extraction.pipeline import extract
from extraction.prompt import Prompt
from extraction.read import read_document
from extraction.records import Box, Extraction, FieldValue, Page, ReadDocument
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.text_document import document_from_text
from models_store.card import ModelCard
from models_store.starter.random_weights import export_random
from models_store.store import CARD, STARTER, STARTER_WEIGHTS

SLOW_SECONDS = 10.0
CONTROL_EVERY = 10
FREE_STRING = r"SPAN: /[ -!#-\[\]-~]{1,40}/"
RANDOM_SEED = 3
"""These random weights answer; many others say null nearly everywhere, and then there is little to check."""
_CONTEXT_TOKENS = 1024
"""For a model without a card beside it."""


@dataclass(frozen=True)
class Task:
    """One document to read and its type."""

    name: str
    read: Callable[[], ReadDocument]
    document_type: DocumentTypeSpec


@dataclass
class Tally:
    """What one model did."""

    documents: int = 0
    refused: int = 0
    schema_valid: int = 0
    values: int = 0
    verbatim: int = 0
    boxed: int = 0

    def add(self, document: ReadDocument, document_type: DocumentTypeSpec, extraction: Extraction) -> None:
        self.documents += 1
        self.schema_valid += not validate_answer(nested(extraction.values, document_type), document_type)
        for value in extraction.values:
            if isinstance(value.raw, str) and _spec(document_type, value).kind.is_span:
                self.values += 1
                self.verbatim += _is_verbatim(value, document)
                self.boxed += bool(value.regions) and all(_is_on_page(region.box) for region in value.regions)

    @property
    def is_perfect(self) -> bool:
        return self.documents == self.schema_valid > 0 and self.verbatim == self.boxed == self.values > 0

    def figures(self) -> dict[str, float]:
        return {
            "documents": self.documents,
            "refused": self.refused,
            "schema_valid": self.schema_valid / max(self.documents, 1),
            "values": self.values,
            "verbatim": self.verbatim / max(self.values, 1),
            "boxed": self.boxed / max(self.values, 1),
        }


class FreeStrings:
    """The control: a model whose strings may be any printable characters, and which has to write them: no nulls."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.digest = f"{model.digest} with free strings"
        self.context_tokens = model.context_tokens

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        free = re.sub(r"(?m)^SPAN: .*$", lambda _: FREE_STRING, grammar)
        free = re.sub(r'(?m)^(\w+): "null" \| (\w+_span)$', r"\1: \2", free)
        return self._model.generate(prompt, free, limits=limits)


def measure(tasks: Sequence[Task], models: Mapping[str, LanguageModel]) -> dict[str, Tally]:
    """Asks every model about every document; the one named "control" about every tenth, the first one included."""
    tallies = {name: Tally() for name in models}
    for number, task in enumerate(tasks):
        started = time.monotonic()
        asked = {name: model for name, model in models.items() if name != "control" or number % CONTROL_EVERY == 0}
        _ask_all(task, asked, tallies)
        seconds = time.monotonic() - started
        if seconds > SLOW_SECONDS:
            print(f"{task.name}: {seconds:.0f} s", file=sys.stderr)
        if (number + 1) % 10 == 0:
            print(f"{number + 1}/{len(tasks)} {tallies}", file=sys.stderr, flush=True)
    return tallies


def _ask_all(task: Task, models: Mapping[str, LanguageModel], tallies: Mapping[str, Tally]) -> None:
    try:
        document = task.read()
    except StrongroomError as error:
        print(f"{task.name}: {error.code}", file=sys.stderr)
        for name in models:
            tallies[name].refused += 1
        return
    for name, model in models.items():
        try:
            tallies[name].add(document, task.document_type, extract(document, task.document_type, model))
        except StrongroomError as error:
            tallies[name].refused += 1
            print(f"{task.name}: {name}: {error.code} {error.detail}", file=sys.stderr)


def main() -> None:
    arguments = _arguments()
    tasks = list(_tasks(arguments.folder, arguments.words))
    random.Random(arguments.seed).shuffle(tasks)
    with tempfile.TemporaryDirectory() as folder:
        strange = _load(export_random(Path(folder), seed=RANDOM_SEED))
        models = {"model": _load(arguments.model), "random": strange, "control": FreeStrings(strange)}
        tallies = measure(tasks[: arguments.documents], models)
    figures: dict[str, Any] = {name: t.figures() | {"digest": models[name].digest} for name, t in tallies.items()}
    print(json.dumps(figures))
    perfect = [name for name, tally in tallies.items() if tally.is_perfect]
    if perfect != ["model", "random"] or not tallies["control"].values:
        sys.exit("the promise is broken, or the control sees nothing")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=STARTER / STARTER_WEIGHTS)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=400)
    return parser.parse_args()


def _load(weights: Path) -> LlamaCppModel:
    card = weights.parent / CARD
    context = ModelCard.model_validate_json(card.read_text()).context_tokens if card.exists() else _CONTEXT_TOKENS
    return LlamaCppModel.load(weights, context_tokens=context, threads=1)  # two threads that wait for a busy core crawl


def _tasks(folder: Path, words: int) -> Iterator[Task]:
    """Every labelled document once for each form it is there in: its text and, where given, its file."""
    for labels in sorted(folder.glob("*/*.jsonl")):
        schema = labels.parent / "schema.json"
        if not schema.exists():
            continue
        document_type = from_json_schema(json.loads(schema.read_text()))
        for number, line in enumerate(labels.read_text().splitlines(), start=1):
            label = json.loads(line)
            if label.get("text"):
                name = f"{labels.parent.name}/{labels.name}:{number}"
                yield Task(name, partial(_read, label["text"], words), document_type)
            for key in ("text_file", "file", "image_file"):
                if label.get(key) and (labels.parent / label[key]).exists():
                    path = labels.parent / label[key]
                    yield Task(f"{labels.parent.name}/{label[key]}", partial(_read, path, words), document_type)


def _read(source: Path | str, words: int) -> ReadDocument:
    if isinstance(source, str):
        return shortened(document_from_text(source), words)
    if source.suffix == ".txt":
        return shortened(document_from_text(source.read_text(errors="replace")), words)
    return shortened(read_document(source.read_bytes(), untrusted_name=source.name), words)


def shortened(document: ReadDocument, words: int) -> ReadDocument:
    """The pages with the first `words` words; the whole document for 0."""
    if words == 0:
        return document
    pages: list[Page] = []
    for page in document.pages:
        left = words - sum(len(earlier.words) for earlier in pages)
        if left > 0:
            pages.append(replace(page, words=page.words[:left]))
    return replace(document, pages=tuple(pages))


def _spec(document_type: DocumentTypeSpec, value: FieldValue) -> FieldSpec:
    fields = document_type.fields
    for name in (part for part in value.path if isinstance(part, str)):
        spec = next(spec for spec in fields if spec.name == name)
        fields = spec.fields
    return spec


def _is_verbatim(value: FieldValue, document: ReadDocument) -> bool:
    return value.span is not None and document.flat_text[value.span.start : value.span.end] == value.raw


def _is_on_page(box: Box) -> bool:
    return 0 <= box.left < box.right <= 1.0001 and 0 <= box.top < box.bottom <= 1.0001


if __name__ == "__main__":
    main()
