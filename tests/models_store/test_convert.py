"""The converter: unpacked from the pinned sources alone, found without a connection, its failures told."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from extraction.language_model_llama import LlamaCppModel
from models_store import convert as module
from models_store.convert import (
    ConversionFailed,
    ConverterMissing,
    Quantization,
    convert,
    convert_adapter,
    find_converter,
    quantize,
    unpack_converter,
)
from models_store.starter.random_weights import export_random

ROOT = "llama_cpp_python-0.3.36/vendor/llama.cpp/"
FILES = ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py", "gguf-py/gguf/__init__.py")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "cache").mkdir()
    path = tmp_path / "cache" / module.SOURCES_FILE
    with tarfile.open(path, "w:gz") as tar:
        for name in (*(ROOT + file for file in FILES), ROOT + "src/llama.cpp", "x/setup.py"):
            member = tarfile.TarInfo(name)
            member.size = 9
            tar.addfile(member, io.BytesIO(b"exit(3)\n\n"))
    return path


@pytest.fixture
def pinned(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an archive that is the pinned one."""
    monkeypatch.setattr(module, "SOURCES_SHA256", _digest(archive))
    return archive.parent


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_only_the_converter_is_unpacked(archive: Path, tmp_path: Path) -> None:
    unpack_converter(archive, tmp_path / "out", expected=_digest(archive))
    files = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert files == list(FILES)


def test_other_sources_than_the_pinned_are_refused(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="not used"):
        unpack_converter(archive, tmp_path / "out", expected="0" * 64)
    with pytest.raises(ConversionFailed, match="not used"):
        find_converter(archive.parent)
    assert not (tmp_path / "out").exists()


def test_sources_that_were_carried_to_the_box_are_found_and_unpacked_once(pinned: Path) -> None:
    found = find_converter(pinned)
    assert found == pinned / "llama.cpp"
    (pinned / module.SOURCES_FILE).unlink()
    assert find_converter(pinned) == found == find_converter(found)


def test_a_converter_that_was_unpacked_by_an_older_release_is_completed(pinned: Path) -> None:
    (find_converter(pinned) / "convert_lora_to_gguf.py").unlink()
    assert (find_converter(pinned) / "convert_lora_to_gguf.py").is_file()


def test_a_missing_converter_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConverterMissing) as caught:
        convert(tmp_path, tmp_path / "model.gguf", converter=tmp_path / "nothing here")
    assert caught.value.code == "converter_missing"
    assert "pip download" in caught.value.next_step
    assert module.SOURCES_FILE in caught.value.detail


def test_a_converter_that_stops_is_reported(pinned: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="code 3"):
        convert(tmp_path, tmp_path / "model.gguf", converter=pinned)
    with pytest.raises(ConversionFailed, match="code 3"):
        convert_adapter(tmp_path, tmp_path / "model.gguf", base=tmp_path, converter=pinned)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_random(tmp_path_factory.mktemp("tiny"))


@pytest.mark.model
@pytest.mark.parametrize("quantization", Quantization, ids=lambda quantization: quantization.name)
def test_every_quantization_can_be_loaded(tiny: Path, tmp_path: Path, quantization: Quantization) -> None:
    target = tmp_path / "smaller.gguf"
    quantize(tiny, target, quantization)
    assert target.stat().st_size < tiny.stat().st_size
    with LlamaCppModel.load(target, threads=1) as model:
        assert model.count_tokens("12.50") > 0


@pytest.mark.model
def test_tensors_too_narrow_for_a_quantization_are_counted(tiny: Path, tmp_path: Path) -> None:
    """Rows of 64 and 128 numbers fill blocks of 32, and none of 256."""
    assert quantize(tiny, tmp_path / "q8.gguf", Quantization.Q8_0).fallbacks == 0
    assert quantize(tiny, tmp_path / "q2.gguf", Quantization.Q2_K).fallbacks == 14


@pytest.mark.model
def test_importance_changes_what_is_written(tiny: Path, tmp_path: Path) -> None:
    def made(name: str, importance: module.Importance | None) -> bytes:
        quantize(tiny, tmp_path / name, Quantization.Q4_0, importance=importance)
        return (tmp_path / name).read_bytes()

    uneven = np.linspace(0.01, 100, 64, dtype=np.float32)
    plain, same = made("plain", None), made("same", None)
    assert plain == same
    weighed = made("weighed", {"blk.0.attn_q.weight": uneven})
    assert weighed != plain
    assert len(weighed) >= len(plain)
    assert made("again", {"blk.0.attn_q.weight": uneven}) == weighed


@pytest.mark.model
def test_importance_of_another_shape_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="imatrix size"):
        quantize(tiny, tmp_path / "x.gguf", importance={"blk.0.attn_q.weight": np.ones(3, dtype=np.float32)})


def test_what_is_no_model_is_not_quantized(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"not a model" * 100)
    with pytest.raises(ConversionFailed, match="stopped with code"):
        quantize(tmp_path / "model.gguf", tmp_path / "q8.gguf")
