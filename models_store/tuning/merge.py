"""Base + adapter -> the folder that transformers reads, its quantized GGUF and its card: a base for the next tuning."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import JsonValue
from transformers import GenerationConfig

from models_store.card import ModelCard
from models_store.convert import convert, quantize
from models_store.store import CARD, STARTER_WEIGHTS, file_digest

ADAPTER = "adapter"
_ADAPTER_FILE = "adapter_model.safetensors"
_BESIDE = (
    "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "vocab.txt", "merges.txt", "LICENSE*", "LICENCE*", "NOTICE*",
)  # fmt: skip
"""Files of a base that its tuned models need as they stand, whatever its family."""
_MARKS = ("bos_token_id", "eos_token_id", "pad_token_id")
_TEMPLATE = "chat_template"
"""Prompts are rendered here; a template of strangers is not carried on."""
_LIMITS = [
    "Tuned on documents of one type: others may be read worse than by the model it was made from.",
    "Not scored while it was made: the loss of a run says little about documents that nobody has labelled.",
    "What limits the model it was made from limits this one too: see its card, named as base.",
]


def write_merged(model: Any, base: Path, merged: Path, *, adapter: Path) -> None:
    """Writes the adapter by itself and the merged weights with all that a conversion needs. `model`: a PEFT model; it
    is merged afterwards. Raises OSError."""
    model.save_pretrained(adapter)
    (adapter / "README.md").unlink(missing_ok=True)  # PEFT's form of a card with nothing filled in
    whole = model.merge_and_unload()
    # Of settings for chats only the marks are kept: transformers refuses to write many that it reads.
    marks = {name: getattr(whole.config, name, None) for name in _MARKS}
    whole.generation_config = GenerationConfig(**marks)  # type: ignore[no-untyped-call]
    whole.save_pretrained(merged)
    for path in sorted(found for pattern in _BESIDE for found in base.glob(pattern)):
        shutil.copyfile(path, merged / path.name)
    settings = merged / "tokenizer_config.json"
    content = json.loads(settings.read_bytes()) if settings.is_file() else {}
    if content.pop(_TEMPLATE, None) is not None:
        settings.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a folder, by name."""
    return {path.name: file_digest(path) for path in sorted(folder.iterdir()) if path.is_file()}


def write_gguf(out: Path, converter: Path, *, name: str) -> Path:
    """The quantized file in `out`. The converter copies the name of its folder into it, so it gets one called `name`.

    Raises ConversionFailed.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        for file in (*out.glob("*.json"), *out.glob("*.safetensors"), *out.glob("tokenizer.*")):
            if file.name != CARD:
                (folder / file.name).symlink_to(file.resolve())
        convert(folder, Path(scratch) / "f32.gguf", converter=converter)
        quantize(Path(scratch) / "f32.gguf", Path(scratch) / STARTER_WEIGHTS)
        shutil.copyfile(Path(scratch) / STARTER_WEIGHTS, out / STARTER_WEIGHTS)
    return out / STARTER_WEIGHTS


def write_card(out: Path, base: ModelCard, facts: Mapping[str, JsonValue], *, name: str, dataset: str) -> ModelCard:
    """`base`: the card of the model that was tuned; `facts`: settings and figures of the run; `dataset`: its digest."""
    card = ModelCard.model_validate(
        {
            "name": name,
            "digest": file_digest(out / STARTER_WEIGHTS),
            "base": base.digest,
            "adapter": file_digest(out / ADAPTER / _ADAPTER_FILE),
            "dataset_digest": dataset,
            "quantization": "Q8_0",
            "parameters": base.parameters,
            "context_tokens": base.context_tokens,
            "made_by": "models_store/tuning",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "licence": base.licence,
            "limits": _LIMITS,
            "training": dict(facts),
        }
    )
    (out / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return card
