from __future__ import annotations

from typing import Any

import pytest

from appliance.retraining.models import Preset, StepName
from appliance.retraining.runs.errors import BadOptions
from appliance.retraining.runs.options import ADAPTER, FILES, Options, of_preset
from appliance.retraining.runs.plan import steps_of
from appliance.retraining.runs.tuning_settings import lora_settings
from appliance.retraining.runs.window import Window
from models_store.card import ModelCard
from models_store.convert import Quantization


@pytest.mark.parametrize("preset", [Preset.QUICK, Preset.THOROUGH])
def test_options_survive_their_stay_in_the_database(preset: Preset) -> None:
    options = of_preset(preset, window=Window(20, 6))
    assert Options.from_json(options.as_json()) == options


@pytest.mark.parametrize(
    "bad",
    [{"rank": 0}, {"rate": 0.5}, {"epochs": 51}, {"replay": 0.6}, {"quantizations": ()}, {"quantizations": ("Q9",)}],
    ids=str,
)
def test_what_is_out_of_bounds_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadOptions):
        Options(**bad)
    Options()  # control


def test_the_quantizations_are_those_of_the_converter() -> None:
    assert {one.name for one in Quantization} == set(FILES)


def test_full_precision_is_made_and_measured_also_when_nobody_wants_it() -> None:
    steps = steps_of(Options(quantizations=("Q4_K_M",)), has_model_in_force=True)
    assert [subject for name, subject in steps if name == StepName.EVALUATE] == ["in force", "F16", "Q4_K_M"]
    assert (StepName.QUANTIZE, "F16") not in steps
    assert steps_of(Options(quantizations=("F16",)), has_model_in_force=False).count((StepName.EVALUATE, "F16")) == 1


def test_the_adapter_is_made_in_any_case_and_measured_where_it_is_wanted() -> None:
    wanted = steps_of(Options(quantizations=(ADAPTER,)), has_model_in_force=False)
    other = steps_of(Options(quantizations=("Q8_0",)), has_model_in_force=False)
    assert wanted.count((StepName.CONVERT, ADAPTER)) == other.count((StepName.CONVERT, ADAPTER)) == 1
    assert [subject for name, subject in wanted if name == StepName.EVALUATE] == ["F16", ADAPTER]
    assert (StepName.EVALUATE, ADAPTER) not in other


def test_a_teacher_adds_a_step_before_training() -> None:
    names = [name for name, _ in steps_of(Options(teacher="a" * 64), has_model_in_force=False)]
    assert names.index(StepName.TEACH) == names.index(StepName.TUNE) - 1


def test_without_a_rate_it_is_the_one_that_fits_the_base() -> None:
    small, large = (ModelCard(digest="a" * 64, name="x", context_tokens=1, parameters=n) for n in (10**7, 10**10))
    assert lora_settings(Options(), small).rate > lora_settings(Options(), large).rate
    assert lora_settings(Options(rate=1e-3, minutes=5, rank=8), small).rate == 1e-3
    assert lora_settings(Options(minutes=0), small).minutes is None
