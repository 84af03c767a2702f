"""GGUF files from outside: header, sizes and vocabulary are checked before llama.cpp sees them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from extraction.language_model_vocabulary import Vocabulary
from models_store.intake.cleaned import clean_gguf
from models_store.intake.errors import BrokenModel, ModelTooLarge, UnknownFamily, UnsafeFile
from models_store.intake.gguf_file import check_gguf
from models_store.intake.gguf_header import read_gguf
from models_store.store import STARTER, STARTER_WEIGHTS
from tests.models_store.intake.made import GGUF_KEYS, GGUF_TENSORS, gguf

GOOD = gguf()


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "tiny.gguf"
    path.write_bytes(content)
    return path


def _changed(at: int, layout: str, value: int) -> bytes:
    """The good file with a number at a place of its header replaced."""
    content = bytearray(GOOD)
    struct.pack_into(layout, content, at, value)
    return bytes(content)


def test_a_right_file_is_taken(tmp_path: Path) -> None:
    found = check_gguf(_file(tmp_path, GOOD))
    assert (found.family, found.vocabulary, found.context_tokens, found.numbers) == ("llama", 4, 128, "F32")
    assert found.untrusted_name == "Tiny"
    assert found.has_template
    assert found.parameters == 32 * 4 + 3 * 32


@pytest.mark.model
def test_the_starter_is_taken() -> None:
    found = check_gguf(STARTER / STARTER_WEIGHTS)
    assert (found.family, found.vocabulary, found.numbers, found.has_template) == ("llama", 4096, "Q8_0", False)


FIRST_KEY = 24
WRONG = {
    "empty": b"",
    "another magic": b"GGML" + GOOD[4:],
    "another byte order": b"FUGG" + GOOD[4:],
    "version 1": _changed(4, "<I", 1),
    "no tensors": _changed(8, "<Q", 0),
    "2^63 tensors": _changed(8, "<Q", 1 << 63),
    "2^40 keys": _changed(16, "<Q", 1 << 40),
    "a key of 2^50 bytes": _changed(FIRST_KEY, "<Q", 1 << 50),
    "a key that runs out of the file": _changed(FIRST_KEY, "<Q", 500),
    "cut in its header": GOOD[:200],
    "cut in its tensors": GOOD[:-33],
    "longer than its tensors": GOOD + bytes(64),
    "a value of no known type": GOOD.replace(struct.pack("<I", 8) + struct.pack("<Q", 5), struct.pack("<IQ", 77, 5), 1),
    "tensors that overlap": gguf(tensors=GGUF_TENSORS).replace(
        struct.pack("<IQIQ", 1, 32, 0, 512), struct.pack("<IQIQ", 1, 32, 0, 480), 1
    ),
    "an alignment of three": gguf({"general.alignment": 3}),
    "no block count": gguf({"llama.block_count": None}),
    "more layers than tensors": gguf({"llama.block_count": 3}),
    "another width than its table": gguf({"llama.embedding_length": 64}),
    "no heads of keys": gguf({"llama.attention.head_count_kv": 0}),
    "more heads of keys than heads": gguf({"llama.attention.head_count_kv": 3}),
    "a rotation wider than the model": gguf({"llama.rope.dimension_count": 1 << 31}),
    "fewer scores than tokens": gguf({"tokenizer.ggml.scores": [0.0]}),
    "a mark outside of the vocabulary": gguf({"tokenizer.ggml.bos_token_id": 4}),
    "no tokens": gguf({"tokenizer.ggml.tokens": None}),
    "layers that differ": gguf(tensors={**GGUF_TENSORS, "blk.1.ffn_norm.weight": (32,)}),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_a_wrong_file_is_refused(what: str, tmp_path: Path) -> None:
    assert WRONG[what] != GOOD
    with pytest.raises(BrokenModel):
        check_gguf(_file(tmp_path, WRONG[what]))


@pytest.mark.parametrize("size", range(0, len(GOOD), 61))
def test_a_file_that_is_cut_anywhere_is_refused(size: int, tmp_path: Path) -> None:
    with pytest.raises(BrokenModel):
        check_gguf(_file(tmp_path, GOOD[:size]))


@pytest.mark.parametrize(
    "keys",
    [
        {"general.architecture": "rwkv"},
        {"general.architecture": ""},
        {"tokenizer.ggml.model": "bert"},
        {"split.count": 3},
    ],
    ids=lambda keys: str(next(iter(keys))),
)
def test_an_unknown_kind_is_refused(keys: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UnknownFamily):
        check_gguf(_file(tmp_path, gguf(keys)))


def test_a_model_beyond_the_limits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelTooLarge):
        check_gguf(_file(tmp_path, gguf({"llama.block_count": 1000})))


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.gguf").symlink_to(_file(tmp_path, GOOD))
    with pytest.raises(UnsafeFile):
        check_gguf(tmp_path / "link.gguf")


def test_the_clean_copy_has_no_template_and_all_else(tmp_path: Path) -> None:
    source, target = _file(tmp_path, gguf({"tokenizer.chat_template.tool": "{{ 1 }}"})), tmp_path / "clean.gguf"
    clean_gguf(source, target)
    before, after = read_gguf(source), read_gguf(target)
    assert dict(after.values) == {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in GGUF_KEYS.items()
        if name != "tokenizer.chat_template"
    }
    assert after.tensors == before.tensors
    assert target.read_bytes()[after.data_start :] == source.read_bytes()[before.data_start :]
    assert b"{{" in source.read_bytes()
    assert b"{{" not in target.read_bytes()


@pytest.mark.model
def test_the_engine_reads_a_clean_copy_as_the_original(tmp_path: Path) -> None:
    source, target = STARTER / STARTER_WEIGHTS, tmp_path / "clean.gguf"
    clean_gguf(source, target)
    assert target.read_bytes() == source.read_bytes(), "the starter has no template: nothing changes"
    assert Vocabulary.of_file(target).tokenise("Total 12") == Vocabulary.of_file(source).tokenise("Total 12")
