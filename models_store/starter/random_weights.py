"""A tiny model of random weights with the starter's own vocabulary, for tests: promises must hold whatever the model.

    python -m models_store.starter.random_weights --out DIR

The shipped GGUF is the pattern: its header is copied but for the sizes, its tensors are drawn anew. Needs numpy alone.
"""

from __future__ import annotations

import argparse
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models_store.card import ModelCard
from models_store.store import CARD, STARTER, STARTER_WEIGHTS, file_digest

WIDTH, LAYERS, HEADS, HEAD, INNER = 64, 2, 2, 32, 128
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of GGUF's scalar types."""
_UINT32, _STRING, _ARRAY, _F32 = 4, 8, 9, 0
_ALIGNMENT = 32
_CHANGED = {
    "general.file_type": 0,
    "llama.block_count": LAYERS,
    "llama.embedding_length": WIDTH,
    "llama.feed_forward_length": INNER,
    "llama.attention.head_count": HEADS,
    "llama.attention.head_count_kv": HEADS,
    "llama.attention.key_length": HEAD,
    "llama.attention.value_length": HEAD,
    "llama.rope.dimension_count": HEAD,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the header with its type and the value's bytes as they stand in the file."""

    key: bytes
    kind: int
    value: bytes


def export_random(out: Path, *, seed: int = 1, pattern: Path = STARTER / STARTER_WEIGHTS) -> Path:
    """Writes `model.q8_0.gguf` (32-bit in truth) and its card to `out`. The same seed gives the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    entries = [_resized(entry) for entry in read_header(pattern.read_bytes())]
    tensors = _tensors(_vocabulary(entries), np.random.default_rng(seed))
    target = out / STARTER_WEIGHTS
    write_gguf(target, entries, tensors)
    parameters = sum(t.size for t in tensors.values())
    card = ModelCard(
        digest=file_digest(target), name="random", quantization="F32", parameters=parameters, context_tokens=1024
    )
    (out / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return target


def write_gguf(path: Path, entries: list[Entry], tensors: dict[str, NDArray[np.float32]]) -> None:
    """A GGUF of version 3 with 32-bit tensors."""
    path.write_bytes(b"".join(_file(entries, tensors)))


def read_header(data: bytes) -> list[Entry]:
    """The keys of a GGUF of version 3. Raises ValueError for anything else."""
    magic, version, _, count = struct.unpack_from("<4sIQQ", data)
    if magic != b"GGUF" or version != 3:
        raise ValueError("not a GGUF file of version 3")
    entries, position = [], 24
    for _ in range(count):
        (length,) = struct.unpack_from("<Q", data, position)
        key = data[position + 8 : position + 8 + length]
        position += 8 + length
        (kind,) = struct.unpack_from("<I", data, position)
        end = _skip(data, position + 4, kind)
        entries.append(Entry(key, kind, data[position + 4 : end]))
        position = end
    return entries


def _skip(data: bytes, position: int, kind: int) -> int:
    """Where the value that begins at `position` ends."""
    if kind in _SIZES:
        return position + _SIZES[kind]
    if kind == _STRING:
        return position + 8 + int(struct.unpack_from("<Q", data, position)[0])
    inner, count = struct.unpack_from("<IQ", data, position)
    position += 12
    if inner in _SIZES:
        return position + int(count) * _SIZES[inner]
    for _ in range(count):
        position = _skip(data, position, inner)
    return position


def _resized(entry: Entry) -> Entry:
    number = _CHANGED.get(entry.key.decode())
    return entry if number is None else Entry(entry.key, _UINT32, struct.pack("<I", number))


def _vocabulary(entries: list[Entry]) -> int:
    tokens = next(entry for entry in entries if entry.key == b"tokenizer.ggml.tokens")
    return int(struct.unpack_from("<Q", tokens.value, 4)[0])


def _tensors(vocabulary: int, random: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """All weights by llama.cpp's names, (rows, columns)."""

    def draw(rows: int, columns: int) -> NDArray[np.float32]:
        return random.normal(0, columns**-0.5, (rows, columns)).astype(np.float32)

    ones = np.ones(WIDTH, dtype=np.float32)
    tensors = {"token_embd.weight": draw(vocabulary, WIDTH), "output_norm.weight": ones}
    for layer in range(LAYERS):
        parts = {
            "attn_norm": ones, "ffn_norm": ones, "attn_q": draw(HEADS * HEAD, WIDTH),
            "attn_k": draw(HEADS * HEAD, WIDTH), "attn_v": draw(HEADS * HEAD, WIDTH),
            "attn_output": draw(WIDTH, HEADS * HEAD), "ffn_gate": draw(INNER, WIDTH),
            "ffn_up": draw(INNER, WIDTH), "ffn_down": draw(WIDTH, INNER),
        }  # fmt: skip
        tensors |= {f"blk.{layer}.{name}.weight": part for name, part in parts.items()}
    return tensors


def _file(entries: list[Entry], tensors: dict[str, NDArray[np.float32]]) -> Iterator[bytes]:
    head = [struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(entries))]
    head += [_text(entry.key) + struct.pack("<I", entry.kind) + entry.value for entry in entries]
    offset = 0
    for name, tensor in tensors.items():
        sizes = tensor.shape[::-1]
        head.append(_text(name.encode()) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, _F32, offset))
        offset += _padded(tensor.nbytes)
    yield (header := b"".join(head))
    yield bytes(_padded(len(header)) - len(header))
    for tensor in tensors.values():
        yield tensor.tobytes() + bytes(_padded(tensor.nbytes) - tensor.nbytes)


def _text(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(export_random(arguments.out, seed=arguments.seed))
