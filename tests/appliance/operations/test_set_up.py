"""What the first start makes, and that a second one adds nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types.models import DocumentType
from appliance.documents import jobs
from appliance.documents.models import Document, Job
from appliance.operations.set_up import SAMPLES, make_demo_people, prepare, upload_samples
from models_store import store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    settings.STATIC_ROOT = tmp_path / "static"


def test_preparing_twice_adds_nothing_the_second_time() -> None:
    said: list[str] = []
    prepare(said.append)
    assert [line for line in said if line.startswith("document types: published")] != []
    types = DocumentType.objects.count()
    said.clear()
    prepare(said.append)
    assert [line for line in said if line.startswith("document types")] == []
    assert DocumentType.objects.count() == types


def test_preparing_puts_the_shipped_model_in_force(settings: Settings) -> None:
    prepare(lambda line: None)
    card = store.current(root=settings.MODELS_STORE_ROOT)
    assert (card is not None) is (store.STARTER / store.CARD).exists()


@pytest.mark.model
def test_every_start_and_the_first_model_are_on_record(settings: Settings) -> None:
    prepare(lambda line: None)
    prepare(lambda line: None)
    card = store.current(root=settings.MODELS_STORE_ROOT)
    assert card is not None

    starts = AuditEvent.objects.filter(action="appliance_started")
    assert [json.loads(bytes(event.record))["digests"] for event in starts] == [{"model": card.digest}] * 2
    assert AuditEvent.objects.get(action="model_promoted").object_id == card.digest


def test_demo_people_are_made_once_with_passwords_that_work() -> None:
    made = make_demo_people()
    assert sorted(person.role for person in made) == ["admin", "clerk", "officer"]
    assert [Person.objects.get(username=person.username).check_password(person.password) for person in made] == [
        True
    ] * 3
    assert make_demo_people() == []


def test_no_demo_people_where_they_are_turned_off(settings: Settings) -> None:
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"demo": False})
    assert make_demo_people() == []
    assert Person.objects.count() == 0


def test_samples_are_uploaded_with_the_type_their_name_tells() -> None:
    prepare(lambda line: None)
    uploader = make_demo_people()[0].username
    upload_samples(lambda line: None, uploader=uploader)
    uploaded = {
        document.untrusted_name: document.document_type and document.document_type.name
        for document in Document.objects.select_related("document_type")
    }
    assert uploaded == {path.name: path.name.partition("-")[0] for path in SAMPLES.iterdir()}


def test_a_job_that_was_cut_short_is_free_at_once_after_a_start() -> None:
    prepare(lambda line: None)
    upload_samples(lambda line: None, uploader=make_demo_people()[0].username)
    job = Job.objects.earliest("pk")
    assert jobs.take(job.pk) is not None
    assert jobs.take(job.pk) is None
    prepare(lambda line: None)
    assert jobs.take(job.pk) is not None
