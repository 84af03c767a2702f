"""Importance: every quantized tensor of a layer gets one number for each column, named as llama.cpp names it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from extraction.errors import LabelsError
from extraction.schema import DocumentTypeSpec
from models_store.tuning.importance import Documents, find_importance, read_importance, tensor_name

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
LABEL = {"text": "ACME Ltd\nTotal 12.50 EUR\nPaid by card", "fields": {"shop": "ACME Ltd", "total": "12.50"}}


@pytest.fixture
def documents(tmp_path: Path, receipt: DocumentTypeSpec) -> Documents:
    (tmp_path / "type.json").write_text(receipt.model_dump_json())
    labels = tmp_path / "train.jsonl"
    labels.write_text("\n".join(json.dumps({**LABEL, "id": str(number)}) for number in range(3)))
    return Documents(labels, tmp_path / "type.json", 256)


def test_tensors_of_all_layers_are_named_as_in_the_gguf(base: Path, documents: Documents, tmp_path: Path) -> None:
    find_importance(base, documents, out=tmp_path / "importance.safetensors")
    found = read_importance(tmp_path / "importance.safetensors")
    widths = {"attn_q": 32, "attn_k": 32, "attn_v": 32, "attn_output": 32, "ffn_gate": 32, "ffn_up": 32, "ffn_down": 64}
    assert {name: array.shape for name, array in found.items()} == {
        f"blk.0.{name}.weight": (width,) for name, width in widths.items()
    }
    assert all(np.isfinite(array).all() and (array >= 0).all() and array.any() for array in found.values())
    # The same numbers flow into all three.
    assert np.array_equal(found["blk.0.attn_q.weight"], found["blk.0.attn_v.weight"])
    assert not np.array_equal(found["blk.0.attn_q.weight"], found["blk.0.ffn_up.weight"])


def test_it_is_the_mean_square_of_what_flows_in(base: Path, documents: Documents, tmp_path: Path) -> None:
    """Checked on the first layer: its input is the normed embedding, so doubling a norm's weight makes it fourfold."""
    out = tmp_path / "importance.safetensors"
    find_importance(base, documents, out=out)
    before = read_importance(out)["blk.0.attn_q.weight"]
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with torch.no_grad():
        model.model.layers[0].input_layernorm.weight[5] *= 2
    changed = tmp_path / "changed"
    model.save_pretrained(changed)
    (changed / "tokenizer.model").write_bytes((base / "tokenizer.model").read_bytes())
    find_importance(changed, documents, out=out)
    after = read_importance(out)["blk.0.attn_q.weight"]
    assert after[5] == pytest.approx(4 * before[5], rel=1e-4)
    assert np.allclose(np.delete(after, 5), np.delete(before, 5), rtol=1e-4)


def test_the_same_documents_give_the_same_file(base: Path, documents: Documents, tmp_path: Path) -> None:
    files = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for file in files:
        find_importance(base, documents, out=file)
    assert files[0].read_bytes() == files[1].read_bytes()
    documents.labels.write_text(json.dumps({**LABEL, "id": "1", "text": "ACME Ltd wants 12.50 soon"}))
    find_importance(base, documents, out=files[1])
    assert files[0].read_bytes() != files[1].read_bytes()


def test_documents_without_labels_are_refused(base: Path, documents: Documents, tmp_path: Path) -> None:
    documents.labels.write_text("")
    with pytest.raises(LabelsError):
        find_importance(base, replace(documents, context_tokens=128), out=tmp_path / "x.safetensors")


@pytest.mark.parametrize(
    ("module", "tensor"),
    [
        ("model.layers.0.self_attn.q_proj", "blk.0.attn_q.weight"),
        ("model.layers.31.self_attn.o_proj", "blk.31.attn_output.weight"),
        ("model.layers.7.mlp.gate_up_proj", "blk.7.ffn_up.weight"),
        ("model.layers.7.self_attn.qkv_proj", "blk.7.attn_qkv.weight"),
        ("model.language_model.layers.2.mlp.down_proj", "blk.2.ffn_down.weight"),
        ("lm_head", ""),
        ("model.layers.0.mlp.router", ""),
    ],
)
def test_names(module: str, tensor: str) -> None:
    assert tensor_name(module) == tensor
