"""Base + adapter -> files that ship."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from peft import get_peft_model_state_dict
from transformers import AutoModelForCausalLM

from models_store.card import ModelCard
from models_store.starter.encoding import Encoded
from models_store.store import CARD, STARTER_WEIGHTS
from models_store.tuning.batches import Example
from models_store.tuning.lora import Training
from models_store.tuning.merge import ADAPTER, digests_of, write_card, write_merged
from models_store.tuning.settings import LoraSettings

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")


def _examples(epoch: int) -> list[Example]:
    return [Example(Encoded([1, *range(20, 20 + n), 7, 8, 9], n + 1, [1.0] * 3, [])) for n in range(5, 20)]


def _training(base: Path, work: Path) -> Training:
    return Training(base, LoraSettings(epochs=2, rate=2e-2), examples=_examples, work=work, run="run")


@pytest.fixture
def stranger(base: Path, tmp_path: Path) -> Path:
    """A base of another family: more tokenizer files, a template and settings for chats, and what nobody needs."""
    folder = tmp_path / "stranger"
    shutil.copytree(base, folder)
    for name in (
        "tokenizer.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.json",
        "merges.txt",
        "LICENSE",
    ):
        (folder / name).write_text("{}", encoding="utf-8")
    config = json.loads((folder / "tokenizer_config.json").read_bytes())
    (folder / "tokenizer_config.json").write_text(json.dumps({**config, "chat_template": "{{ evil }}"}))
    (folder / "generation_config.json").write_text(json.dumps({"temperature": 0.6, "top_p": 0.9, "do_sample": False}))
    (folder / "chat_template.jinja").write_text("{{ evil }}")
    (folder / "modeling.py").write_text("raise SystemExit")
    return folder


def test_the_merged_model_answers_as_the_adapter_does(base: Path, tmp_path: Path) -> None:
    training = _training(base, tmp_path)
    training.run()
    tokens = torch.arange(20, 40)[None]
    training.model.eval()
    with torch.no_grad():
        wanted = training.model(tokens).logits
        write_merged(training.model, base, tmp_path, adapter=tmp_path / ADAPTER)
        merged = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
        plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        assert torch.allclose(merged(tokens).logits, wanted, atol=1e-4)
        assert not torch.allclose(plain(tokens).logits, wanted, atol=1e-2)


def test_all_that_a_conversion_needs_goes_along_and_nothing_else(stranger: Path, tmp_path: Path) -> None:
    merged = tmp_path / "merged"
    write_merged(_training(stranger, tmp_path).model, stranger, merged, adapter=tmp_path / ADAPTER)
    assert sorted(path.name for path in merged.iterdir()) == [
        "LICENSE", "added_tokens.json", "config.json", "generation_config.json", "merges.txt", "model.safetensors",
        "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json",
    ]  # fmt: skip
    assert "evil" not in "".join(path.read_text("utf-8", "replace") for path in merged.glob("*.json"))
    assert (merged / "tokenizer.model").read_bytes() == (stranger / "tokenizer.model").read_bytes()
    kept = json.loads((merged / "generation_config.json").read_bytes())
    assert kept.keys() <= {"bos_token_id", "eos_token_id", "pad_token_id", "_from_model_config", "transformers_version"}
    assert "chat_template" in json.loads((stranger / "tokenizer_config.json").read_bytes())


def test_an_adapter_says_nothing_of_the_folders_of_the_box(base: Path, tmp_path: Path) -> None:
    write_merged(_training(base, tmp_path).model, base, tmp_path / "merged", adapter=tmp_path / ADAPTER)
    assert sorted(digests_of(tmp_path / ADAPTER)) == ["adapter_config.json", "adapter_model.safetensors"]
    assert str(base) not in (tmp_path / ADAPTER / "adapter_config.json").read_text(encoding="utf-8")


def test_the_card_tells_the_lineage(base: Path, tmp_path: Path) -> None:
    training = _training(base, tmp_path)
    assert get_peft_model_state_dict(training.model)
    write_merged(training.model, base, tmp_path, adapter=tmp_path / ADAPTER)
    (tmp_path / STARTER_WEIGHTS).write_bytes(b"weights")
    before = ModelCard.model_validate_json((base / CARD).read_bytes())
    card = write_card(tmp_path, before, {"seed": 1}, name="tuned", dataset="d" * 64)
    assert (card.base, card.dataset_digest, len(card.adapter)) == (before.digest, "d" * 64, 64)
    assert (card.context_tokens, card.model_extra) == (1024, {"training": {"seed": 1}})
    assert ModelCard.model_validate_json((tmp_path / CARD).read_bytes()) == card
