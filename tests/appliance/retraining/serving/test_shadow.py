"""A candidate reads live documents beside the model in force: only the comparison stays, and no document notices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import engine, failures
from appliance.documents import tasks as documents_tasks
from appliance.documents.model_holder import ModelHolder
from appliance.documents.models import Document, Extraction, Job, JobState, Stage
from appliance.documents.states import State
from appliance.operations.queries import health
from appliance.retraining.models import ShadowResult, ShadowRun
from appliance.retraining.serving import shadowing, tasks
from appliance.retraining.serving.errors import AlreadyTriedOut, NothingToTryOut, TryOutEnded
from appliance.retraining.serving.services import begin_shadow, end_shadow
from appliance.retraining.serving.shadow_figures import field_of, figures_of
from models_store import store
from tests.appliance.audit.dossier.runs import random_model
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("models")
    return folder / "store", *(random_model(folder, root=folder / "store", seed=seed) for seed in (1, 2))


@pytest.fixture
def models(root: Path, settings: Any, made_models: tuple[Path, str, str]) -> Iterator[tuple[str, str]]:
    """(in force, candidate): real models of random weights, which answer differently."""
    settings.MODELS_STORE_ROOT, in_force, candidate = made_models
    store.promote(in_force, root=settings.MODELS_STORE_ROOT)
    yield in_force, candidate
    (settings.MODELS_STORE_ROOT / store.POINTER).unlink()


@pytest.fixture(autouse=True)
def holder(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHolder]:
    fresh = ModelHolder(engine.StoredModels())
    monkeypatch.setattr(engine, "model_holder", fresh)
    yield fresh
    fresh.close()


@pytest.fixture
def run(adam: Person, models: tuple[str, str]) -> ShadowRun:
    return begin_shadow(by=adam, digest=models[1], documents=3)


def extracted(by: Person, number: int = 1) -> Document:
    """As the worker does it."""
    document = made.read(by, f"ACME Coffee\nTotal {number}.50\n".encode())
    documents_tasks.extract_document(made.job_of(document, Stage.EXTRACT).pk)
    document.refresh_from_db()
    return document


def shadow_job(document: Document) -> Job:
    return document.jobs.get(stage=Stage.SHADOW)


def tried_out(document: Document) -> Job:
    tasks.try_out(shadow_job(document).pk)
    return shadow_job(document)


def test_without_a_try_out_nothing_is_queued(clara: Person, models: tuple[str, str]) -> None:
    assert not extracted(clara).jobs.filter(stage=Stage.SHADOW).exists()


def test_only_the_comparison_stays(clara: Person, models: tuple[str, str], run: ShadowRun) -> None:
    document = extracted(clara)
    before = (document.version, list(document.extractions.values_list("model_digest", "key")))

    job = tried_out(document)

    document.refresh_from_db()
    assert (document.version, list(document.extractions.values_list("model_digest", "key"))) == before
    assert (job.state, document.state) == (JobState.DONE, State.TO_REVIEW)
    result = ShadowResult.objects.get()
    assert result.extraction.model_digest == models[0]
    assert result.is_valid
    assert result.differing  # two random models do not agree
    assert 0 < len(result.differing) <= result.values
    assert result.seconds > 0


def test_no_text_of_the_document_is_kept(clara: Person, run: ShadowRun) -> None:
    document = extracted(clara)
    tried_out(document)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM retraining_shadowresult r")
        kept = cursor.fetchone()[0]

    assert "ACME" in document.pages.get().words.__str__()  # control: it would be found
    assert "ACME" not in kept
    assert "12.50" not in kept


def test_a_model_beside_itself_always_agrees(adam: Person, clara: Person, models: tuple[str, str]) -> None:
    """The same answers under another name: nothing may differ, or differences would mean nothing."""
    document = extracted(clara)
    extraction = Extraction.objects.get(document=document)
    run = begin_shadow(by=adam, digest=models[1], documents=3)
    ShadowRun.objects.filter(pk=run.pk).update(model_digest=models[0])
    Extraction.objects.filter(pk=extraction.pk).update(model_digest=models[1])
    shadowing.queue_try_outs(Extraction.objects.get(pk=extraction.pk))  # nothing: it is the candidate itself
    Extraction.objects.filter(pk=extraction.pk).update(model_digest="f" * 64)
    shadowing.queue_try_outs(Extraction.objects.get(pk=extraction.pk))

    tried_out(document)

    assert ShadowResult.objects.get().differing == []


def test_it_ends_after_so_many_documents(clara: Person, run: ShadowRun) -> None:
    for number in range(4):
        document = extracted(clara, number)
        if document.jobs.filter(stage=Stage.SHADOW).exists():
            tried_out(document)

    run.refresh_from_db()
    assert (run.results.count(), run.ended_because, run.version) == (3, "enough", 2)
    entries = AuditEvent.objects.filter(object_type="shadow_run").order_by("pk")
    assert list(entries.values_list("action", "object_version")) == [("shadow_begun", 1), ("shadow_ended", 2)]
    assert json.loads(bytes(entries[1].record))["reason"] == "enough: 3 of 3 documents"


def test_real_documents_go_first(clara: Person, run: ShadowRun) -> None:
    document = extracted(clara)
    other = made.read(clara, b"another one\n")  # waits for the model in force

    job = tried_out(document)
    assert (job.state, job.last_error, job.attempt) == (JobState.WAITING, "others_first", 0)
    assert not ShadowResult.objects.exists()

    documents_tasks.extract_document(made.job_of(other, Stage.EXTRACT).pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert tried_out(document).state == JobState.DONE


def test_a_candidate_that_cannot_be_loaded_ends_its_try_out_alone(
    clara: Person, models: tuple[str, str], run: ShadowRun, settings: Any
) -> None:
    document = extracted(clara)
    weights = store.model_path(models[1], root=settings.MODELS_STORE_ROOT)
    content = weights.read_bytes()
    weights.write_bytes(b"damaged")
    try:
        job = tried_out(document)
    finally:
        weights.write_bytes(content)

    run.refresh_from_db()
    document.refresh_from_db()
    assert (job.state, run.ended_because) == (JobState.DONE, "model_unavailable")
    assert (document.state, document.error_code) == (State.TO_REVIEW, "")


def test_any_bug_ends_the_job_and_nothing_else(clara: Person, run: ShadowRun, monkeypatch: pytest.MonkeyPatch) -> None:
    document = extracted(clara)
    version = document.version
    document.pages.all().delete()
    monkeypatch.setattr(shadowing, "load_read_document", broken)

    job = tried_out(document)

    document.refresh_from_db()
    assert (job.state, job.last_error) == (JobState.FAILED, "internal_error")
    assert (document.state, document.version, document.error_code) == (State.TO_REVIEW, version, "")
    failed = next(check for check in health().checks if check.name == "Failed jobs")
    assert failed.condition == "ok"


def broken(document: Document) -> None:
    raise ZeroDivisionError("a bug")


def test_a_worker_that_dies_each_time_sets_no_document_aside(clara: Person, run: ShadowRun, settings: Any) -> None:
    document = extracted(clara)
    gone = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=shadow_job(document).pk).update(
        state=JobState.RUNNING, attempt=settings.JOB_MAX_ATTEMPTS, lease_until=gone
    )

    failures.sweep()

    document.refresh_from_db()
    assert (shadow_job(document).state, document.state) == (JobState.FAILED, State.TO_REVIEW)


def test_what_cannot_be_begun(adam: Person, models: tuple[str, str], run: ShadowRun) -> None:
    with pytest.raises(AlreadyTriedOut):
        begin_shadow(by=adam, digest=models[1], documents=3)
    for digest in (models[0], "f" * 64):
        with pytest.raises(NothingToTryOut):
            begin_shadow(by=adam, digest=digest, documents=3)
    for documents in (0, 10_001):
        with pytest.raises(ValueError, match="documents"):
            begin_shadow(by=adam, digest="e" * 64, documents=documents)

    assert ShadowRun.objects.count() == 1


def test_it_ends_by_hand_once_and_when_its_model_comes_in_force(
    adam: Person, clara: Person, models: tuple[str, str], run: ShadowRun, settings: Any
) -> None:
    end_shadow(shadow_id=run.pk)
    with pytest.raises(TryOutEnded):
        end_shadow(shadow_id=run.pk)

    again = begin_shadow(by=adam, digest=models[1], documents=3)
    store.promote(models[1], root=settings.MODELS_STORE_ROOT)
    document = extracted(clara)

    again.refresh_from_db()
    assert again.ended_because == "in force"
    assert not document.jobs.filter(stage=Stage.SHADOW).exists()


def test_agreement_counts_by_field(clara: Person, run: ShadowRun) -> None:
    document = made.to_review(clara)  # company and total
    extraction = Extraction.objects.get(document=document)
    keep = {"shadow": run, "seconds": 3.0, "seconds_in_force": 2.0}
    ShadowResult.objects.create(
        **keep, document=document, extraction=extraction, values=3, differing=["total", "lines[4].name"], is_valid=True
    )
    other = made.to_review(clara, b"another\n")
    ShadowResult.objects.create(
        **keep,
        document=other,
        extraction=Extraction.objects.get(document=other),
        values=2,
        differing=["company", "total"],
        is_valid=False,
    )

    figures = figures_of(run)

    counted = {field.field: (field.same, field.n) for field in figures.fields}
    assert counted == {"company": (1, 1), "total": (0, 1), "lines.name": (0, 1)}
    assert (figures.overall.same, figures.overall.n) == (1, 3)
    assert (figures.documents, figures.without_answer, figures.time_ratio) == (2, 1, 1.5)
    assert 0 < figures.overall.low < figures.overall.share < figures.overall.high < 1


@pytest.mark.parametrize(
    ("path", "field"),
    [("total", "total"), ("line_items[12].amount", "line_items.amount"), ("seller.name", "seller.name")],
)
def test_rows_of_a_list_count_as_one_field(path: str, field: str) -> None:
    assert field_of(path) == field


@pytest.fixture
def admin(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_the_administrator_begins_watches_and_ends_it(admin: Client, clara: Person, models: tuple[str, str]) -> None:
    begin = reverse("retraining:serving:try_outs", args=[models[1]])
    assert "Begin a try-out" in text_of(admin.get(begin))
    assert "greater than or equal to 1" in text_of(admin.post(begin, {"documents": "0"}))
    shown = text_of(admin.post(begin, {"documents": "2"}, follow=True))
    assert "The try-out has begun" in shown
    assert "Nothing is compared yet" in shown

    document = extracted(clara)
    tried_out(document)
    run = ShadowRun.objects.get()
    page = reverse("retraining:serving:try_out", args=[run.pk])
    shown = text_of(admin.get(page))
    assert "1 of 2" in shown
    assert str(document.pk) in shown
    assert "ACME" not in shown
    assert "<html" not in text_of(admin.get(page, headers={"HX-Request": "true"}))

    end = reverse("retraining:serving:end_try_out", args=[run.pk])
    assert "The try-out has ended" in text_of(admin.post(end, follow=True))
    assert "has ended already" in text_of(admin.post(end, follow=True))
    assert "by hand" in text_of(admin.get(begin))


def test_a_model_in_force_or_unknown_cannot_be_tried_out(admin: Client, models: tuple[str, str]) -> None:
    assert "there is nothing to try out" in text_of(admin.get(reverse("retraining:serving:try_outs", args=[models[0]])))
    assert admin.get(reverse("retraining:serving:try_outs", args=["f" * 64])).status_code == 404
