"""Three families walk the whole way; the others by `make families`. The converter must be on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from bench.families.__main__ import figures, line
from bench.families.checkpoints import SAMPLES, Sample
from bench.families.journey import KEPT, Outcome, walk
from models_store.convert import ConverterMissing, find_converter
from models_store.intake.families import FAMILIES

CACHES = (Path("var/converter"), Path("var/tuning/converter"))
SHORT = ("Qwen2.5", "TinyLlama", "Gemma 3")
"""A byte-level vocabulary, pieces with a blank before each text, and a network unlike Llama's."""


def _converter() -> Path | None:
    for cache in CACHES:
        try:
            return find_converter(cache)
        except ConverterMissing:
            continue
    return None


def test_every_known_family_is_walked() -> None:
    assert {sample.family for sample in SAMPLES} == {family.key for family in FAMILIES}


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.name in SHORT], ids=lambda sample: sample.name)
def test_a_family_walks_the_whole_way(sample: Sample, tmp_path: Path) -> None:
    converter = _converter()
    if converter is None:
        pytest.skip("llama.cpp's converter is not here: python -m models_store.convert")
    torch.set_num_threads(1)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    set_verbosity_error()  # type: ignore[no-untyped-call]
    outcome = walk(sample, tmp_path / "way", converter=converter, alone=sample.name == SHORT[0])
    assert outcome.failed == ""
    assert outcome.alone == ("" if sample.name == SHORT[0] else "not tried")
    assert outcome.grounded == {kept.name: 4 for kept in KEPT}
    assert outcome.right["Q8_0"] >= 3, "what was learnt by heart comes back through the file"
    assert outcome.loss[1] < outcome.loss[0] / 2


def test_a_family_that_ends_on_its_way_says_where(tmp_path: Path) -> None:
    """A converter that is none: the checks pass, the conversion does not."""
    for name in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py"):
        (tmp_path / name).write_text("raise SystemExit(3)")
    sample = next(sample for sample in SAMPLES if sample.name == "TinyLlama")
    outcome = walk(sample, tmp_path / "way", converter=tmp_path)
    assert outcome.failed.startswith("import: ConversionFailed")
    assert list(outcome.steps) == ["checkpoint"]


def test_the_figures_count_what_passed() -> None:
    good = Outcome("a", {"import": 1.0}, values=4, grounded={"Q8_0": 4}, right={"Q8_0": 3}, alone="")
    bad = Outcome("b", {"import": 2.0}, failed="GGUF: ConversionFailed: x")
    told = figures([good, bad])
    assert (told["families"], told["passed"], told["failed"]) == (2, 1, {"b": bad.failed})
    assert (told["grounded"], told["right_after_lora"], told["tunable_from_gguf_alone"]) == (4, 3, 1)
    assert "| 4/4, 0/4 |" in line(good)
    assert bad.failed in line(bad)
