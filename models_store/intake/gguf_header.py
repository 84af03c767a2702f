"""The header of a GGUF, read without any library: keys with values, then the list of tensors, then their bytes.

Nothing of it is believed: counts and lengths are capped before anything is read, and the tensors must fill the file
one behind the other, as llama.cpp writes them.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from models_store.intake.errors import BrokenModel, UnknownFamily

_MOST_KEYS, _MOST_TENSORS, _MOST_ITEMS = 4096, 20_000, 2_000_000
_LONGEST_KEY, _LONGEST_NAME, _LONGEST_TEXT = 512, 63, 8 << 20
HEADER_BYTES = 256 << 20
_MOST_SIZES = 4
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_DEFAULT_ALIGNMENT = 32
_LARGEST_ALIGNMENT = 4096
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 16: (256, 66), 17: (256, 74), 18: (256, 98),
    19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 29: (256, 56), 30: (1, 2),
}  # fmt: skip
"""ggml's types: how many numbers a block holds, and its bytes."""


@dataclass(frozen=True, slots=True)
class Key:
    """`value` is None for the items of an array that is not of texts or numbers; `start` and `end`: its bytes."""

    name: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """`shape` as ggml writes it, the fastest running size first."""

    name: str
    kind: int
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        numbers, size = _BLOCKS[self.kind]
        return math.prod(self.shape) // numbers * size


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """`keys_end` and `tensors_end`: where these parts end in the file; the data begins at `data_start`."""

    version: int
    keys: tuple[Key, ...]
    tensors: tuple[GgufTensor, ...]
    keys_end: int
    tensors_end: int
    alignment: int

    @property
    def values(self) -> Mapping[str, Any]:
        return {key.name: key.value for key in self.keys}

    @property
    def data_start(self) -> int:
        return padded(self.tensors_end, self.alignment)


def read_gguf(path: Path) -> GgufHeader:
    """Raises BrokenModel, or UnknownFamily for a type of numbers that is not known."""
    with path.open("rb") as file:
        reader = _Reader(file, path)
        if reader.take(4) != b"GGUF":
            raise reader.broken("it does not begin as a GGUF")
        version, tensor_count, key_count = reader.unpack("<IQQ")
        if version not in (2, 3):
            raise reader.broken(f"version {version}; 2 and 3 are known")
        if not (1 <= tensor_count <= _MOST_TENSORS and 1 <= key_count <= _MOST_KEYS):
            raise reader.broken(f"{tensor_count} tensors and {key_count} keys")
        keys = tuple(reader.key() for _ in range(key_count))
        keys_end = reader.position
        tensors = tuple(reader.tensor() for _ in range(tensor_count))
        header = GgufHeader(version, keys, tensors, keys_end, reader.position, _alignment(keys, reader))
    _check_places(header, path)
    return header


def padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


class _Reader:
    """Reads forward, never more than the caps allow."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._name = file, path.name
        self._most = min(HEADER_BYTES, path.stat().st_size)
        self.position = 0

    def broken(self, why: str) -> BrokenModel:
        return BrokenModel(f"{self._name}: {why} (byte {self.position})")

    def take(self, count: int) -> bytes:
        if self.position + count > self._most:
            raise self.broken("the header goes on behind the end of the file, or is too long")
        data = self._file.read(count)
        if len(data) != count:
            raise self.broken("the file ends in its header")
        self.position += count
        return data

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def text(self, longest: int) -> str:
        (length,) = self.unpack("<Q")
        if length > longest:
            raise self.broken(f"a text of {length} bytes")
        return self.take(length).decode("utf-8", "surrogateescape")

    def key(self) -> Key:
        start = self.position
        name = self.text(_LONGEST_KEY)
        (kind,) = self.unpack("<I")
        return Key(name, self._value(kind), start, self.position)

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.text(_LONGEST_TEXT)
        if kind in _SCALARS:
            return self.unpack(f"<{_SCALARS[kind]}")[0]
        if kind != _ARRAY:
            raise self.broken(f"a value of type {kind}")
        inner, count = self.unpack("<IQ")
        if count > _MOST_ITEMS or inner not in (_STRING, *_SCALARS):
            raise self.broken(f"a list of {count} values of type {inner}")
        if inner == _STRING:
            return tuple(self.text(_LONGEST_TEXT) for _ in range(count))
        return self.unpack(f"<{count}{_SCALARS[inner]}")

    def tensor(self) -> GgufTensor:
        name = self.text(_LONGEST_NAME)
        (count,) = self.unpack("<I")
        if not 1 <= count <= _MOST_SIZES:
            raise self.broken(f"{name!r} has {count} sizes")
        shape = self.unpack(f"<{count}Q")
        kind, offset = self.unpack("<IQ")
        if kind not in _BLOCKS:
            raise UnknownFamily(f"{self._name}: {name!r} is of ggml's type {kind}, which is not known here")
        if not all(1 <= size < 1 << 32 for size in shape) or shape[0] % _BLOCKS[kind][0]:
            raise self.broken(f"{name!r} has the sizes {shape}")
        return GgufTensor(name, kind, shape, offset)


def _alignment(keys: tuple[Key, ...], reader: _Reader) -> int:
    alignment = next((key.value for key in keys if key.name == "general.alignment"), _DEFAULT_ALIGNMENT)
    if type(alignment) is not int or not 8 <= alignment <= _LARGEST_ALIGNMENT or alignment & (alignment - 1):
        raise reader.broken(f"an alignment of {alignment}")
    return alignment


def _check_places(header: GgufHeader, path: Path) -> None:
    for what, names in (("keys", [k.name for k in header.keys]), ("tensors", [t.name for t in header.tensors])):
        if len(set(names)) != len(names):
            raise BrokenModel(f"{path.name}: two {what} of the same name")
    position = 0
    for tensor in header.tensors:
        if tensor.offset != position:
            raise BrokenModel(f"{path.name}: {tensor.name!r} begins at {tensor.offset}, not at {position}")
        end = position + tensor.size
        position = padded(end, header.alignment)
    found = path.stat().st_size - header.data_start
    if not end <= found <= position:
        raise BrokenModel(f"{path.name}: the tensors take {end} bytes, the file has {found}")
