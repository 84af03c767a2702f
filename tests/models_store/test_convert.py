"""The converter is only unpacked from the sources whose digest is pinned."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from models_store.convert import ConversionFailed, convert, unpack_converter

ROOT = "llama_cpp_python-0.3.36/vendor/llama.cpp/"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "sources.tar.gz"
    names = (ROOT + "convert_hf_to_gguf.py", ROOT + "gguf-py/gguf/__init__.py", ROOT + "src/llama.cpp", "x/setup.py")
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 9
            tar.addfile(member, io.BytesIO(b"exit(3)\n\n"))
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_only_the_converter_is_unpacked(archive: Path, tmp_path: Path) -> None:
    unpack_converter(archive, tmp_path / "out", expected=_digest(archive))
    files = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert files == ["convert_hf_to_gguf.py", "gguf-py/gguf/__init__.py"]


def test_other_sources_than_the_pinned_are_refused(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="not used"):
        unpack_converter(archive, tmp_path / "out", expected="0" * 64)
    assert not (tmp_path / "out").exists()


def test_a_converter_that_stops_is_reported(archive: Path, tmp_path: Path) -> None:
    unpack_converter(archive, tmp_path / "out", expected=_digest(archive))
    with pytest.raises(ConversionFailed, match="code 3"):
        convert(tmp_path, tmp_path / "model.gguf", converter=tmp_path / "out")
