"""One run through the real programs: a tiny model of random weights learns receipts, is converted, measured, judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from appliance.accounts.models import Person
from appliance.retraining.models import Part, RunState, TrainingRun
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.options import ADAPTER
from appliance.retraining.runs.tasks import work_on
from appliance.retraining.runs.workshop import Command, Exam, ModelsStoreWorkshop
from models_store import store
from models_store.card import ModelCard
from models_store.convert import Quantization, convert, find_converter, quantize
from models_store.durable import file_digest
from models_store.errors import ConverterMissing
from models_store.starter.export import write_folder
from models_store.starter.network import Llama, Shape
from models_store.store import STARTER
from models_store.weights import add_weights, has_weights
from tests.appliance.retraining.runs import made

REPOSITORY = Path(__file__).resolve().parents[4]

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def converter(settings: Any) -> Path:
    try:
        settings.CONVERTER_DIR = find_converter(REPOSITORY / "var" / "converter")
    except ConverterMissing:
        pytest.skip("needs llama.cpp's converter in var/converter")
    return settings.CONVERTER_DIR


@pytest.fixture
def tiny(root: Path, converter: Path, tmp_path: Path) -> str:
    """A model of random weights in force, with the starter's vocabulary."""
    torch.manual_seed(0)
    folder, full, file = tmp_path / "tiny", tmp_path / "full.gguf", tmp_path / "tiny.gguf"
    folder.mkdir()
    write_folder(Llama(Shape(width=64, layers=1, heads=2, head=32, inner=128)), STARTER / "tokenizer.model", folder)
    convert(folder, full, converter=converter)
    quantize(full, file, Quantization.Q8_0)
    weights = add_weights(folder, root=root)
    card = ModelCard(digest=file_digest(file), name="tiny", context_tokens=512, parameters=300_000, weights=weights)
    store.add(file, card, root=root)
    store.promote(card.digest, root=root)
    return card.digest


class ShortWorkshop(ModelsStoreWorkshop):
    """The real programs; two documents stand for the made-up set, which would take most of the time."""

    def measuring(self, exam: Exam) -> Command:
        folder = RunFolder.of(int(exam.out.parents[1].name))
        if exam.labels is None:
            exam = replace(exam, labels=folder.labels(Part.CALIBRATION), document_type=folder.document_type)
        return super().measuring(exam)


def test_from_labels_to_a_verdict(adam: Person, tiny: str, root: Path, settings: Any) -> None:
    settings.TRAINING_TICK_SECONDS = 0.2
    settings.TRAINING_THREADS = 1
    snapshot = made.snapshot(train=6, calibration=2, test=4)
    run = made.asked(adam, tiny, snapshot, quantizations=("Q8_0", ADAPTER), epochs=1)

    work_on(run.pk, ShortWorkshop())

    run = TrainingRun.objects.get()
    assert (run.state, run.error_detail) == (RunState.DONE, "")
    assert run.points
    candidate, adapter = run.measured.get(role="candidate Q8_0"), run.measured.get(role="candidate adapter")
    card = store.read_card(candidate.model_digest, root=root)
    store.verify(candidate.model_digest, root=root)
    assert (card.base, card.quantization, has_weights(card.weights, root=root)) == (tiny, "Q8_0", True)
    assert (candidate.summary["n"], candidate.summary["schema_valid"], candidate.summary["verbatim"]) == (4, 1.0, 1.0)
    assert candidate.factory_summary["n"] == 2
    assert candidate.values.count() > 0
    # What the adapter answers over its base is what the merged file answers, but for rounding.
    assert store.read_card(adapter.model_digest, root=root).runs_on == tiny
    store.verify(adapter.model_digest, root=root)
    assert (adapter.summary["n"], adapter.summary["schema_valid"], adapter.factory_summary) == (4, 1.0, {})
    assert adapter.size < candidate.size
    # Four documents prove nothing, and random weights are not better: the gate says so in words.
    assert run.verdict["passed"] is False
    refusals = {reason["code"] for reason in candidate.verdict["reasons"] if not reason["passed"]}
    assert {"documents", "overall"} <= refusals
