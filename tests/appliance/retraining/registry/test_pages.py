"""The pages of the registry: what they show, and what a click asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.operations.heartbeat import beat
from appliance.retraining.models import Measured, Withdrawal
from appliance.retraining.registry import jobs, media, tasks
from appliance.retraining.registry.models import JobKind, JobState, ModelJob
from models_store import store
from models_store.card import ModelState
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop
from tests.appliance.retraining.registry.made import measured, snapshot
from tests.appliance.retraining.stored import put


def text_of(browser: Client, name: str, *args: object) -> str:
    return browser.get(reverse(f"retraining:{name}", args=args)).content.decode()


def only_job() -> ModelJob:
    return ModelJob.objects.get()


def test_the_list_says_which_worker_holds_a_model_what_is_called_how_and_what_to_do(
    browser: Client, root: Path
) -> None:
    old, new = put(root, "old"), put(root, "new", state=ModelState.CANDIDATE, made_at="2026-11-21T00:00:00+00:00")
    store.promote(old, root=root)
    store.copy(old, "receipts", root=root)
    beat("extract@box", pid=1, started_at=timezone.now(), holds=(old,))
    judged = measured(snapshot(), new, [True, True])
    Measured.objects.filter(pk=judged.pk).update(verdict={"passed": True, "reasons": []}, is_candidate=True)
    html = text_of(browser, "models")
    expected = ("extract@box", "receipts", "Passed", "new passed its tests.", "Weights to train on", "Free")
    assert [text for text in expected if text not in html] == []


def test_a_withdrawn_document_marks_the_models_that_it_taught(browser: Client, root: Path) -> None:
    base = put(root, "base", documents=["d" * 64])
    child, other = put(root, "child", base=base), put(root, "other")
    store.promote(child, root=root)
    Withdrawal.objects.create(original_sha256="d" * 64, reason="asked for by the sender")
    html = text_of(browser, "models")
    assert (html.count("Retrain due"), "child is in force and was taught by a document that was withdrawn" in html) == (
        2,
        True,
    )
    assert ["Retrain due." in text_of(browser, "model", digest) for digest in (child, other)] == [True, False]


def test_the_medium_is_listed_checked_and_brought_in_by_clicks(
    browser: Client, root: Path, medium: Path, workshop: FakeWorkshop
) -> None:
    (medium / "new.gguf").write_bytes(b"new")
    assert "new.gguf" in text_of(browser, "registry:media")
    answer = browser.post(reverse("retraining:registry:check"), {"source": "new.gguf"})
    check = only_job()
    assert answer["Location"] == reverse("retraining:registry:job", args=[check.pk])
    tasks.work_on(check.pk, workshop)
    html = text_of(browser, "registry:job", check.pk)
    assert ["Its makers name no licence." in html, "&lt;script&gt;" in html, "<script>alert" in html] == [
        True,
        True,
        False,
    ]
    browser.post(reverse("retraining:registry:bring_in", args=[check.pk]), {"name": "from outside"})
    job = ModelJob.objects.get(kind=JobKind.IMPORT)
    tasks.work_on(job.pk, workshop)
    assert "The model is in the store." in text_of(browser, "registry:job", job.pk)
    assert [model.card.name for model in store.list_models(root=root)] == ["from outside"]


def test_a_check_that_found_something_offers_no_import(browser: Client, medium: Path, workshop: FakeWorkshop) -> None:
    (medium / "bad.gguf").write_bytes(b"program")
    browser.post(reverse("retraining:registry:check"), {"source": "bad.gguf"})
    tasks.work_on(only_job().pk, workshop)
    html = text_of(browser, "registry:job", only_job().pk)
    assert ["can run code" in html, "Import this model" in html] == [True, False]
    browser.post(reverse("retraining:registry:bring_in", args=[only_job().pk]), {"name": "anyway"})
    assert ModelJob.objects.count() == 1


def test_what_is_not_on_the_medium_is_told(browser: Client, medium: Path) -> None:
    answer = browser.post(reverse("retraining:registry:check"), {"source": "../etc"}, follow=True)
    assert "The medium holds nothing of this name." in answer.content.decode()
    medium.rmdir()
    assert "No medium is there" in text_of(browser, "registry:media")


def test_an_uploaded_bundle_is_kept_apart_and_checked(browser: Client, medium: Path, workshop: FakeWorkshop) -> None:
    bundle = SimpleUploadedFile("../../x.strongroom", b"bundle")
    browser.post(reverse("retraining:registry:upload"), {"bundle": bundle})
    job = only_job()
    assert media.path_of_job(job).read_bytes() == b"bundle"
    tasks.work_on(job.pk, workshop)
    job.refresh_from_db()
    assert (job.state, job.result["is_fit"], job.subject) == (JobState.DONE, True, "x.strongroom")


def test_a_large_upload_is_sent_to_the_medium(browser: Client, medium: Path, settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 3  # type: ignore[attr-defined]
    bundle = SimpleUploadedFile("x.strongroom", b"bundle")
    answer = browser.post(reverse("retraining:registry:upload"), {"bundle": bundle}, follow=True)
    assert ("copy it to the folder of removable media" in answer.content.decode(), ModelJob.objects.count()) == (
        True,
        0,
    )


@pytest.mark.parametrize(
    ("name", "form", "kind"),
    [
        ("name", {"name": "receipts"}, JobKind.COPY),
        ("rename", {"old": "receipts", "new": "bills"}, JobKind.RENAME),
        ("quantize", {"quantizations": ["Q4_K_M", "Q2_K"]}, JobKind.QUANTIZE),
        ("remove", {"typed": "starter", "reason": "nobody needs it"}, JobKind.REMOVE),
    ],
)
def test_each_form_of_the_card_asks_for_its_work(
    browser: Client, root: Path, name: str, form: dict[str, object], kind: JobKind
) -> None:
    digest = put(root, "starter", weights="e" * 64)
    browser.post(reverse(f"retraining:registry:{name}", args=[digest]), form)
    assert (only_job().kind, only_job().subject) == (kind, digest)


def test_measuring_is_asked_for_on_a_snapshot(browser: Client, root: Path) -> None:
    digest, on = put(root, "starter"), snapshot()
    browser.post(reverse("retraining:registry:measure", args=[digest]), {"snapshot": on.pk})
    assert only_job().options == {"snapshot": on.pk}


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        ("name", {"name": "no blank allowed"}, "A name has up to 80 letters"),
        ("rename", {"old": "a", "new": ""}, "New name"),
        ("quantize", {}, "Choose at least one."),
        ("quantize", {"quantizations": ["Q4_K_M"]}, "does not hold this model"),
        ("measure", {"snapshot": 7}, "There is no such snapshot."),
    ],
)
def test_what_does_not_fit_is_told_on_the_card_and_nothing_is_asked_for(
    browser: Client, root: Path, name: str, form: dict[str, object], told: str
) -> None:
    digest = put(root, "starter")
    answer = browser.post(reverse(f"retraining:registry:{name}", args=[digest]), form, follow=True)
    assert (told in answer.content.decode(), ModelJob.objects.count()) == (True, 0)


def test_the_page_of_removal_says_why_a_model_must_stay(browser: Client, root: Path) -> None:
    digest = put(root, "starter")
    assert "Type the name of the model" in text_of(browser, "registry:remove", digest)  # control
    store.promote(digest, root=root)
    html = text_of(browser, "registry:remove", digest)
    assert ["It is in force." in html, "Type the name" in html] == [True, False]


def test_a_running_job_shows_how_far_it_is_and_can_be_stopped(browser: Client, root: Path) -> None:
    digest = put(root, "starter")
    browser.post(reverse("retraining:registry:name", args=[digest]), {"name": "receipts"})
    job = only_job()
    claim = jobs.take(job.pk)
    assert claim is not None
    jobs.tell(claim, 0.25, "3 of 12 documents")
    html = text_of(browser, "registry:job", job.pk)
    assert ["3 of 12 documents" in html, 'value="0.2500"' in html, "hx-trigger" in html] == [True, True, True]
    assert "Working" in text_of(browser, "registry:work")
    browser.post(reverse("retraining:registry:stop", args=[job.pk]))
    assert "Stopping" in text_of(browser, "registry:work")


def test_a_page_in_the_background_is_drawn_anew_when_the_job_ends(
    browser: Client, root: Path, workshop: FakeWorkshop
) -> None:
    browser.post(reverse("retraining:registry:name", args=[put(root, "starter")]), {"name": "receipts"})
    url = reverse("retraining:registry:job", args=[only_job().pk])
    assert browser.get(url, headers={"X-Background": "true"}).get("HX-Refresh") is None
    tasks.work_on(only_job().pk, workshop)
    assert browser.get(url, headers={"X-Background": "true"})["HX-Refresh"] == "true"
    assert browser.get(url).get("HX-Refresh") is None


def test_work_that_is_not_there_is_not_found(browser: Client, adam: Person) -> None:
    urls = [reverse("retraining:registry:job", args=[7]), reverse("retraining:registry:remove", args=["0" * 64])]
    assert [browser.get(url).status_code for url in urls] == [404, 302]
