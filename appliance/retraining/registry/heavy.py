"""The workshop of the box: intake in this process, conversion and measuring in programs of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from appliance.retraining.models import Part, Snapshot
from appliance.retraining.registry.errors import ChangedSinceCheck, NothingToMeasureOn
from appliance.retraining.registry.exporting import trusted_keys
from appliance.retraining.registry.media import BUNDLE_ENDING
from appliance.retraining.registry.workshop import Found, Step, Tell
from appliance.retraining.runs import children
from appliance.retraining.runs.children import Watcher
from appliance.retraining.runs.folder import RunFolder, write_json
from appliance.retraining.runs.measuring import read_evaluation
from appliance.retraining.runs.stages.prepare import write_part
from appliance.retraining.runs.workshop import Conversion, Exam, ModelsStoreWorkshop
from models_store import store
from models_store.card import ModelCard, ModelState
from models_store.evaluation import Evaluation
from models_store.intake.bring_in import Means, Wishes, bring_in
from models_store.intake.bundle import import_bundle, verify_bundle
from models_store.intake.bundle_layout import Manifest
from models_store.intake.check import inspect
from models_store.weights import weights_path

_SHARE = {"copy": 0.05, "convert": 0.2, "weights": 0.4, "quantize": 0.6, "keep": 0.85}
_WORDS = {
    "copy": "Copying and comparing digests",
    "convert": "Converting to GGUF",
    "weights": "Reading the weights back, so that they can be trained",
    "quantize": "Quantizing",
    "keep": "Putting it into the store",
}


class BoxWorkshop:
    """What the worker of training does."""

    def check(self, source: Path, *, leave_programs: bool) -> Found:
        if source.suffix == BUNDLE_ENDING:
            return verify_bundle(source, trusted_keys())
        return inspect(source, leave_programs=leave_programs)

    def bring_in(self, source: Path, *, checked: Found, name: str, tell: Tell) -> str:
        if isinstance(checked, Manifest):
            return _unpacked(source, checked, tell)

        def told(step: str) -> None:
            tell(_SHARE.get(step, 0.0), _WORDS.get(step, step))

        converter, root = settings.CONVERTER_DIR, settings.MODELS_STORE_ROOT
        return bring_in(checked, source, Wishes(name), Means(converter, told), root=root).digest

    def quantize(
        self, card: ModelCard, *, quantizations: Sequence[str], snapshot: Snapshot | None, place: RunFolder, tell: Tell
    ) -> list[Step]:
        place.make()
        root, steps = settings.MODELS_STORE_ROOT, list[Step]()
        if snapshot is not None:
            _write_labels(place, snapshot, Part.TRAIN)
        conversion = Conversion(
            merged=weights_path(card.weights, root=root),
            out=place.gguf,
            name=stem_of(card),
            quantizations=tuple(quantizations),
            importance=place.labels(Part.TRAIN) if snapshot else None,
        )

        def told(line: dict[str, Any]) -> None:
            steps.append(Step(**{key: line[key] for key in Step.__slots__}))
            tell(len(steps) / (len(quantizations) + 2), f"{line['step']} {line['quantization']}: done")

        _run(ModelsStoreWorkshop().converting(conversion), place, told, tell)
        for step in [step for step in steps if step.quantization in quantizations]:
            store.add(place.model(step.quantization), _sibling(card, step), root=root, state=ModelState.CANDIDATE)
        return steps

    def evaluate(self, card: ModelCard, *, snapshot: Snapshot, place: RunFolder, tell: Tell) -> Evaluation:
        place.make()
        if not _write_labels(place, snapshot, Part.TEST):
            raise NothingToMeasureOn
        out = place.measured("model", "test")
        files = store.files_of(card.digest, root=settings.MODELS_STORE_ROOT)
        exam = Exam(files, out, card.context_tokens, place.labels(Part.TEST), place.document_type)

        def told(line: dict[str, Any]) -> None:
            if line.get("of"):
                left = round(line.get("seconds_left") or 0)
                tell(line["done"] / line["of"], f"{line['done']} of {line['of']} documents, about {left} s left")

        _run(ModelsStoreWorkshop().measuring(exam), place, told, tell)
        return read_evaluation(out)


def _unpacked(source: Path, checked: Manifest, tell: Tell) -> str:
    """The card says how a bundle's model is called."""
    tell(0.1, "Reading the bundle once more")
    if verify_bundle(source, trusted_keys()) != checked:
        raise ChangedSinceCheck
    tell(0.4, "Unpacking, checking and keeping")
    return import_bundle(source, trusted_keys(), root=settings.MODELS_STORE_ROOT).digest


def stem_of(card: ModelCard) -> str:
    """A model's name without the quantization at its end."""
    return card.name.removesuffix(f"-{card.quantization}") if card.quantization else card.name


def _sibling(card: ModelCard, step: Step) -> ModelCard:
    """The same weights in another file: what taught them stays, what was measured on the other file does not."""
    return card.model_copy(
        update={
            "digest": step.after,
            "name": f"{stem_of(card)}-{step.quantization}",
            "quantization": step.quantization,
            "scores": {},
            "verdict": None,
            "made_by": f"quantized on this box, beside {card.digest[:12]}",
        }
    )


def _write_labels(place: RunFolder, snapshot: Snapshot, part: Part) -> int:
    write_json(place.document_type, snapshot.type_version.spec.model_dump(mode="json"))
    return write_part(snapshot, part, place.labels(part))


def _run(command: Sequence[str], place: RunFolder, told: Callable[[dict[str, Any]], None], tell: Tell) -> None:
    """Asks every two seconds whether somebody still wants it; the program ends when not."""

    def on_tick() -> str:
        tell()
        return ""

    children.run(command, folder=place.path, name="work", watcher=Watcher(told, on_tick))
