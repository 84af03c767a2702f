"""The alarm that another model than the one in force answers: raised once, shown to people, closed by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.audit.overview.exceptions import exceptions
from appliance.documents import engine, tasks
from appliance.documents.model_holder import ModelHolder, Serving
from appliance.documents.models import Document, Extraction, Stage
from appliance.documents.states import State
from appliance.operations.queries import health
from appliance.retraining.models import ServingAlarm
from appliance.retraining.serving import alarms
from models_store import store
from tests.appliance.audit.dossier.runs import random_model
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made
from tests.appliance.documents.test_model_holder import FakeModel

pytestmark = pytest.mark.django_db

NEW, OLD, NEWEST = "a" * 64, "b" * 64, "c" * 64
FINE = Serving(NEW, FakeModel(NEW))
FELL_BACK = Serving(NEW, FakeModel(OLD), "damaged")
NOBODY = Serving(NEW, None, "damaged")


def logged() -> list[tuple[str, str, dict[str, str]]]:
    events = AuditEvent.objects.filter(action__in=("model_fell_back", "model_recovered")).order_by("pk")
    return [(event.action, event.outcome, json.loads(bytes(event.record))["digests"]) for event in events]


def standing() -> list[tuple[str, str, bool]]:
    rows = ServingAlarm.objects.order_by("pk")
    return [(row.digest, row.serving, row.closed_at is None) for row in rows]


def note(*found: Serving, document_type: str = "") -> None:
    for serving in found:
        alarms.note(serving, document_type)


def test_all_is_well_and_nothing_is_written() -> None:
    note(FINE, FINE)

    assert (standing(), logged()) == ([], [])


def test_one_alarm_and_one_record_for_any_number_of_documents() -> None:
    note(*[FELL_BACK] * 20)

    assert standing() == [(NEW, OLD, True)]
    assert logged() == [("model_fell_back", "failed", {"model": NEW, "serving": OLD})]


def test_it_closes_by_itself_when_the_model_in_force_serves_again() -> None:
    note(FELL_BACK, FELL_BACK, FINE, FINE)

    assert standing() == [(NEW, OLD, False)]
    assert logged()[1:] == [("model_recovered", "done", {"model": NEW, "serving": NEW})]


def test_another_failure_later_is_another_alarm() -> None:
    note(FELL_BACK, FINE, FELL_BACK)

    assert standing() == [(NEW, OLD, False), (NEW, OLD, True)]
    assert [action for action, _, _ in logged()] == ["model_fell_back", "model_recovered", "model_fell_back"]


def test_that_nobody_answers_any_more_is_told_too() -> None:
    note(FELL_BACK, NOBODY)

    assert standing() == [(NEW, OLD, False), (NEW, "", True)]
    assert logged()[-1] == ("model_fell_back", "failed", {"model": NEW})


def test_another_model_in_force_ends_the_alarm() -> None:
    note(FELL_BACK, Serving(NEWEST, FakeModel(NEWEST)))

    assert standing() == [(NEW, OLD, False)]
    assert logged()[-1] == ("model_recovered", "done", {"model": NEWEST, "serving": NEWEST})


def test_the_record_holds_no_path_of_the_machine() -> None:
    note(Serving(NEW, FakeModel(OLD), "/data/models/secret/model.gguf: gone"))

    assert "secret" not in bytes(AuditEvent.objects.get(action="model_fell_back").record).decode()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A store with two real models of random weights: (root, older, newer)."""
    folder = tmp_path_factory.mktemp("models")
    return folder / "store", *(random_model(folder, root=folder / "store", seed=seed) for seed in (1, 2))


@pytest.fixture
def holder(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHolder]:
    """As of a worker that has just started."""
    fresh = ModelHolder(engine.StoredModels())
    monkeypatch.setattr(engine, "model_holder", fresh)
    yield fresh
    fresh.close()


def extracted(by: Person, number: int) -> Document:
    document = made.read(by, f"ACME Coffee\nTotal {number}.50\n".encode())
    tasks.extract_document(made.job_of(document, Stage.EXTRACT).pk)
    document.refresh_from_db()
    return document


def made_by(document: Document) -> str:
    return Extraction.objects.get(document=document).model_digest


def test_a_damaged_model_in_force_loses_no_document(
    clara: Person, settings: Any, models: tuple[Path, str, str], holder: ModelHolder
) -> None:
    """A real worker's step over real files: in force, damaged, restored; each result names who made it."""
    root, older, newer = models
    settings.MODELS_STORE_ROOT = root
    store.promote(older, root=root)
    store.promote(newer, root=root)
    weights = store.model_path(newer, root=root)
    content = weights.read_bytes()
    names = [made_by(extracted(clara, 1))]
    assert set(holder.held()) == {newer, older}  # the one before is kept ready

    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    names += [made_by(extracted(clara, number)) for number in (2, 3)]
    assert (standing(), holder.held()) == ([(newer, older, True)], (older,))

    weights.write_bytes(content)
    names.append(made_by(extracted(clara, 4)))

    assert names == [newer, older, older, newer]
    assert standing() == [(newer, older, False)]
    assert {document.state for document in Document.objects.all()} == {State.TO_REVIEW}


def test_without_a_previous_model_documents_wait_and_are_told_why(
    clara: Person, settings: Any, tmp_path: Path, holder: ModelHolder
) -> None:
    root = tmp_path / "store"
    settings.MODELS_STORE_ROOT = root
    digest = random_model(tmp_path, root=root, seed=3)
    store.promote(digest, root=root)
    store.model_path(digest, root=root).unlink()

    document = extracted_or_waiting(clara)

    assert (document.state, document.error_code) == (State.READ, "model_unavailable")
    assert standing() == [(digest, "", True)]


def extracted_or_waiting(by: Person) -> Document:
    document = made.read(by)
    tasks.extract_document(made.job_of(document, Stage.EXTRACT).pk)
    document.refresh_from_db()
    return document


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_people_see_it(adam: Person, client_for: ClientFor, old: str, new: str) -> None:
    assert model_check() == ("ok", "")
    note(Serving(new, FakeModel(old), "the weights are damaged"))

    condition, finding = model_check()
    assert condition == "bad"
    assert "new" in finding
    assert "the one before it answers" in finding
    shown = text_of(client_for(adam).get(reverse("retraining:models")))
    assert "The model in force cannot be loaded." in shown
    assert "the weights are damaged" in shown
    assert {line.kind.name: line.count for line in exceptions(period=7).lines}["fell-back"] == 1

    note(Serving(new, FakeModel(new)))

    assert "cannot be loaded" not in text_of(client_for(adam).get(reverse("retraining:models")))
    assert model_check()[0] == "ok"


def model_check() -> tuple[str, str]:
    check = next(check for check in health().checks if check.name == "Model")
    return str(check.condition), check.finding if check.advice else ""
