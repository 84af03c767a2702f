"""Headers of safetensors: what lies about its bytes is refused, what does not is read."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from models_store.intake.errors import BrokenModel, UnknownFamily
from models_store.intake.safetensors_header import Tensor, read_tensors
from models_store.store import STARTER
from tests.models_store.intake.made import data_size, header_of, safetensors

TENSORS = {"a": (2, 3), "b": (4,)}


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "model.safetensors"
    path.write_bytes(content)
    return path


def _with(change: Callable[[dict[str, Any]], object], extra: int = 0) -> bytes:
    header = header_of(TENSORS)
    size = data_size(header)
    change(header)
    return safetensors(header, size + extra)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    path = _file(tmp_path, _with(lambda header: None))
    assert read_tensors(path) == (Tensor("a", "F32", (2, 3)), Tensor("b", "F32", (4,)))


@pytest.mark.model
def test_it_reads_what_the_library_reads() -> None:
    path = STARTER / "model.safetensors"
    with safe_open(path, framework="numpy") as file:
        theirs = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    assert {tensor.name: tensor.shape for tensor in read_tensors(path)} == theirs


WRONG: dict[str, bytes] = {
    "empty": b"",
    "shorter than a length": b"\0\0\0",
    "a length behind the end": struct.pack("<Q", 1 << 40) + b"{}",
    "a length of nearly 2^64": struct.pack("<Q", (1 << 64) - 1) + b"{}",
    "not JSON": safetensors(b"{'a': 1}", 8),
    "a list": safetensors(b"[1, 2]", 8),
    "deeply nested": safetensors(b"[" * 100_000, 8),
    "no tensors": safetensors(b'{"__metadata__": {}}', 0),
    "a tensor twice": safetensors(b'{"a": {}, "a": {}}', 8),
    "not described": safetensors(b'{"a": {"dtype": "F32"}}', 8),
    "a gap": _with(lambda header: header["b"].update(data_offsets=[28, 44]), extra=4),
    "an overlap": _with(lambda header: header["b"].update(data_offsets=[20, 36])),
    "bytes that belong to nothing": _with(lambda header: None, extra=1),
    "bytes that are missing": _with(lambda header: None, extra=-1),
    "a shape that takes more": _with(lambda header: header["b"].update(shape=[5])),
    "a negative size": _with(lambda header: header["b"].update(shape=[-4])),
    "a size that is true": _with(lambda header: header["b"].update(shape=[True])),
    "a size beyond all": _with(lambda header: header["b"].update(shape=[1 << 60])),
    "five sizes": _with(lambda header: header["b"].update(shape=[4, 1, 1, 1, 1])),
    "offsets the wrong way round": _with(lambda header: header["b"].update(data_offsets=[40, 24])),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_a_wrong_file_is_refused(what: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenModel, match=r"model\.safetensors"):
        read_tensors(_file(tmp_path, WRONG[what]))


def test_weights_quantized_for_another_program_are_not_known(tmp_path: Path) -> None:
    header = header_of(TENSORS, "I8")
    with pytest.raises(UnknownFamily, match="'I8'"):
        read_tensors(_file(tmp_path, safetensors(header, data_size(header))))
