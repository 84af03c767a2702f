"""Training: it learns, it goes on after a kill, and it keeps the best state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import get_peft_model_state_dict
from torch import Tensor
from transformers import AutoModelForCausalLM

from models_store.starter.encoding import Encoded
from models_store.tuning.batches import Batch, Example
from models_store.tuning.checkpoint import FOLDER
from models_store.tuning.errors import BaseUnusable, Diverged, Stopped
from models_store.tuning.lora import Training, Watch
from models_store.tuning.progress import Figures, Progress
from models_store.tuning.settings import LoraSettings
from models_store.tuning.trainer import answer_loss

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
SETTINGS = LoraSettings(epochs=3, batch_tokens=128, warm_up_steps=2, rate=2e-2)


class _Killed(BaseException):
    pass


def _answering(size: int, answer: tuple[int, ...] = (7, 8, 9), weight: float = 1.0) -> Example:
    return Example(Encoded([1, *range(20, 20 + size), *answer], size + 1, [1.0] * len(answer), []), weight)


def _examples(epoch: int) -> list[Example]:
    """Always the same answer, so that it can be learnt; the order of the lengths depends on the epoch."""
    return [_answering(5 + (n * (epoch + 3)) % 20) for n in range(16)]


def _training(base: Path, work: Path, settings: LoraSettings = SETTINGS, run: str = "run") -> Training:
    return Training(base, settings, examples=_examples, work=work, run=run)


def _adapter(training: Training) -> dict[str, Tensor]:
    found: dict[str, Tensor] = get_peft_model_state_dict(training.model)
    return found


def _same(one: Training, other: Training) -> bool:
    return all(torch.equal(_adapter(other)[name], tensor) for name, tensor in _adapter(one).items())


def _killing(step: int) -> Callable[[Progress], None]:
    def kill(progress: Progress) -> None:
        if progress.step == step and progress.calibration is None:
            raise _Killed

    return kill


@pytest.fixture(scope="module")
def whole(base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Training, list[Progress]]:
    """A run from beginning to end, and what it told."""
    told: list[Progress] = []
    training = _training(base, tmp_path_factory.mktemp("whole"))
    training.run(_examples(9), Watch(told.append))
    return training, told


def test_the_loss_falls_and_the_time_left_is_told(whole: tuple[Training, list[Progress]]) -> None:
    training, told = whole
    figures = training.figures
    assert figures.losses[-1] < 0.95 * figures.losses[0]
    assert figures.calibration[-1] < figures.calibration[0]
    steps = [one for one in told if one.calibration is None]
    assert [one.step for one in steps] == list(range(1, figures.step + 1))
    assert (steps[-1].share, steps[-1].seconds_left, steps[-1].epoch) == (1.0, 0.0, 3)
    assert [one.calibration for one in told if one.calibration is not None] == figures.calibration
    assert figures.tokens == sum(len(example.text.ids) for epoch in range(3) for example in _examples(epoch))


@pytest.mark.parametrize("step", [1, 4, 6, 11])
def test_a_killed_run_ends_with_the_same_adapter(
    whole: tuple[Training, list[Progress]], base: Path, tmp_path: Path, step: int
) -> None:
    with pytest.raises(_Killed):
        _training(base, tmp_path).run(_examples(9), Watch(_killing(step), checkpoint_seconds=0))
    told: list[Progress] = []
    resumed = _training(base, tmp_path)
    figures = resumed.run(_examples(9), Watch(told.append, checkpoint_seconds=0))
    assert [one.step for one in told if one.calibration is None][:1] == [step]
    assert figures.losses == whole[0].figures.losses
    assert figures.calibration == whole[0].figures.calibration
    assert _same(whole[0], resumed)


def test_without_the_state_of_the_optimizer_the_adapter_is_another(
    whole: tuple[Training, list[Progress]], base: Path, tmp_path: Path
) -> None:
    """The control of the test above: it would see the difference."""
    with pytest.raises(_Killed):
        _training(base, tmp_path).run(_examples(9), Watch(_killing(6), checkpoint_seconds=0))
    for lost in tmp_path.rglob("optimizer.pt"):
        lost.unlink()
    resumed = _training(base, tmp_path)
    resumed.run(_examples(9))
    assert not _same(whole[0], resumed)


def test_a_torn_checkpoint_is_skipped(whole: tuple[Training, list[Progress]], base: Path, tmp_path: Path) -> None:
    with pytest.raises(_Killed):
        _training(base, tmp_path).run(_examples(9), Watch(_killing(7), checkpoint_seconds=0))
    newest = max((tmp_path / FOLDER).iterdir(), key=lambda path: int(path.name.split("-")[1]))
    (newest / "whole.json").unlink()
    (newest / "adapter_model.safetensors").write_bytes(b"half")
    resumed = _training(base, tmp_path)
    resumed.run(_examples(9))
    assert _same(whole[0], resumed)


def test_a_stopped_run_goes_on(whole: tuple[Training, list[Progress]], base: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    with pytest.raises(Stopped):
        _training(base, tmp_path).run(_examples(9), Watch(told.append, lambda: len(told) > 5))
    found = list((tmp_path / FOLDER).iterdir())
    assert found, "a checkpoint is written although none was due"
    resumed = _training(base, tmp_path)
    resumed.run(_examples(9))
    assert _same(whole[0], resumed)


def test_a_run_that_has_ended_is_not_trained_again(base: Path, tmp_path: Path) -> None:
    first = _training(base, tmp_path)
    first.run(_examples(9))
    told: list[Progress] = []
    again = _training(base, tmp_path)
    again.run(_examples(9), Watch(told.append))
    assert told == []
    assert _same(first, again)
    _training(base, tmp_path, run="other").run((), Watch(told.append))
    assert told[0].step == 1, "the checkpoint of another run is not gone on with"


def test_a_run_that_grows_worse_ends_early_with_what_was_best(base: Path, tmp_path: Path) -> None:
    training = _training(base, tmp_path, LoraSettings(epochs=9, batch_tokens=128, warm_up_steps=1, rate=5e-2))
    figures = training.run([_answering(10, (11, 12, 13))])
    assert figures.step < 9 * 4
    assert min(figures.calibration) == figures.calibration[0]
    assert figures.best == 0
    assert all(not tensor.any() for name, tensor in _adapter(training).items() if "lora_B" in name)


def test_of_several_epochs_the_best_is_kept(base: Path, tmp_path: Path) -> None:
    """The calibration part answers otherwise at its end: some training helps, more of it does harm."""
    settings = LoraSettings(epochs=12, batch_tokens=128, warm_up_steps=1, rate=5e-2, patience=3)
    calibration = [_answering(10, (7, 8, 13))]
    training = _training(base, tmp_path, settings)
    figures = training.run(calibration)
    assert 0 < figures.best < figures.step
    training.model.eval()
    with torch.no_grad():
        loss = answer_loss(training.model.get_base_model(), Batch(tuple(calibration)).tensors()).item()
    assert loss == pytest.approx(min(figures.calibration), rel=0.001)


def test_minutes_end_a_run(base: Path, tmp_path: Path) -> None:
    figures = _training(base, tmp_path, LoraSettings(epochs=10_000, minutes=0.005, batch_tokens=128)).run()
    assert figures.step < 10_000


def test_documents_that_count_less_teach_less(base: Path) -> None:
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    sure, unsure = _answering(10), _answering(10, weight=0.25)
    with torch.no_grad():
        whole, quarter, both = (
            answer_loss(network, Batch(tuple(examples)).tensors()).item()
            for examples in ([sure], [unsure], [sure, unsure])
        )
    assert quarter == pytest.approx(whole / 4)
    assert both == pytest.approx(whole * (1 + 0.25) / 2)


def test_only_answers_are_learnt(base: Path) -> None:
    """The same loss as of the whole scores, where these are made for all tokens."""
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    batch = Batch((_answering(10), _answering(17)))
    with torch.no_grad():
        found = answer_loss(network, batch.tensors()).item()
        expected = []
        for example in batch.examples:
            ids = torch.tensor([example.text.ids])
            scores = network(ids).logits[0, example.text.start - 1 : -1].log_softmax(-1)
            expected += [-scores[at, token].item() for at, token in enumerate(ids[0, example.text.start :])]
    assert found == pytest.approx(sum(expected) / len(expected), rel=0.02)


def test_a_rate_that_is_far_too_high_is_told(base: Path, tmp_path: Path) -> None:
    examples = [_answering(n, weight=float("inf")) for n in range(5, 9)]
    training = Training(base, SETTINGS, examples=lambda epoch: examples, work=tmp_path, run="run")
    with pytest.raises(Diverged):
        training.run()


@pytest.mark.parametrize("broken", ["config", "weights", "targets"])
def test_a_base_that_cannot_be_loaded_is_told(base: Path, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "base"
    shutil.copytree(base, folder)
    settings = replace(SETTINGS, targets=("no_such_layer",)) if broken == "targets" else SETTINGS
    if broken == "config":
        (folder / "config.json").write_text(json.dumps({"model_type": "no such family"}), encoding="utf-8")
    if broken == "weights":
        (folder / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(BaseUnusable):
        _training(folder, tmp_path / "work", settings)


def test_figures_tell_how_long_nothing_was_better() -> None:
    figures = Figures()
    for step, score in enumerate((3.0, 2.0, 2.5, 2.0)):
        figures.step = step
        figures.calibrated(score)
    assert (figures.best, figures.worse) == (1, 2)
