"""The header of a safetensors file, read without any library: 8 bytes of length, JSON, then the tensors' bytes.

Nothing of the JSON is believed: each tensor must lie in the file, take exactly the bytes of its shape, and all of them
must fill the file without a gap.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models_store.intake.errors import BrokenModel, UnknownFamily

HEADER_BYTES = 32 << 20
_MOST_TENSORS = 20_000
_MOST_SIZES = 4
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


@dataclass(frozen=True, slots=True)
class Tensor:
    """`kind` as safetensors names it."""

    name: str
    kind: str
    shape: tuple[int, ...]


def read_tensors(path: Path) -> tuple[Tensor, ...]:
    """Raises BrokenModel, or UnknownFamily for weights that are quantized."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
        length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
        if not 2 <= length <= min(HEADER_BYTES, size - 8):
            raise BrokenModel(f"{path.name}: a header of {length} bytes in a file of {size}")
        untrusted = file.read(length)
    return _checked(_parsed(untrusted, path.name), size - 8 - length, path.name)


def _parsed(untrusted: bytes, name: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise BrokenModel(f"{name}: the header names something twice")
        return found

    try:
        header = json.loads(untrusted, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise BrokenModel(f"{name}: the header is not JSON") from error
    if not isinstance(header, dict):
        raise BrokenModel(f"{name}: the header is not an object")
    header.pop("__metadata__", None)
    if not 1 <= len(header) <= _MOST_TENSORS:
        raise BrokenModel(f"{name}: {len(header)} tensors")
    return header


def _checked(header: Mapping[str, Any], room: int, name: str) -> tuple[Tensor, ...]:
    placed = sorted((_placed(tensor, told, name) for tensor, told in header.items()), key=lambda found: found[1:])
    position = 0
    for tensor, start, end in placed:
        if start != position:
            raise BrokenModel(f"{name}: {tensor.name!r} begins at {start}, not at {position}")
        position = end
    if position != room:
        raise BrokenModel(f"{name}: the tensors take {position} bytes, the file has {room}")
    return tuple(tensor for tensor, _, _ in placed)


def _placed(tensor: str, told: Any, name: str) -> tuple[Tensor, int, int]:
    """The tensor and the bytes that it takes: start, end."""
    if not isinstance(told, dict) or set(told) != {"dtype", "shape", "data_offsets"}:
        raise BrokenModel(f"{name}: {tensor!r} is not described as a tensor")
    kind, shape, offsets = told["dtype"], told["shape"], told["data_offsets"]
    if not isinstance(kind, str) or kind not in _BYTES:
        raise UnknownFamily(f"{name}: {tensor!r} is of type {kind!r}; 16 or 32 bits a number are needed")
    if not (_are_sizes(shape) and len(shape) <= _MOST_SIZES and _are_sizes(offsets) and len(offsets) == 2):
        raise BrokenModel(f"{name}: {tensor!r} has no bearable shape")
    start, end = offsets
    if end - start != math.prod(shape) * _BYTES[kind]:
        raise BrokenModel(f"{name}: {tensor!r} of shape {shape} takes {end - start} bytes")
    return Tensor(tensor, kind, tuple(shape)), start, end


def _are_sizes(numbers: Any) -> bool:
    return isinstance(numbers, list) and all(type(n) is int and 0 <= n < 1 << 48 for n in numbers)
