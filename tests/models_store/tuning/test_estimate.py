"""What a training will take: sane for small and large models, and growing with what grows."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from models_store.card import ModelCard
from models_store.store import CARD, STARTER
from models_store.tuning.estimate import Base, Estimate, estimate, speed
from models_store.tuning.settings import LoraSettings, preset

SMALL = Base(parameters=6_600_000, width=256, layers=5, vocabulary=4096, halved=False)
LARGE = Base(parameters=1_500_000_000, width=1536, layers=28, vocabulary=151_936, halved=True)
DOCUMENT = 700


def _of(base: Base, settings: LoraSettings | None = None, *, documents: int = 200, threads: int = 1) -> Estimate:
    return estimate(base, settings or LoraSettings(), tokens=documents * DOCUMENT, threads=threads)


def test_the_starter_takes_minutes_and_a_large_model_takes_hours() -> None:
    assert 1 < _of(SMALL).minutes < 60
    assert 60 < _of(LARGE).minutes < 60_000
    assert 0.5 * 2**30 < _of(SMALL).memory_bytes < 2 * 2**30
    assert 3 * 2**30 < _of(LARGE).memory_bytes < 16 * 2**30


@pytest.mark.parametrize(
    ("more", "factor"),
    [
        (_of(SMALL, documents=400), 2.0),
        (_of(SMALL, LoraSettings(epochs=8)), 2.0),
        (estimate(SMALL, LoraSettings(), tokens=200 * DOCUMENT, replay=0.6), 2.0),
    ],
    ids=["documents", "epochs", "replay"],
)
def test_time_grows_with_the_work(more: Estimate, factor: float) -> None:
    assert more.minutes == pytest.approx(factor * _of(SMALL).minutes)


def test_threads_and_a_time_limit_shorten_it() -> None:
    assert _of(SMALL, threads=2).minutes <= _of(SMALL).minutes
    assert _of(LARGE, LoraSettings(minutes=5)).minutes == 5


def test_memory_grows_with_rank_batches_and_32_bits() -> None:
    plain = _of(LARGE).memory_bytes
    assert _of(LARGE, LoraSettings(rank=64)).memory_bytes > plain
    assert _of(LARGE, LoraSettings(batch_tokens=4096)).memory_bytes > plain
    assert _of(replace(LARGE, halved=False)).memory_bytes > plain + 2 * LARGE.parameters


def test_sizes_are_read_from_the_folder_of_a_base() -> None:
    card = ModelCard.model_validate_json((STARTER / CARD).read_bytes())
    found = Base.of(STARTER)
    assert found.parameters == pytest.approx(card.parameters, rel=0.01)
    assert (found.width, found.layers, found.vocabulary, found.halved) == (256, 5, 4096, False)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="config"):
        Base.of(tmp_path)
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(KeyError):
        Base.of(tmp_path)


def test_asking_needs_nothing_heavy() -> None:
    code = "import sys, models_store.tuning.estimate; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert speed() > 1e8


@pytest.mark.parametrize(
    ("parameters", "rate"), [(6_600_000, 2e-3), (360_000_000, 5e-4), (1_500_000_000, 2e-4), (8e9, 1e-4)]
)
def test_larger_models_learn_at_lower_rates(parameters: float, rate: float) -> None:
    quick, thorough = preset("quick", int(parameters)), preset("thorough", int(parameters))
    assert quick.rate == thorough.rate == rate
    assert (thorough.epochs, thorough.rank) > (quick.epochs, quick.rank)
    assert quick.targets == "all-linear"
