"""An adapter laid over a model answers as the merged file does, and comes off again without a trace.

The weights are random and the adapter is drawn: the merged file is base + alpha / rank * B A, computed here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from extraction.errors import ModelUnavailable
from extraction.grammar import build_grammar
from extraction.language_model import Generation, LanguageModel, Limits, adapted_digest
from extraction.language_model_llama import LlamaCppModel
from extraction.pipeline import extract
from extraction.prompt import render
from extraction.records import Extraction
from extraction.text_document import document_from_text
from models_store.durable import file_digest
from models_store.starter.random_weights import Entry, export_random, read_header, write_gguf
from tests.extraction.example_types import EVERYTHING

pytestmark = pytest.mark.model
TEXTS = (
    "ACME Ltd\nTotal  12.50\n04/03/2024",
    "Other Inc\nSum 9.99 EUR",
    'A \\ B "C"\n1 2 3',
    "Tel. 0301 Date 1 May 2024",
)
RANK, ALPHA, WIDTH, INNER = 4, 8.0, 64, 128
STRING, FLOAT = 8, 6
SHAPES = {"attn_q": (WIDTH, WIDTH), "ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}
Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Files:
    base: Path
    adapters: tuple[Path, Path]
    merged: Path
    """Base and the first adapter."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("adapters")
    base = export_random(folder / "base")
    adapters = tuple(drawn_adapter(folder / f"{seed}.gguf", seed) for seed in (1, 2))
    return Files(base, (adapters[0], adapters[1]), _merged(base, folder / "merged.gguf", seed=1))


@pytest.fixture(scope="module")
def model(files: Files) -> Iterator[LlamaCppModel]:
    with LlamaCppModel.load(files.base, threads=1) as model:
        yield model


def _drawn(seed: int) -> Arrays:
    random, drawn = np.random.default_rng(seed), {}
    for layer in range(2):
        for name, (rows, columns) in SHAPES.items():
            tensor = f"blk.{layer}.{name}.weight"
            drawn[f"{tensor}.lora_a"] = random.normal(0, 0.3, (RANK, columns)).astype(np.float32)
            drawn[f"{tensor}.lora_b"] = random.normal(0, 0.3, (rows, RANK)).astype(np.float32)
    return drawn


