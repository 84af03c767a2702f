"""Training: it learns, it goes on after a kill, and it keeps the best state."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from peft import get_peft_model_state_dict
from transformers import AutoModelForCausalLM

from models_store.card import ModelCard
from models_store.starter.encoding import Encoded
from models_store.store import CARD, STARTER_WEIGHTS
from models_store.tuning.lora import LoraSettings, Progress, Training
from models_store.tuning.merge import write_card, write_merged

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
SETTINGS = LoraSettings(epochs=3, batch_tokens=128, warm_up_steps=2, rate=2e-2)


class _Killed(BaseException):
    pass


def _examples(epoch: int) -> list[Encoded]:
    """Always the same answer, so that it can be learnt; the order of the lengths depends on the epoch."""
    sizes = [5 + (n * (epoch + 3)) % 20 for n in range(16)]
    return [Encoded([1, *range(20, 20 + size), 7, 8, 9], size + 1, [1.0, 1.0, 1.0], []) for size in sizes]


def _training(base: Path, work: Path, settings: LoraSettings = SETTINGS, run: str = "run") -> Training:
    return Training(base, settings, examples=_examples, work=work, run=run)


def _adapter(training: Training) -> dict[str, torch.Tensor]:
    return get_peft_model_state_dict(training.model)


def test_the_loss_falls_and_the_time_left_is_told(base: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    training = _training(base, tmp_path)
    figures = training.run(_examples(9), told.append)
    assert figures.losses[-1] < 0.95 * figures.losses[0]
    assert figures.calibration[-1] < figures.calibration[0]
    assert len(told) == figures.step == len(figures.losses)
    assert (told[-1].share, told[-1].seconds_left) == (1.0, 0.0)


def test_a_killed_run_ends_with_the_same_adapter(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_store.tuning.lora._CHECKPOINT_SECONDS", 0.0)
    whole = _training(base, tmp_path)
    whole_figures = whole.run(_examples(9))
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()

    def kill(progress: Progress) -> None:
        if progress.step == 6:
            raise _Killed

    with pytest.raises(_Killed):
        _training(base, tmp_path).run(_examples(9), kill)
    resumed = _training(base, tmp_path)
    figures = resumed.run(_examples(9))
    assert figures.losses == whole_figures.losses
    assert all(torch.equal(_adapter(resumed)[name], tensor) for name, tensor in _adapter(whole).items())


def test_the_checkpoint_of_another_run_is_not_gone_on_with(base: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    _training(base, tmp_path).run()
    _training(base, tmp_path).run(on_progress=lambda progress: steps.append(progress.step))
    assert steps == []
    _training(base, tmp_path, run="other").run(on_progress=lambda progress: steps.append(progress.step))
    assert steps[0] == 1


def test_a_run_that_grows_worse_ends_early_with_what_was_best(base: Path, tmp_path: Path) -> None:
    opposite = [Encoded([1, *range(20, 30), 11, 12, 13], 11, [1.0, 1.0, 1.0], [])]
    training = _training(base, tmp_path, LoraSettings(epochs=9, batch_tokens=128, warm_up_steps=1, rate=5e-2))
    figures = training.run(opposite)
    assert figures.epoch < 9
    assert min(figures.calibration) == figures.calibration[0]
    assert all(not tensor.any() for name, tensor in _adapter(training).items() if "lora_B" in name)


def test_minutes_end_a_run(base: Path, tmp_path: Path) -> None:
    figures = _training(base, tmp_path, LoraSettings(epochs=10_000, minutes=0.005, batch_tokens=128)).run()
    assert figures.epoch < 10_000


def test_the_merged_model_answers_as_the_adapter_does(base: Path, tmp_path: Path) -> None:
    training = _training(base, tmp_path)
    training.run()
    tokens = torch.arange(20, 40)[None]
    training.model.eval()
    with torch.no_grad():
        wanted = training.model(tokens).logits
        write_merged(training.model, base, tmp_path)
        merged = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
        plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        assert torch.allclose(merged(tokens).logits, wanted, atol=1e-4)
        assert not torch.allclose(plain(tokens).logits, wanted, atol=1e-2)
    assert (tmp_path / "tokenizer.model").read_bytes() == (base / "tokenizer.model").read_bytes()


def test_the_card_tells_the_lineage(base: Path, tmp_path: Path) -> None:
    training = _training(base, tmp_path)
    write_merged(training.model, base, tmp_path)
    (tmp_path / STARTER_WEIGHTS).write_bytes(b"weights")
    before = ModelCard.model_validate_json((base / CARD).read_bytes())
    card = write_card(tmp_path, before, {"seed": 1}, name="tuned", dataset="d" * 64)
    assert (card.base, card.dataset_digest, len(card.adapter)) == (before.digest, "d" * 64, 64)
    assert (card.context_tokens, card.model_extra) == (1024, {"training": {"seed": 1}})
    assert ModelCard.model_validate_json((tmp_path / CARD).read_bytes()) == card
