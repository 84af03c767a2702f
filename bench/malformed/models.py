"""Models as files with one thing wrong: the starter's own GGUF and safetensors, changed in their headers.

A change of the header is written before the unchanged tensors, so most of these files look right to who reads little.
"""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models_store.intake.gguf_header import GgufHeader, read_gguf

LARGE = (0, 1, 7, 2**31, 2**32 - 1, 2**40, 2**63, 2**64 - 1)
_LENGTH, _COUNT = struct.Struct("<Q"), struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`suffix` is ".gguf" or ".safetensors"."""

    name: str
    suffix: str
    content: bytes


def model_mutants(gguf: Path, safetensors: Path, *, seed: int = 1) -> Iterator[Mutant]:
    """Some 75 of each kind, always the same for a seed."""
    content, header = gguf.read_bytes(), read_gguf(gguf)
    for name, changed in _gguf_mutants(content, header, random.Random(seed)):
        yield Mutant(f"gguf {name}", ".gguf", changed)
    whole = safetensors.read_bytes()
    for name, changed in _safetensors_mutants(whole, random.Random(seed)):
        yield Mutant(f"safetensors {name}", ".safetensors", changed)


def _gguf_mutants(content: bytes, header: GgufHeader, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for what, place in (("tensors", 8), ("keys", 16), ("first key's length", 24)):
        yield from ((f"{what} {n}", _put(content, place, _LENGTH, n)) for n in LARGE)
    first = header.keys_end  # the first tensor: name, count of sizes, sizes, kind, offset
    sizes = first + 8 + len(header.tensors[0].name.encode())
    kind = sizes + 4 + 8 * len(header.tensors[0].shape)
    yield from ((f"name's length {n}", _put(content, first, _LENGTH, n)) for n in LARGE)
    yield from ((f"number of sizes {n}", _put(content, sizes, _COUNT, n)) for n in (0, 1, 5, 2**32 - 1))
    yield from ((f"first size {n}", _put(content, sizes + 4, _LENGTH, n)) for n in LARGE)
    yield from ((f"kind {n}", _put(content, kind, _COUNT, n)) for n in (4, 5, 9, 39, 255, 2**32 - 1))
    yield from ((f"offset {n}", _put(content, kind + 4, _LENGTH, n)) for n in LARGE[1:])
    for alignment in (0, 1, 3, 2**31, 2**32 - 1):
        yield f"alignment {alignment}", _with_alignment(content, header, alignment)
    for name, (key, value) in _wrong_values().items():
        yield f"value {name}", _with_key(content, header, key, value)
    for end in (4, 23, 100, header.keys_end, header.tensors_end, len(content) // 2, len(content) - 1):
        yield f"cut at {end}", content[:end]
    for number in range(6):
        changed = bytearray(content)
        for _ in range(20):
            changed[dice.randrange(4, header.tensors_end)] = dice.randrange(256)
        yield f"20 odd bytes {number}", bytes(changed)


def _wrong_values() -> dict[str, tuple[str, bytes]]:
    """Keys whose value is of the right form but cannot be, or of another form than readers expect."""
    number, texts = _COUNT.pack(4), _COUNT.pack(9) + _COUNT.pack(8)
    wrong = {
        key: (f"llama.{key}", number + _COUNT.pack(value))
        for key, value in (
            ("block_count", 0),
            ("embedding_length", 0),
            ("attention.head_count", 0),
            ("attention.head_count_kv", 0),
            ("rope.dimension_count", 2**31),
            ("context_length", 2**32 - 1),
        )
    }
    one_text = texts + _LENGTH.pack(1) + _LENGTH.pack(1) + b"a"
    numbers = _COUNT.pack(9) + _COUNT.pack(4) + _LENGTH.pack(1) + _COUNT.pack(1)
    return wrong | {
        "tokens are numbers": ("tokenizer.ggml.tokens", numbers),
        "one token": ("tokenizer.ggml.tokens", one_text),
        "scores are texts": ("tokenizer.ggml.scores", one_text),
        "types are one": ("tokenizer.ggml.token_type", _COUNT.pack(9) + _COUNT.pack(5) + _LENGTH.pack(1) + bytes(4)),
        "an end outside": ("tokenizer.ggml.eos_token_id", number + _COUNT.pack(2**31 - 1)),
        "architecture is a number": ("general.architecture", number + _COUNT.pack(1)),
    }


def _with_key(content: bytes, header: GgufHeader, name: str, value: bytes) -> bytes:
    """The file with another value (its type and bytes) under a key, and its tensors where the header says."""
    key = next((key for key in header.keys if key.name == name), None)
    start, end = (key.start, key.end) if key else (header.keys_end, header.keys_end)
    counted = content if key else _put(content, 16, _LENGTH, len(header.keys) + 1)
    written = _LENGTH.pack(len(name)) + name.encode() + value
    head = counted[:start] + written + counted[end : header.tensors_end]
    return head + bytes(-len(head) % header.alignment) + content[header.data_start :]


def _with_alignment(content: bytes, header: GgufHeader, alignment: int) -> bytes:
    name = b"general.alignment"
    key = _LENGTH.pack(len(name)) + name + _COUNT.pack(4) + _COUNT.pack(alignment)
    counted = _put(content, 16, _LENGTH, len(header.keys) + 1)
    return counted[: header.keys_end] + key + counted[header.keys_end :]


def _put(content: bytes, place: int, layout: struct.Struct, value: int) -> bytes:
    return content[:place] + layout.pack(value) + content[place + layout.size :]


def _safetensors_mutants(content: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    (length,) = _LENGTH.unpack_from(content)
    told, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    yield from ((f"header's length {n}", _put(content, 0, _LENGTH, n)) for n in (*LARGE, length - 1, length + 1))
    name = next(key for key in told if key != "__metadata__")
    for key, values in _TENSOR_CHANGES.items():
        for number, value in enumerate(values):
            yield f"{key} {number}", _written({**told, name: {**told[name], key: value}}, data)
    yield from ((f"header {number}", _written(text, data)) for number, text in enumerate(_HEADERS))
    yield "no such tensor", _written({key: value for key, value in told.items() if key != name}, data)
    yield "a tensor more", _written({**told, "more": told[name]}, data)
    for end in (0, 3, 8, 100, 8 + length, len(content) // 2, len(content) - 1):
        yield f"cut at {end}", content[:end]
    yield from ((f"{more} bytes more", content + bytes(more)) for more in (1, 8, 4096))
    for number in range(18):
        changed = bytearray(content)
        for _ in range(20):
            changed[dice.randrange(8, 8 + length)] = dice.randrange(256)
        yield f"20 odd bytes {number}", bytes(changed)


_TENSOR_CHANGES: dict[str, tuple[Any, ...]] = {
    "dtype": ("F8", "I8", "F64", "U999", 5, None, "\0"),
    "shape": ([], [0], [-1], [2**63], [2**32, 2**32], [1.5], ["4"], [True], None, [1] * 1_000, [1e308]),
    "data_offsets": ([0], [0, 0], [-8, 8], [8, 0], [0, 2**63], [0, 2**64], [1, 2, 3], ["0", "8"], None, [0, 1e9]),
}
_HEADERS = (b"", b"{", b"null", b"[]", b"{}", b"[" * 100_000, b'{"a":' * 50_000, b'{"__metadata__":5}', b"\xff" * 64)


def _written(header: dict[str, Any] | bytes, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return _LENGTH.pack(len(text)) + text + data
