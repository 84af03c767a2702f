"""The real workshop on the starter model: checks, bundles, smaller files and measuring by the programs themselves."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.accounts.models import Person
from appliance.retraining.models import Measured
from appliance.retraining.registry import services, tasks
from appliance.retraining.registry.exporting import begin_export
from appliance.retraining.registry.heavy import BoxWorkshop
from appliance.retraining.registry.models import JobState, ModelJob
from models_store import store
from models_store.convert import find_converter
from models_store.errors import ConverterMissing
from models_store.intake.bundle import write_bundle
from tests.appliance.retraining.runs import made
from tests.conftest import REPOSITORY

pytestmark = [pytest.mark.django_db, pytest.mark.model, pytest.mark.slow]


@pytest.fixture
def starter(root: Path) -> str:
    card = store.install_starter(root=root)
    assert card is not None
    return card.digest


def done(job: ModelJob) -> ModelJob:
    tasks.work_on(job.pk, BoxWorkshop())
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error_detail
    return job


def test_a_model_goes_out_as_a_bundle_and_comes_in_as_the_same(
    root: Path, medium: Path, starter: str, adam: Person, settings: Any, tmp_path: Path
) -> None:
    write_bundle(begin_export(by=adam, digest=starter), medium / "starter.strongroom")
    settings.MODELS_STORE_ROOT = tmp_path / "another box"
    settings.MODELS_STORE_ROOT.mkdir()
    check = done(services.ask_check(by=adam, source="starter.strongroom"))
    assert (check.result["found"]["kind"], check.result["found"]["model"]) == ("bundle", starter)
    job = done(services.ask_import(by=adam, check=check, name="as on its card"))
    card = store.read_card(starter, root=settings.MODELS_STORE_ROOT)
    assert (job.result["model"], card.name, card.weights != "") == (starter, "strongroom-starter", True)


def test_a_bundle_with_one_byte_changed_is_refused(
    root: Path, medium: Path, starter: str, adam: Person, tmp_path: Path
) -> None:
    path = medium / "starter.strongroom"
    write_bundle(begin_export(by=adam, digest=starter, with_weights=False), path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    check = done(services.ask_check(by=adam, source="starter.strongroom"))
    assert (check.result["is_fit"], check.result["problem"]["code"]) == (False, "bundle_broken")


def test_a_gguf_from_a_medium_is_checked_by_its_header(medium: Path, adam: Person) -> None:
    shutil.copy(store.STARTER / store.STARTER_WEIGHTS, medium / "model.gguf")
    (medium / "damaged.gguf").write_bytes((medium / "model.gguf").read_bytes()[:1000])
    found = done(services.ask_check(by=adam, source="model.gguf")).result["found"]
    assert (found["kind"], found["family"], found["parameters"] > 6_000_000) == ("gguf", "llama", True)
    assert done(services.ask_check(by=adam, source="damaged.gguf")).result["problem"]["code"] == "broken_model"


def test_a_model_is_measured_through_the_pipeline(starter: str, adam: Person) -> None:
    on = made.snapshot(train=1, calibration=1, test=2)
    done(services.ask_evaluate(by=adam, digest=starter, snapshot=on))
    summary = Measured.objects.get().summary
    assert (summary["model"], summary["n"], summary["schema_valid"], summary["verbatim"]) == (starter, 2, 1.0, 1.0)


def test_a_model_is_quantized_beside_itself(starter: str, root: Path, adam: Person, settings: Any) -> None:
    try:
        settings.CONVERTER_DIR = find_converter(REPOSITORY / "var" / "converter")
    except ConverterMissing:
        pytest.skip("needs llama.cpp's converter in var/converter")
    job = done(services.ask_quantize(by=adam, digest=starter, quantizations=["Q4_0"]))
    digest = next(step["after"] for step in job.result["steps"] if step["quantization"] == "Q4_0")
    card, before = store.read_card(digest, root=root), store.read_card(starter, root=root)
    assert (card.name, card.weights, card.base) == ("strongroom-starter-Q4_0", before.weights, before.base)
    assert store.model_path(digest, root=root).stat().st_size < store.model_path(starter, root=root).stat().st_size