def drawn_adapter(path: Path, seed: int) -> Path:
    texts = {"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}
    entries = [Entry(key.encode(), STRING, _text(value)) for key, value in texts.items()]
    write_gguf(path, [*entries, Entry(b"adapter.lora.alpha", FLOAT, struct.pack("<f", ALPHA))], _drawn(seed))
    return path


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def _merged(base: Path, path: Path, *, seed: int) -> Path:
    """The base's file with B A added where its tensors stand: they are written in 32 bits, one behind the other."""
    data, drawn = bytearray(base.read_bytes()), _drawn(seed)
    places = _places(bytes(data))
    for tensor in {name.rsplit(".", 1)[0] for name in drawn}:
        change = drawn[f"{tensor}.lora_b"] @ drawn[f"{tensor}.lora_a"] * np.float32(ALPHA / RANK)
        weights = np.frombuffer(data, np.float32, change.size, places[tensor])
        weights += change.ravel()
    path.write_bytes(data)
    return path


def _places(data: bytes) -> dict[str, int]:
    """Where each tensor's numbers begin."""
    entries = read_header(data)
    position = 24 + sum(8 + len(entry.key) + 4 + len(entry.value) for entry in entries)
    offsets = {}
    for _ in range(struct.unpack_from("<Q", data, 8)[0]):
        (length,) = struct.unpack_from("<Q", data, position)
        name = data[position + 8 : position + 8 + length].decode()
        (sizes,) = struct.unpack_from("<I", data, position + 8 + length)
        position += 8 + length + 4 + 8 * sizes + 4
        (offsets[name],) = struct.unpack_from("<Q", data, position)
        position += 8
    start = -(-position // 32) * 32
    return {name: start + offset for name, offset in offsets.items()}


def _adapted(model: LlamaCppModel, path: Path) -> LanguageModel:
    return model.adapted(path, digest=file_digest(path))


def _answers(model: LanguageModel) -> list[Extraction]:
    """As far as they depend on the answers alone."""
    found = [extract(document_from_text(text), EVERYTHING, model) for text in TEXTS]
    return [replace(extraction, seconds=0.0) for extraction in found]


def _values(model: LanguageModel) -> list[list[object]]:
    return [[(value.path, value.raw) for value in extraction.values] for extraction in _answers(model)]


def _generation(model: LanguageModel, text: str) -> Generation:
    document = document_from_text(text)
    return model.generate(render(EVERYTHING, document.pages), build_grammar(EVERYTHING, text), limits=Limits())


def test_base_and_adapter_answer_as_the_merged_file(model: LlamaCppModel, files: Files) -> None:
    adapted = _adapted(model, files.adapters[0])
    with LlamaCppModel.load(files.merged, threads=1) as merged:
        assert _values(adapted) == _values(merged)
        for text in TEXTS:
            ours, theirs = _generation(adapted, text), _generation(merged, text)
            assert ours.tokens == theirs.tokens
            shares = [[c.probability for c in generation.choices] for generation in (ours, theirs)]
            assert np.allclose(*shares, atol=1e-4)


def test_control_without_the_adapter_answers_differ(model: LlamaCppModel, files: Files) -> None:
    first, second = (_adapted(model, path) for path in files.adapters)
    answers = [_values(asked) for asked in (model, first, second)]
    assert answers[0] != answers[1] != answers[2] != answers[0]


def test_swapped_forth_and_back_answers_are_those_of_fresh_loading(model: LlamaCppModel, files: Files) -> None:
    first, second = (_adapted(model, path) for path in files.adapters)
    swapped = [_answers(asked) for asked in (model, first, second, first, model)]
    fresh = []
    for path in (None, *files.adapters):
        with LlamaCppModel.load(files.base, threads=1) as loaded:
            fresh.append(_answers(loaded if path is None else _adapted(loaded, path)))
    assert swapped == [fresh[0], fresh[1], fresh[2], fresh[1], fresh[0]]


def test_the_kept_schema_is_forgotten_at_a_swap(model: LlamaCppModel, files: Files) -> None:
    """The same document asked twice uses the kept state; asked of the other model in between it must not."""
    adapted = _adapted(model, files.adapters[0])
    before = _generation(adapted, TEXTS[0])
    _generation(model, TEXTS[0])
    assert _generation(adapted, TEXTS[0]) == before


def test_the_digest_names_base_and_adapter(model: LlamaCppModel, files: Files) -> None:
    first, second = (_adapted(model, path) for path in files.adapters)
    assert first.digest == adapted_digest(model.digest, file_digest(files.adapters[0]))
    assert len({model.digest, first.digest, second.digest, file_digest(files.adapters[0])}) == 4
    assert {extraction.digests.model for extraction in _answers(first)} == {first.digest}
    assert first.context_tokens == model.context_tokens


def test_threads_that_ask_different_adapters_take_turns(model: LlamaCppModel, files: Files) -> None:
    asked = [model, *(_adapted(model, path) for path in files.adapters)]
    one_by_one = [_answers(one) for one in asked]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(_answers, asked)) == one_by_one


def test_another_file_than_the_digest_names_is_refused(model: LlamaCppModel, files: Files) -> None:
    with pytest.raises(ModelUnavailable, match="hashes to"):
        model.adapted(files.adapters[0], digest="0" * 64)


@pytest.mark.parametrize("content", ["model", "garbage", "other"], ids=["a model", "garbage", "of another shape"])
def test_what_is_no_adapter_of_this_model_is_refused(
    model: LlamaCppModel, files: Files, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(files.merged.read_bytes() if content == "model" else b"GGUF" * 50)
    if content == "other":
        drawn_adapter(path, 1)
        path.write_bytes(path.read_bytes().replace(b"blk.1.ffn_up", b"blk.7.ffn_up"))
    before = _values(model)
    with pytest.raises(ModelUnavailable, match="not an adapter of this model"):
        _adapted(model, path)
    assert _values(model) == before


def test_a_missing_adapter_is_no_model(model: LlamaCppModel, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        model.adapted(tmp_path / "none.gguf", digest="0" * 64)
