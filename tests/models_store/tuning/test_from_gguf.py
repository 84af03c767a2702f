"""A GGUF that is read back counts only when it would give the same model."""

from __future__ import annotations

from pathlib import Path

import pytest

from models_store.intake.gguf_header import GgufHeader, read_gguf
from models_store.tuning.from_gguf import differences
from tests.models_store.intake.made import GGUF_TENSORS, gguf


def _header(folder: Path, content: bytes) -> GgufHeader:
    path = folder / "m.gguf"
    path.write_bytes(content)
    return read_gguf(path)


def test_descriptions_and_templates_may_differ(tmp_path: Path) -> None:
    one = _header(tmp_path, gguf())
    other = _header(tmp_path, gguf({"general.name": "Other", "tokenizer.chat_template": None}))
    assert differences(one, other) == ""


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"llama.attention.head_count": 4}, "llama.attention.head_count"),
        ({"llama.context_length": None}, "llama.context_length"),
        ({"tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "b"]}, "tokenizer.ggml.tokens"),
        ({"tokenizer.ggml.token_type": [2, 3, 3, 4]}, "tokenizer.ggml.token_type"),
        ({"tokenizer.ggml.scores": [0.0, 0.0, 0.0, -1.0]}, "tokenizer.ggml.scores"),
        ({"tokenizer.ggml.bos_token_id": 2}, "tokenizer.ggml.bos_token_id"),
    ],
    ids=["heads", "context", "tokens", "kinds", "scores", "begin"],
)
def test_another_model_is_told(keys: dict[str, object], found: str, tmp_path: Path) -> None:
    assert differences(_header(tmp_path, gguf()), _header(tmp_path, gguf(keys))) == found


def test_a_usual_value_may_be_left_out(tmp_path: Path) -> None:
    said, left_out = _header(tmp_path, gguf({"llama.attention.key_length": 16})), _header(tmp_path, gguf())
    assert differences(said, left_out) == differences(left_out, said) == ""
    unusual = _header(tmp_path, gguf({"llama.attention.key_length": 8}))
    assert differences(unusual, left_out) == differences(left_out, unusual) == "llama.attention.key_length"


def test_another_tensor_is_told(tmp_path: Path) -> None:
    """As the factors of Llama 3's positions, which a reader may leave out."""
    more = _header(tmp_path, gguf(tensors={**GGUF_TENSORS, "rope_freqs.weight": (16,)}))
    assert differences(more, _header(tmp_path, gguf())) == "tensor rope_freqs.weight"
