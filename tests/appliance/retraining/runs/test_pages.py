"""What the pages say, without a browser: empty, waiting, failed, done; bad input; who may see what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.retraining.models import Measured, MeasuredValue, RunState, Schedule, TrainingRun
from appliance.retraining.runs.services import stop_run
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.datasets.made import price, receipt_type, reviewed
from tests.appliance.retraining.runs import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


def settings_of(digest: str, **changes: Any) -> dict[str, Any]:
    chosen = {"base": digest, "preset": "quick", "quantizations": ["Q8_0"], "replay": "20", "minutes": "0"}
    return chosen | {"from_hour": "", "until_hour": "", "teacher": ""} | changes


def html(browser: Client, name: str, *arguments: object, **query: str) -> str:
    response = browser.get(reverse(f"retraining:runs:{name}", args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_list_says_what_to_do(browser: Client) -> None:
    assert "Begin the first run" in html(browser, "list")


def test_a_type_without_reviewed_documents_says_how_many_are_needed(browser: Client) -> None:
    receipt_type()
    assert "at least five are needed" in html(browser, "new")


def test_too_few_documents_are_told_in_words(browser: Client, clara: Person) -> None:
    reviewed(clara, "ACME", 1)
    answer = browser.post(reverse("retraining:runs:new"), {"type": "receipt"}, follow=True)
    assert answer.redirect_chain
    assert "few" in answer.content.decode()


def test_without_a_trainable_model_the_page_says_so(browser: Client) -> None:
    page = html(browser, "settings", made.snapshot().pk)
    assert "No model of the store can be trained" in page


def test_the_estimate_follows_the_settings(browser: Client, base: str) -> None:
    snapshot = made.snapshot()
    few = html(browser, "estimate", snapshot.pk, **settings_of(base))
    assert ["Together" in few, "Memory" in few] == [True, True]
    assert "Complete the settings" in html(browser, "estimate", snapshot.pk, **settings_of(base, replay="90"))


def test_more_memory_than_allowed_is_refused_with_a_reason(browser: Client, base: str, settings: Any) -> None:
    settings.TRAINING_MEMORY_BYTES = 10**6
    snapshot = made.snapshot()
    assert "More memory than training may take" in html(browser, "estimate", snapshot.pk, **settings_of(base))
    answer = browser.post(reverse("retraining:runs:settings", args=[snapshot.pk]), settings_of(base))
    assert answer.status_code == 422
    assert "smaller than this base model needs" in answer.content.decode()
    assert not TrainingRun.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quantizations": []}, "Choose at least one."),
        ({"from_hour": "20"}, "Give both hours, or none."),
        ({"preset": "own", "rank": "1000"}, "less than or equal to 256"),
        ({"base": "0" * 64}, "Select a valid choice"),
    ],
    ids=["no file", "one hour", "too wide", "unknown base"],
)
def test_bad_settings_are_told_beside_their_field(
    browser: Client, base: str, changes: dict[str, Any], said: str
) -> None:
    answer = browser.post(reverse("retraining:runs:settings", args=[made.snapshot().pk]), settings_of(base, **changes))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_own_settings_count_only_when_they_are_chosen(browser: Client, base: str) -> None:
    address = reverse("retraining:runs:settings", args=[made.snapshot().pk])
    for preset in ("quick", "own"):
        assert browser.post(address, settings_of(base, preset=preset, rank="64", epochs="2")).status_code == 302
    quick, own = TrainingRun.objects.order_by("pk")
    assert (quick.options["rank"], own.options["rank"], own.options["epochs"]) == (16, 64, 2)
    assert [run.asked_by.username for run in (quick, own)] == ["adam", "adam"]


def test_a_waiting_run_and_a_stopped_one(browser: Client, base: str, adam: Person) -> None:
    run = made.asked(adam, base)
    page = html(browser, "run", run.pk)
    assert ["a worker takes it up" in page, "every 2s" in page, "Resume" in page] == [True, True, False]

    stop_run(by=adam, run_id=run.pk)
    page = html(browser, "run", run.pk)
    assert ["every 2s" in page, "Resume" in page] == [False, True]


def test_the_polled_part_asks_for_the_whole_page_when_the_state_changes(
    browser: Client, base: str, adam: Person
) -> None:
    run = made.asked(adam, base)
    address = reverse("retraining:runs:run", args=[run.pk])
    mark = f"waiting-False-{run.version}"
    same = browser.get(address, {"mark": mark}, HTTP_HX_REQUEST="true")
    assert ("HX-Refresh" in same, b"<html" in same.content) == (False, False)
    TrainingRun.objects.update(state=RunState.FAILED)
    assert browser.get(address, {"mark": mark}, HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"


def test_a_failed_run_says_why_and_what_to_do(browser: Client, base: str, adam: Person) -> None:
    run = made.asked(adam, base)
    TrainingRun.objects.update(state=RunState.FAILED, error_detail="The disk is full. Remove models.")
    assert "The disk is full. Remove models." in html(browser, "run", run.pk)


@pytest.mark.parametrize("act", ["stop", "resume", "discard"])
def test_what_cannot_be_done_now_is_told(browser: Client, base: str, adam: Person, act: str) -> None:
    run = made.asked(adam, base)
    TrainingRun.objects.update(state=RunState.DONE)
    answer = browser.post(reverse(f"retraining:runs:{act}", args=[run.pk]), follow=True)
    assert "alert-danger" in answer.content.decode()


def wrong_value(run: TrainingRun, entry: int = 0) -> MeasuredValue:
    measured = Measured.objects.create(
        run=run, snapshot=run.snapshot, model_digest="c" * 64, role="candidate Q8_0", summary={}, is_candidate=True
    )
    chosen = run.snapshot.entries.order_by("position")[entry]
    return MeasuredValue.objects.create(
        measured=measured, entry=chosen, path="total", expected=price(0), untrusted_got="<b>9</b>", is_exact=False,
        is_right=False, confidence=0.5,
    )  # fmt: skip


def test_the_gallery_shows_what_is_wrong_and_records_each_look(
    browser: Client, base: str, adam: Person, clara: Person
) -> None:
    run = made.asked(adam, base, made.snapshot(documents=[reviewed(clara, "Company 0 Ltd", 0)]))
    value = wrong_value(run)
    for _ in range(2):
        page = html(browser, "errors", run.pk, field="total")
    assert [text in page for text in (price(0), "&lt;b&gt;9&lt;/b&gt;", "total (1)")] == [True] * 3
    looks = AuditEvent.objects.filter(action="errors_viewed")
    assert (looks.count(), looks.first().actor) == (2, "adam")

    picture = browser.get(reverse("retraining:runs:crop", args=[value.pk]))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert AuditEvent.objects.filter(action="document_viewed", actor="adam").count() == 1


def test_an_imported_label_has_no_page(browser: Client, base: str, adam: Person) -> None:
    run = made.asked(adam, base)
    value = wrong_value(run)
    assert "there is no page" in html(browser, "errors", run.pk)
    assert browser.get(reverse("retraining:runs:crop", args=[value.pk])).status_code == 404


def test_a_right_answer_is_not_shown_as_a_picture(browser: Client, base: str, adam: Person) -> None:
    """Control of the gallery: only what is wrong may be looked at."""
    value = wrong_value(made.asked(adam, base))
    MeasuredValue.objects.update(is_right=True)
    assert browser.get(reverse("retraining:runs:crop", args=[value.pk])).status_code == 404


def test_a_schedule_is_saved_once_and_a_second_browser_is_told(browser: Client, adam: Person) -> None:
    receipt_type()
    address = reverse("retraining:runs:schedule", args=["receipt"])
    chosen = {"is_on": "on", "weekdays": ["6"], "from_hour": "20", "until_hour": "6", "version": "0"}
    chosen |= {"least_new_documents": "50", "preset": "quick"}
    assert browser.post(address, {**chosen, "weekdays": []}).status_code == 422
    assert browser.post(address, chosen).status_code == 302
    assert "meanwhile" in browser.post(address, chosen).content.decode()

    schedule = Schedule.objects.get()
    assert (schedule.weekdays, schedule.version, schedule.changed_by) == ([6], 1, adam)
    event = AuditEvent.objects.get(action="schedule_changed")
    assert event.reason == "Sunday, 20:00 to 06:00, from 50 new documents on, quick"
    assert "Sunday, 20:00 to 06:00" in html(browser, "list")
