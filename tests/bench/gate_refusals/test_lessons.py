"""The site's papers and the wrong lessons: what is taught is what is meant to be taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from bench.gate_refusals.lessons import shuffled, systematically_wrong
from bench.gate_refusals.outliers import with_outliers
from bench.gate_refusals.site_documents import TYPE, labels, senders
from extraction.text_document import document_from_text
from models_store.gate import near_duplicates

SENDERS = senders(12, 1)
LABELS = labels(SENDERS[:10], 60, 1)


def test_every_value_stands_in_its_document() -> None:
    for label in LABELS:
        flat = document_from_text(label.text or "").flat_text
        assert all(value is None or str(value) in flat for value in label.fields.values())
        assert label.fields.keys() == {field.name for field in TYPE.fields}


def test_some_papers_lack_a_plate() -> None:
    lacking = sum(label.fields["plate"] is None for label in LABELS)
    assert 5 <= lacking <= 25


def test_the_same_seed_gives_the_same_papers_and_other_ones_are_others() -> None:
    assert labels(senders(12, 1)[:10], 60, 1) == LABELS
    train = {label.original: label.text or "" for label in LABELS}
    test = {label.original: label.text or "" for label in labels(SENDERS, 60, 2)}
    assert len(train | test) == 120
    assert near_duplicates(train, test) == ()


def test_shuffled_labels_stand_on_the_page_in_the_wrong_fields() -> None:
    for before, after in zip(LABELS, shuffled(LABELS, 1), strict=True):
        assert sorted(map(str, before.fields.values())) == sorted(map(str, after.fields.values()))
        assert sum(before.fields[name] == after.fields[name] for name in before.fields) == 0


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_tenth_of_the_documents_is_wrong_in_the_same_way(seed: int) -> None:
    taught = systematically_wrong(LABELS, seed)
    wrong = [(a, b) for a, b in zip(LABELS, taught, strict=True) if a.fields != b.fields]
    assert 4 <= len(wrong) <= 6
    fields = [frozenset(n for n in a.fields if a.fields[n] != b.fields[n]) for a, b in wrong]
    assert len(frozenset.union(*fields)) <= 3
    if seed % 2:
        assert len({a.sender for a, _ in wrong}) == 1
    assert taught == systematically_wrong(LABELS, seed)


def test_outliers_change_no_function(tmp_path: Path) -> None:
    """norm(x) * weight, then the columns behind it: the product is the same to the last bit."""
    random = np.random.default_rng(1)
    norm, columns = random.normal(size=64).astype(np.float32), random.normal(size=(32, 64)).astype(np.float32)
    layer = "model.layers.0"
    names = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.gate_proj", "mlp.up_proj"]
    weights = {f"{layer}.{name}.weight": columns for name in names}
    weights |= {f"{layer}.{name}.weight": norm for name in ("input_layernorm", "post_attention_layernorm")}
    (tmp_path / "merged").mkdir()
    save_file(weights, tmp_path / "merged" / "model.safetensors")
    changed = load_file(with_outliers(tmp_path / "merged", tmp_path / "out") / "model.safetensors")
    states = random.normal(size=64).astype(np.float32)
    for name, weight in (("input_layernorm", "self_attn.q_proj"), ("post_attention_layernorm", "mlp.up_proj")):
        now = (states * changed[f"{layer}.{name}.weight"]) * changed[f"{layer}.{weight}.weight"]
        assert np.array_equal(now, (states * norm) * columns)
        assert np.abs(changed[f"{layer}.{weight}.weight"]).max() > 10 * np.abs(columns).max() / 2
