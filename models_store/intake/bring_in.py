"""A checked model -> trainable weights, a GGUF and a card in the store. What was not checked is not taken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from extraction.throwaway import ROOT
from models_store.card import ModelCard, ModelState
from models_store.convert import Quantization, convert, find_converter, quantize
from models_store.durable import file_digest
from models_store.intake.cleaned import clean_gguf, copy_checked, copy_checkpoint
from models_store.intake.errors import NoRoom
from models_store.intake.record import Intake
from models_store.store import ARTIFACTS, add
from models_store.weights import add_weights

LONGEST_CONTEXT = 4096
"""Tokens that an imported model is shown at once at most: what it claims is rarely needed, and costs memory."""
_SPARE = 1 << 30


@dataclass(frozen=True, slots=True)
class Wishes:
    """`name`: what the model shall be called; `quantization`: of the GGUF that is made of a checkpoint.
    `tunable`: of a GGUF, weights that can be trained are made too, where that is possible."""

    name: str
    quantization: Quantization = Quantization.Q8_0
    tunable: bool = True


@dataclass(frozen=True, slots=True)
class Means:
    """`converter`: its folder. `tell` hears the name of each step that begins."""

    converter: Path
    tell: Callable[[str], None] = lambda step: None


def bring_in(intake: Intake, source: Path, wishes: Wishes, means: Means, *, root: Path = ARTIFACTS) -> ModelCard:
    """`source`: what `intake` was found of.

    Raises IntakeError, ConversionFailed, StoreError or OSError.
    """
    root.mkdir(parents=True, exist_ok=True)
    check_room(intake, root)
    with tempfile.TemporaryDirectory(prefix=".intake-", dir=root) as place:
        work = _Work(intake, source, wishes, means, Path(place))
        made = work.of_checkpoint() if intake.kind == "checkpoint" else work.of_gguf()
        means.tell("keep")
        weights = add_weights(made.trainable, root=root) if made.trainable else ""
        card = _card(intake, wishes, made, weights)
        add(made.model, card, root=root, state=ModelState.IMPORTED)
        return card


def check_room(intake: Intake, root: Path) -> None:
    """Copies, the GGUF in 32 bits and the one that is kept lie on the disk together for a while. Raises NoRoom."""
    needed = 2 * intake.size + 2 * 4 * intake.parameters + _SPARE
    free = shutil.disk_usage(root).free
    if free < needed:
        raise NoRoom(f"{needed >> 20} MiB are needed for a while, {free >> 20} MiB are free")


@dataclass(frozen=True, slots=True)
class _Made:
    """`trainable`: a folder of weights, None where there are none; `remark`: why."""

    model: Path
    quantization: str
    trainable: Path | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    intake: Intake
    source: Path
    wishes: Wishes
    means: Means
    place: Path

    def of_checkpoint(self) -> _Made:
        folder, whole, model = self.place / "weights", self.place / "whole.gguf", self.place / "model.gguf"
        self.means.tell("copy")
        copy_checkpoint(self.source, folder, self.intake)
        self.means.tell("convert")
        convert(folder, whole, converter=find_converter(self.means.converter), name=self.wishes.name)
        self.means.tell("quantize")
        quantize(whole, model, self.wishes.quantization)
        return _Made(model, self.wishes.quantization.name, folder)

    def of_gguf(self) -> _Made:
        copy, model, folder = self.place / "copy.gguf", self.place / "model.gguf", self.place / "weights"
        self.means.tell("copy")
        copy_checked(self.source, copy, self.intake.files[0].sha256)
        clean_gguf(copy, model)
        copy.unlink()
        if not self.wishes.tunable:
            return _Made(model, self.intake.numbers)
        self.means.tell("weights")
        remark = _weights_of_gguf(model, folder, self.means.converter)
        return _Made(model, self.intake.numbers, None if remark else folder, remark)


def _weights_of_gguf(model: Path, folder: Path, converter: Path) -> str:
    """Reads a GGUF back into a folder that can be trained, in a process of its own. Returns why not, or nothing."""
    command = [sys.executable, "-m", "models_store.tuning.from_gguf", str(model), str(folder)]
    reader = ["--converter", str(find_converter(converter))]
    done = subprocess.run([*command, *reader], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"It cannot be fine-tuned here: {last[:300]}"


def _card(intake: Intake, wishes: Wishes, made: _Made, weights: str) -> ModelCard:
    digest = file_digest(made.model)
    origin: dict[str, JsonValue] = {
        "files": [file.model_dump() for file in intake.files],
        "family": intake.family,
        "claimed_context": intake.context_tokens,
        "chat_template": "taken out" if intake.has_template else "none",
        "untrusted_name": intake.untrusted_name,
        "untrusted_licence_text": intake.untrusted_licence_text,
        "untrusted_card_text": intake.untrusted_card_text,
    }
    return ModelCard.model_validate(
        {
            "name": wishes.name,
            "digest": digest,
            "weights": weights,
            "quantization": made.quantization,
            "parameters": intake.parameters,
            "context_tokens": min(intake.context_tokens, LONGEST_CONTEXT),
            "made_by": "models_store/intake",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "licence": intake.untrusted_licence,
            "limits": [*intake.warnings, *([made.remark] if made.remark else [])],
            "origin": origin,
        }
    )
