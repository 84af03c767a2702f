"""Begins a training run from the weights of an earlier model instead of from nothing.

python -m models_store.starter.warm_start MODEL.gguf TOKENIZER.model --work DIR --minutes 30
python -m models_store.starter.train --work DIR --minutes 30

Writes DIR's checkpoint, tokenizer and start.json (the digest of the earlier weights; it becomes the card's `base`).
The stages up to "short" are skipped: who comes from a trained model can copy. The tokenizer must have the form of
tokenizer.py; a control symbol that it lacks takes the place of a spare one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from sentencepiece import sentencepiece_model_pb2 as messages
from torch import Tensor

from extraction.prompt import Mark
from models_store.convert import fetch_converter
from models_store.starter.curriculum import STAGES
from models_store.starter.network import Llama, Shape, as_dict
from models_store.store import file_digest

START = "start.json"
SPARE = "<|reserved"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--work", type=Path, default=Path("var/starter"))
    parser.add_argument("--minutes", type=float, required=True, help="as given to train: decides where the drills end")
    settings = parser.parse_args()
    settings.work.mkdir(parents=True, exist_ok=True)
    (settings.work / "tokenizer.model").write_bytes(with_marks(settings.tokenizer.read_bytes()))
    shape = Shape()
    state = from_llama(read_gguf(settings.weights, settings.work / "converter"), shape)
    short = next(stage.until for stage in STAGES if stage.name == "short")
    checkpoint = {"model": state, "optimizer": None, "shape": as_dict(shape)}
    progress = {"step": 0, "tokens": 0, "seconds": short * settings.minutes * 60}
    torch.save({**checkpoint, **progress}, settings.work / "checkpoint.pt")
    (settings.work / START).write_text(json.dumps({"base": file_digest(settings.weights)}), encoding="utf-8")
    print(f"{settings.work / 'checkpoint.pt'}: {sum(t.numel() for t in state.values())} numbers")


def with_marks(tokenizer: bytes) -> bytes:
    """The tokenizer with every mark as a control symbol. Raises ValueError when no spare symbol is left."""
    model: Any = messages.ModelProto()  # type: ignore[attr-defined]  # made at import, unseen by the checker
    model.ParseFromString(tokenizer)
    known = {piece.piece for piece in model.pieces}
    spare = [piece for piece in model.pieces if piece.piece.startswith(SPARE)]
    for mark in Mark:
        if mark.value not in known:
            if not spare:
                raise ValueError(f"the tokenizer has no symbol to spare for {mark.value}")
            spare.pop(0).piece = mark.value
    return bytes(model.SerializeToString())


def read_gguf(path: Path, cache: Path) -> dict[str, Tensor]:
    """All tensors by their GGUF names, as 32-bit floats."""
    sys.path.insert(0, str(fetch_converter(cache) / "gguf-py"))
    from gguf import GGUFReader, dequantize  # type: ignore[import-not-found]

    reader: Any = GGUFReader(path)
    return {t.name: torch.from_numpy(dequantize(t.data, t.tensor_type).copy()).float() for t in reader.tensors}


def from_llama(tensors: Mapping[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The state of network.Llama from llama.cpp's tensors."""
    state = {"embedding": tensors["token_embd.weight"], "norm": tensors["output_norm.weight"]}
    for index in range(shape.layers):
        part = {name: tensors[f"blk.{index}.{name}.weight"] for name in _NAMES}
        query, key = (_in_pairs_apart(part[name], shape.heads) for name in ("attn_q", "attn_k"))
        state |= {
            f"blocks.{index}.norm1": part["attn_norm"],
            f"blocks.{index}.norm2": part["ffn_norm"],
            f"blocks.{index}.qkv": torch.cat([query, key, part["attn_v"]]),
            f"blocks.{index}.out": part["attn_output"],
            f"blocks.{index}.gate_up": torch.cat([part["ffn_gate"], part["ffn_up"]]),
            f"blocks.{index}.down": part["ffn_down"],
        }
    expected = Llama(shape).state_dict()
    wrong = [name for name, tensor in expected.items() if state[name].shape != tensor.shape]
    if wrong:
        raise ValueError(f"the weights have another shape: {', '.join(wrong)}")
    return state


_NAMES = ("attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down")


def _in_pairs_apart(weight: Tensor, heads: int) -> Tensor:
    """llama.cpp keeps the parts of a RoPE pair side by side; here a head has all first parts, then all second ones."""
    rows, columns = weight.shape
    return weight.view(heads, rows // heads // 2, 2, columns).transpose(1, 2).reshape(rows, columns)


if __name__ == "__main__":
    main()
