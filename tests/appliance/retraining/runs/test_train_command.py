"""manage.py train: asks for a run and follows it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.retraining.management.commands import train
from appliance.retraining.models import RunState, TrainingRun
from appliance.retraining.runs.tasks import work_on
from tests.appliance.retraining.datasets.made import receipt_type, several
from tests.appliance.retraining.runs.made import FakeWorkshop
from tests.appliance.retraining.runs.test_schedules import COMPANIES

pytestmark = pytest.mark.django_db(transaction=True)


def command(**options: Any) -> str:
    out = io.StringIO()
    call_command("train", stdout=out, **{"type": "receipt", "here": True, **options})
    return out.getvalue()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(train, "work_on_run", lambda run_id: work_on(run_id, FakeWorkshop()))


@pytest.mark.usefixtures("quick")
def test_it_follows_the_run_to_its_verdict(base: str, clara: Person) -> None:
    several(clara, 60, companies=COMPANIES)

    said = command(json=True, quantizations="Q8_0")

    assert ["Train: done" in said, "Keep the candidates: done" in said, "candidate Q8_0: F1" in said] == [True] * 3
    told = json.loads(said.splitlines()[-1])
    assert (told["state"], told["verdict"]["candidates"].keys()) == ("done", {"Q8_0"})
    assert AuditEvent.objects.get(action="run_asked").actor == "operator"


@pytest.mark.usefixtures("quick")
def test_a_run_that_fails_ends_with_its_reason(base: str, clara: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "fails")
    several(clara, 60, companies=COMPANIES)
    out = io.StringIO()
    with pytest.raises(CommandError, match="failed"):
        call_command("train", "--type", "receipt", "--here", stdout=out)
    assert "The training lost its way." in out.getvalue()
    assert TrainingRun.objects.get().state == RunState.FAILED


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"type": "letter"}, "There is no document type letter"),
        ({}, "few"),
        ({"window": "25-6"}, "names no hours"),
        ({"base": "nobody"}, "no model of this name"),
        ({"quantizations": "Q9"}, "out of its bounds"),
    ],
    ids=["type", "no documents", "window", "base", "quantization"],
)
def test_what_cannot_be_asked_for_is_told(base: str, options: dict[str, Any], said: str) -> None:
    receipt_type()
    with pytest.raises(CommandError, match=said):
        command(**options)
    assert not TrainingRun.objects.exists()
