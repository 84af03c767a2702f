"""A folder of transformers: its config, its tensors and its names must fit each other."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models_store.intake.errors import BrokenModel, ModelTooLarge, UnknownFamily, UnsafeFile
from models_store.intake.families import Family, family_of_architecture
from models_store.intake.folder import (
    TEMPLATES,
    Listing,
    check_sums,
    licence_of,
    list_checkpoint,
    measured,
    read_text,
)
from models_store.intake.record import SHORT, Intake
from models_store.intake.safetensors_header import Tensor, read_tensors

LARGEST = {
    "num_hidden_layers": 256, "hidden_size": 32_768, "vocab_size": 1_000_000, "intermediate_size": 262_144,
    "num_attention_heads": 512, "num_key_value_heads": 512, "head_dim": 1024, "max_position_embeddings": 1 << 24,
}  # fmt: skip
_LAYER = re.compile(r"model\.layers\.(\d{1,4})\.([a-z_.]{1,80})")
_NEEDED = {"self_attn.o_proj.weight", "mlp.down_proj.weight", "input_layernorm.weight"}
_SKIPPED = "self_attn.rotary_emb.inv_freq"


@dataclass(frozen=True, slots=True)
class Sizes:
    """What config.json says, each a whole number within bounds."""

    layers: int
    width: int
    vocabulary: int
    inner: int
    heads: int
    groups: int
    head: int
    context: int

    def of_layer(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of each tensor of a layer, by its name in it."""
        asked, kept = self.heads * self.head, self.groups * self.head
        rows = {
            "self_attn.q_proj": (asked, self.width), "self_attn.k_proj": (kept, self.width),
            "self_attn.v_proj": (kept, self.width), "self_attn.o_proj": (self.width, asked),
            "self_attn.qkv_proj": (asked + 2 * kept, self.width),
            "mlp.gate_proj": (self.inner, self.width), "mlp.up_proj": (self.inner, self.width),
            "mlp.gate_up_proj": (2 * self.inner, self.width), "mlp.down_proj": (self.width, self.inner),
        }  # fmt: skip
        norms = ("input", "post_attention", "pre_feedforward", "post_feedforward")
        return {
            **{f"{name}.weight": shape for name, shape in rows.items()},
            **{f"{name}.bias": shape[:1] for name, shape in rows.items()},
            **{f"{name}_layernorm.weight": (self.width,) for name in norms},
            **{f"self_attn.{name}.weight": (self.head,) for name in ("q_norm", "k_norm")},
        }

    def outside(self) -> Mapping[str, tuple[int, ...]]:
        """The tensors that stand in no layer."""
        table = (self.vocabulary, self.width)
        return {"model.embed_tokens.weight": table, "lm_head.weight": table, "model.norm.weight": (self.width,)}


def check_checkpoint(folder: Path, *, leave_programs: bool = False) -> Intake:
    """Raises an IntakeError."""
    listing = list_checkpoint(folder, leave_programs=leave_programs)
    config = read_json(folder / "config.json")
    family = _family(config, leave_programs=leave_programs)
    sizes = _sizes(config)
    tensors = _all_tensors(listing)
    _check_tensors(tensors, sizes)
    for path in listing.taken:
        if path.suffix == ".json":
            read_json(path)
    card = read_text(folder, "README.md")
    files = measured(listing.taken)
    return Intake(
        kind="checkpoint",
        family=family.key,
        parameters=sum(math.prod(tensor.shape) for tensor in tensors),
        context_tokens=sizes.context,
        vocabulary=sizes.vocabulary,
        numbers=", ".join(sorted({tensor.kind for tensor in tensors})),
        files=files,
        has_template=_has_template(listing),
        untrusted_name=str(config.get("_name_or_path") or folder.name)[:SHORT],
        untrusted_licence=licence_of(card) or "",
        untrusted_licence_text=read_text(folder, "LICENSE*", "LICENCE*"),
        untrusted_card_text=card,
        warnings=_warnings(listing, family, check_sums(folder, files)),
    )


def read_json(path: Path) -> dict[str, Any]:
    """An object. Raises BrokenModel."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BrokenModel(f"{path.name} is not JSON") from error
    if not isinstance(content, dict):
        raise BrokenModel(f"{path.name} is not an object")
    return content


def _family(config: Mapping[str, Any], *, leave_programs: bool) -> Family:
    if config.get("auto_map") and not leave_programs:
        raise UnsafeFile("config.json names programs to run (auto_map)")
    if config.get("quantization_config"):
        raise UnknownFamily("the weights are quantized for another program (quantization_config)")
    named = config.get("architectures")
    return family_of_architecture(named[0] if isinstance(named, list) and len(named) == 1 else named)


def _sizes(config: Mapping[str, Any]) -> Sizes:
    def size(key: str, default: int | None = None) -> int:
        found = config.get(key)
        found = default if found is None else found
        if type(found) is not int or found < 1:
            raise BrokenModel(f"config.json: {key} is {str(found)[:40]}")
        if found > LARGEST[key]:
            raise ModelTooLarge(f"config.json: {key} is {found}; at most {LARGEST[key]}")
        return found

    heads, width = size("num_attention_heads"), size("hidden_size")
    return Sizes(
        layers=size("num_hidden_layers"),
        width=width,
        vocabulary=size("vocab_size"),
        inner=size("intermediate_size"),
        heads=heads,
        groups=size("num_key_value_heads", heads),
        head=size("head_dim", max(1, width // heads)),
        context=size("max_position_embeddings"),
    )


def _all_tensors(listing: Listing) -> tuple[Tensor, ...]:
    tensors = [t for path in listing.taken if path.suffix == ".safetensors" for t in read_tensors(path)]
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise BrokenModel("a tensor stands in two files")
    return tuple(tensors)


def _check_tensors(tensors: Iterable[Tensor], sizes: Sizes) -> None:
    of_layer, outside = sizes.of_layer(), sizes.outside()
    layers: dict[int, set[str]] = {number: set() for number in range(sizes.layers)}
    seen: set[str] = set()
    for tensor in tensors:
        found = _LAYER.fullmatch(tensor.name)
        number, part = (int(found.group(1)), found.group(2)) if found else (-1, "")
        if part == _SKIPPED:
            continue
        expected = of_layer.get(part) if number in layers else outside.get(tensor.name)
        if expected != tensor.shape:
            raise BrokenModel(
                f"{tensor.name[:100]!r} has the shape {tensor.shape}; right is {expected or 'no such name'}"
            )
        layers.get(number, seen).add(part or tensor.name)
    if "model.embed_tokens.weight" not in seen or "model.norm.weight" not in seen:
        raise BrokenModel("there is no table of tokens, or no last norm")
    if any(parts != layers[0] or not parts >= _NEEDED for parts in layers.values()):
        raise BrokenModel("a layer lacks tensors that others have")


def _has_template(listing: Listing) -> bool:
    config = listing.folder / "tokenizer_config.json"
    is_inside = config in listing.taken and "chat_template" in read_json(config)
    return is_inside or any(name in TEMPLATES for name in listing.left)


def _warnings(listing: Listing, family: Family, remarks: tuple[str, ...]) -> tuple[str, ...]:
    names = {path.name for path in listing.taken}
    found = list(remarks)
    if not names & {"tokenizer.model", "tokenizer.json"}:
        raise BrokenModel("there is no tokenizer.model and no tokenizer.json")
    if listing.left:
        shown = ", ".join(name[:60] for name in listing.left[:20])
        found.append(f"Left on the medium: {shown}.")
    if family.remark:
        found.append(family.remark)
    return tuple(remark[:SHORT] for remark in found[:64])
