"""A GGUF from outside: header, sizes and vocabulary must fit each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models_store.intake.adapter_file import KIND as ADAPTER
from models_store.intake.checkpoint import LARGEST
from models_store.intake.errors import BrokenModel, ModelTooLarge, UnknownFamily
from models_store.intake.families import family_of_gguf
from models_store.intake.folder import LARGEST_MODEL, check_plain, check_sums, licence_of, measured, read_text
from models_store.intake.gguf_header import GgufHeader, read_gguf
from models_store.intake.record import SHORT, Intake

TEMPLATE = "tokenizer.chat_template"
_KINDS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 32: "BF16",
}  # fmt: skip
_VOCABULARIES = ("llama", "gpt2")
_SIZES = {
    "block_count": "num_hidden_layers",
    "embedding_length": "hidden_size",
    "context_length": "max_position_embeddings",
    "attention.head_count": "num_attention_heads",
}


def check_gguf(path: Path) -> Intake:
    """Raises an IntakeError."""
    check_plain(path)
    if path.stat().st_size > LARGEST_MODEL:
        raise ModelTooLarge(f"{path.name} has {path.stat().st_size} bytes")
    header = read_gguf(path)
    values = header.values
    if values.get("general.type") == ADAPTER:
        raise UnknownFamily("an adapter by itself; import the signed bundle that the box wrote which made it")
    family = family_of_gguf(values.get("general.architecture"))
    sizes = _sizes(values, family.gguf)
    _check_vocabulary(header, sizes["embedding_length"])
    _check_layers(header, sizes["block_count"])
    card = read_text(path.parent, "README.md")
    files = measured([path])
    return Intake(
        kind="gguf",
        family=family.key,
        parameters=sum(math.prod(tensor.shape) for tensor in header.tensors),
        context_tokens=sizes["context_length"],
        vocabulary=len(values["tokenizer.ggml.tokens"]),
        numbers=_KINDS.get(values.get("general.file_type", -1), "mixed"),
        files=files,
        has_template=any(key.startswith(TEMPLATE) for key in values),
        untrusted_name=_text(values.get("general.name")) or path.stem[:SHORT],
        untrusted_licence=_text(values.get("general.license")) or licence_of(card),
        untrusted_licence_text=read_text(path.parent, "LICENSE*", "LICENCE*"),
        untrusted_card_text=card,
        warnings=check_sums(path.parent, files),
    )


def _sizes(values: Mapping[str, Any], architecture: str) -> dict[str, int]:
    if values.get("split.count", 1) != 1:
        raise UnknownFamily("one part of a model in several files; merge them into one with llama.cpp first")
    found: dict[str, int] = {}
    for key, limit in _SIZES.items():
        value = values.get(f"{architecture}.{key}")
        if type(value) is not int or value < 1:
            raise BrokenModel(f"{architecture}.{key} is {str(value)[:40]}")
        if value > LARGEST[limit]:
            raise ModelTooLarge(f"{architecture}.{key} is {value}; at most {LARGEST[limit]}")
        found[key] = value
    _check_heads(values, architecture, found)
    return found


def _check_heads(values: Mapping[str, Any], architecture: str, sizes: Mapping[str, int]) -> None:
    """What may be left out, or given for each layer, but has bounds where it is one number."""
    for key, most in (
        ("attention.head_count_kv", "attention.head_count"),
        ("rope.dimension_count", "embedding_length"),
    ):
        value = values.get(f"{architecture}.{key}")
        if isinstance(value, int) and not 1 <= value <= sizes[most]:
            raise BrokenModel(f"{architecture}.{key} is {value}")


def _check_vocabulary(header: GgufHeader, width: int) -> None:
    values = header.values
    if values.get("tokenizer.ggml.model") not in _VOCABULARIES:
        raise UnknownFamily(f"a vocabulary of the kind {str(values.get('tokenizer.ggml.model'))[:40]!r}")
    tokens = values.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, tuple) or not 1 <= len(tokens) <= LARGEST["vocab_size"]:
        raise BrokenModel("there is no list of tokens")
    table = next((tensor.shape for tensor in header.tensors if tensor.name == "token_embd.weight"), None)
    if table != (width, len(tokens)):
        raise BrokenModel(f"the table of tokens has the sizes {table}, not {(width, len(tokens))}")
    for key in ("tokenizer.ggml.scores", "tokenizer.ggml.token_type"):
        if key in values and len(values[key]) != len(tokens):
            raise BrokenModel(f"{key} has {len(values[key])} entries for {len(tokens)} tokens")
    for key, value in values.items():
        is_token = key.startswith("tokenizer.ggml.") and key.endswith("_token_id")
        if is_token and not (type(value) is int and 0 <= value < len(tokens)):
            raise BrokenModel(f"{key} is {str(value)[:40]}")


def _check_layers(header: GgufHeader, layers: int) -> None:
    parts = Counter(tensor.name.split(".")[1] for tensor in header.tensors if tensor.name.startswith("blk."))
    if set(parts) != {str(number) for number in range(layers)} or len(set(parts.values())) != 1:
        raise BrokenModel(f"the layers are not {layers} of the same tensors")


def _text(untrusted: object) -> str:
    return untrusted[:SHORT].encode("utf-8", "replace").decode() if isinstance(untrusted, str) else ""
