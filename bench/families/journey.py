"""One family's way: checkpoint -> checks -> store -> LoRA -> merge -> GGUF -> quantized -> grounded extraction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.families.checkpoints import Sample, write_checkpoint
from bench.families.vocabularies import naming_converter
from extraction.errors import StrongroomError
from extraction.language_model_llama import LlamaCppModel
from extraction.language_model_vocabulary import Vocabulary
from extraction.pipeline import extract
from extraction.prompt import Mark, render
from extraction.records import FieldValue, ReadDocument
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text
from models_store.card import ModelCard
from models_store.convert import Quantization, convert, quantize
from models_store.intake.bring_in import Means, Wishes, bring_in
from models_store.intake.check import inspect
from models_store.shelf import CARD
from models_store.store import model_path
from models_store.tuning.child import MERGED, OUT, RESULT, work
from models_store.tuning.ruler import Ruler
from models_store.weights import weights_path

CONTEXT = 512
KEPT = (Quantization.Q8_0, Quantization.Q4_K_M)
TYPE = DocumentTypeSpec(
    name="receipt",
    fields=(FieldSpec(name="shop", description="who sells"), FieldSpec(name="total", kind=Kind.AMOUNT)),
)
GOLD = {
    "Receipt 12\nBÄCKEREI MÜLLER\nBread  3.20\nTotal  12.50 €": ("BÄCKEREI MÜLLER", "12.50"),
    "ACME <|json|> FOODS 漢字\nMilk  1.10\nTotal  7.05": ("ACME <|json|> FOODS 漢字", "7.05"),
}
"""Two documents with odd characters, one of them with a mark of our prompt, and what they say."""
_SETTINGS = {"rank": 16, "alpha": 32, "rate": 1e-2, "epochs": 60, "warm_up_steps": 5}


@dataclass(slots=True)
class Outcome:
    """`steps`: seconds of each step that passed; `failed`: the step that did not, and why. `grounded` and `right`: of
    the values read from the two documents it was trained on, by quantization, those that stand on the page and those
    that are what the label says. `loss`: first and last. `alone`: why the GGUF by itself cannot be trained, "" where
    it can."""

    name: str
    steps: dict[str, float] = field(default_factory=dict)
    failed: str = ""
    values: int = 0
    grounded: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    loss: tuple[float, float] = (0.0, 0.0)
    alone: str = "not tried"

    @property
    def has_passed(self) -> bool:
        return not self.failed


def walk(sample: Sample, place: Path, *, converter: Path, alone: bool = True) -> Outcome:
    """Never raises for what a family does not manage: the outcome says where it ended. `alone`: the GGUF is brought in
    once more by itself."""
    outcome, way = Outcome(sample.name), _Way(sample, place, converter)
    step = ""
    try:
        for step, act in way.steps(alone=alone).items():
            began = time.monotonic()
            act(outcome)
            outcome.steps[step] = round(time.monotonic() - began, 1)
    except (StrongroomError, OSError, ValueError, AssertionError) as error:
        outcome.failed = f"{step}: {type(error).__name__}: {str(error)[-300:]}"
    return outcome


class _Way:
    def __init__(self, sample: Sample, place: Path, converter: Path) -> None:
        self._sample, self._place = sample, place
        self._root, self._run = place / "store", place / "run"
        is_known = not sample.way
        self._converter = converter if is_known else naming_converter(converter, sample.way, place / "converter")
        self._card: ModelCard

    def steps(self, *, alone: bool) -> Mapping[str, Callable[[Outcome], None]]:
        return {
            "checkpoint": self._make,
            "import": self._import,
            "LoRA, merge": self._tune,
            "GGUF": self._convert,
            "same tokens": self._compare_tokens,
            **{kept.name: self._reader(kept) for kept in KEPT},
            **({"GGUF alone": self._import_alone} if alone else {}),
        }

    def _make(self, outcome: Outcome) -> None:
        write_checkpoint(self._sample, self._place / "medium", [*GOLD, *(json.dumps(gold) for gold in GOLD.values())])

    def _import(self, outcome: Outcome) -> None:
        medium = self._place / "medium"
        found = inspect(medium)
        if found.family != self._sample.family or not found.has_template:
            raise ValueError(f"taken for {found.family}, chat template: {found.has_template}")
        wishes = Wishes(self._sample.name)
        self._card = bring_in(found, medium, wishes, Means(self._converter), root=self._root)

    def _tune(self, outcome: Outcome) -> None:
        base, card = weights_path(self._card.weights, root=self._root), self._model().parent / CARD
        self._run.mkdir()
        request = {"base": str(base), "card": str(card), "settings": _SETTINGS, "replay": 0, "threads": 1}
        (self._run / "request.json").write_text(json.dumps(request), encoding="utf-8")
        (self._run / "type.json").write_text(TYPE.model_dump_json(), encoding="utf-8")
        lines = [
            json.dumps({"id": str(at), "text": text, "fields": {"shop": gold[0], "total": gold[1]}})
            for at, (text, gold) in enumerate(GOLD.items())
        ]
        (self._run / "train.jsonl").write_text("\n".join(lines), encoding="utf-8")
        work(self._run)
        result = json.loads((self._run / RESULT).read_bytes())
        outcome.loss = result["loss_first"], result["loss_last"]

    def _convert(self, outcome: Outcome) -> None:
        merged = self._run / OUT / MERGED
        convert(merged, self._place / "whole.gguf", converter=self._converter, name=self._sample.name)

    def _compare_tokens(self, outcome: Outcome) -> None:
        """What it was trained on, and what the engine makes of the same prompt by the tuned file."""
        trained = Ruler.of(weights_path(self._card.weights, root=self._root), self._model().parent / CARD).tokenizer
        used = Vocabulary.of_file(self._place / "whole.gguf")
        for text in GOLD:
            prompt = render(TYPE, document_from_text(text).pages)
            ids = list(trained.begin)
            for part in prompt.segments:
                ids += trained.mark(part) if isinstance(part, Mark) else trained.encode(part)
            prefix, rest = used.prompt_tokens(prompt)
            if ids != prefix + rest or trained.end != used.end:
                raise ValueError(f"{len(ids)} tokens in training, {len(prefix + rest)} in use")

    def _reader(self, quantization: Quantization) -> Callable[[Outcome], None]:
        def read(outcome: Outcome) -> None:
            target = self._place / f"{quantization.name}.gguf"
            made = quantize(self._place / "whole.gguf", target, quantization)
            if made.fallbacks:
                raise ValueError(f"{made.fallbacks} tensors are not {quantization.name}")
            with LlamaCppModel.load(target, context_tokens=CONTEXT, threads=1) as model:
                _count(outcome, quantization.name, model)

        return read

    def _import_alone(self, outcome: Outcome) -> None:
        medium = self._place / f"{KEPT[0].name}.gguf"
        wishes, root = Wishes(f"{self._sample.name} alone"), self._place / "store of the GGUF"
        card = bring_in(inspect(medium), medium, wishes, Means(self._converter), root=root)
        outcome.alone = "" if card.weights else str(card.limits[-1])

    def _model(self) -> Path:
        return model_path(self._card.digest, root=self._root)


def _count(outcome: Outcome, name: str, model: LlamaCppModel) -> None:
    pairs: list[tuple[ReadDocument, FieldValue, str]] = []
    for text, gold in GOLD.items():
        document = document_from_text(text)
        values = extract(document, TYPE, model).values
        pairs += [(document, value, wanted) for value, wanted in zip(values, gold, strict=True)]
    outcome.values = len(pairs)
    outcome.grounded[name] = sum(_is_grounded(document, value) for document, value, _ in pairs)
    outcome.right[name] = sum(value.raw == wanted for _, value, wanted in pairs)
    if outcome.grounded[name] != len(pairs):
        raise ValueError("a value does not stand in its document")


def _is_grounded(document: ReadDocument, value: FieldValue) -> bool:
    """Null is grounded: it says that nothing stands there."""
    if value.raw is None:
        return value.span is None
    return value.span is not None and document.flat_text[value.span.start : value.span.end] == value.raw
