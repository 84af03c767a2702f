"""The verify button: from the click to the answer of the shipped verifier, and what stands in the log of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.checking import doorbell, services
from appliance.audit.checking.anchors import anchors_for_check
from appliance.audit.checking.errors import CheckBusy
from appliance.audit.checking.models import CheckState, LogCheck, Verdict
from appliance.audit.checking.running import Answer
from appliance.audit.checking.tasks import check_log
from appliance.audit.checkpoints.services import register_witness, store_countersignature
from appliance.audit.log.anchors import anchor_folder, write_anchor
from appliance.audit.models import AuditEvent, Leaf
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import OLGAS_KEY, countersigned, sign_now

PAGE = "/log/check/"


class Bell:
    """Keeps what was rung for; `answer` does the work as the worker would."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, list[int], str]] = []

    def send_task(self, name: str, *, args: list[int], queue: str) -> None:
        self.rung.append((name, args, queue))

    def answer(self) -> None:
        for _, args, _ in self.rung:
            check_log(*args)


@pytest.fixture
def bell(monkeypatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(doorbell, "current_app", bell)
    return bell


@pytest.fixture(autouse=True)
def _own_run_dir(tmp_path: Path, settings) -> None:
    settings.RUN_DIR = tmp_path / "run"


@pytest.fixture
def signed_log(db):
    for _ in range(3):
        entry()
    return sign_now()


def tamper(index: int) -> None:
    """As somebody would who owns the database: past its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER ALL")
        cursor.execute(
            "UPDATE audit_auditevent SET record = convert_to(replace(convert_from(record, 'UTF8'), 'clara', 'cl4ra'),"
            " 'UTF8') WHERE id = (SELECT event_id FROM audit_leaf WHERE index = %s)",
            [index],
        )
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER ALL")


def test_a_log_in_order_is_said_to_be(signed_log, bell, olga, client_for):
    write_anchor(signed_log)
    browser = client_for(olga)
    running = browser.post(PAGE, follow=True)
    assert "Waiting for a worker" in running.text
    assert [(name, queue) for name, _, queue in bell.rung] == [(check_log.name, "upkeep")]

    bell.answer()
    page = browser.get(PAGE)

    assert "In order" in page.text
    assert f"All {signed_log.size} entries" in page.text
    assert "so do 1 kept in the anchor folder" in page.text


def test_counter_signatures_are_checked_too(signed_log, bell, olga, client_for):
    witness = register_witness(key_line=OLGAS_KEY.public.line, by="olga")
    store_countersignature(untrusted_note=countersigned(signed_log), by="olga")
    entry()
    sign_now()
    client_for(olga).post(PAGE)
    bell.answer()

    check = LogCheck.objects.get()
    assert (check.verdict, check.kind) == ("ok", "")
    assert f"Counter-signed by {witness.name} up to {signed_log.size}" in check.message


def test_a_changed_record_is_named_and_linked(signed_log, bell, olga, client_for):
    tamper(2)
    browser = client_for(olga)
    browser.post(PAGE)
    bell.answer()
    page = browser.get(PAGE)

    assert "Tampered with" in page.text
    assert "A record was changed after it went into the log." in page.text
    assert f'href="/log/events/{Leaf.objects.get(index=2).event_id}/"' in page.text
    assert "Download the log folder now" in page.text


def test_the_answer_is_recorded_with_its_verdict(signed_log, bell, olga, client_for):
    client_for(olga).post(PAGE)
    tamper(2)
    bell.answer()
    asked, answered = AuditEvent.objects.filter(object_type="log_check").order_by("pk")

    assert (asked.actor, asked.action) == ("olga", Action.LOG_CHECK_ASKED)
    assert (answered.actor, answered.action, answered.outcome) == ("checker", Action.LOG_CHECKED, "failed")
    assert answered.reason == f"tampered: leaf_differs at 2, {signed_log.size} entries, asked by olga"


def test_a_log_that_is_not_signed_any_more_is_not_called_in_order(signed_log, bell, olga, client_for, monkeypatch):
    LogCheck.objects.all().delete()
    client_for(olga).post(PAGE)
    monkeypatch.setattr("appliance.audit.checking.tasks.log_files", lambda: iter([("manifest.json", b"{}")]))
    bell.answer()

    assert LogCheck.objects.get().verdict != Verdict.OK
    assert "In order" not in client_for(olga).get(PAGE).text


def test_before_the_first_checkpoint_the_answer_says_what_to_wait_for(db, bell, olga, client_for):
    client_for(olga).post(PAGE)
    bell.answer()

    assert "Nothing is signed yet" in client_for(olga).get(PAGE).text


def test_only_one_check_runs(signed_log, bell, olga, client_for):
    browser = client_for(olga)
    browser.post(PAGE)
    again = browser.post(PAGE, follow=True)

    assert "being checked just now" in again.text
    assert len(bell.rung) == LogCheck.objects.count() == 1
    with pytest.raises(CheckBusy):
        services.ask_for_check(by="olga")


def test_a_message_that_comes_twice_checks_once(signed_log, bell, olga, client_for):
    client_for(olga).post(PAGE)
    bell.answer()
    bell.answer()

    assert AuditEvent.objects.filter(action=Action.LOG_CHECKED).count() == 1


def test_a_check_whose_worker_died_makes_room(db, bell, olga, client_for):
    lost = services.ask_for_check(by="olga")
    services.take_up(check_id=lost.pk)
    LogCheck.objects.update(renewed_at=timezone.now() - timedelta(minutes=3))
    services.ask_for_check(by="olga")
    lost.refresh_from_db()

    assert (lost.state, lost.is_open, lost.verdict) == (CheckState.STOPPED, False, "")
    assert "cut short" in client_for(olga).get(PAGE).text


def test_an_answer_that_comes_too_late_is_dropped(db):
    lost = services.ask_for_check(by="olga")
    services.take_up(check_id=lost.pk)
    LogCheck.objects.update(renewed_at=timezone.now() - timedelta(minutes=3))
    services.ask_for_check(by="olga")
    services.finish(check_id=lost.pk, answer=Answer(Verdict.OK))
    lost.refresh_from_db()

    assert lost.verdict == ""


def test_the_page_asks_for_its_answer_while_a_check_runs_and_that_is_not_recorded(signed_log, bell, olga, client_for):
    browser = client_for(olga)
    check = services.ask_for_check(by="olga")
    services.take_up(check_id=check.pk)
    services.renew(check_id=check.pk, state=CheckState.WRITING, size=4000, written=1000)
    before = AuditEvent.objects.count()
    part = browser.get(PAGE, headers={"HX-Request": "true"})

    assert "1,000 of 4,000 entries copied" in part.text
    assert 'hx-get="/log/check/"' in part.text
    assert "<html" not in part.text
    assert AuditEvent.objects.count() == before


def test_the_page_says_what_is_stronger(signed_log, olga, client_for):
    page = client_for(olga).get(PAGE)

    assert "which is stronger" in page.text
    command = re.sub("<[^>]+>", "", page.text)
    assert "strongroom_verify.py log strongroom-log.zip --key log-key.txt --at " in command
    assert 'href="/log/folder/"' in page.text


def test_anchors_are_the_newest_and_some_older_ones(db):
    anchor_folder().mkdir(parents=True)
    for size in range(50):
        (anchor_folder() / f"{size:012}.note").write_text("x")
    sizes = [int(path.stem) for path in anchors_for_check(at_most=10)]

    assert sizes[-5:] == [45, 46, 47, 48, 49]
    assert len(sizes) <= 10
    assert sizes[0] == 0
    assert sizes == sorted(set(sizes))


def test_without_an_anchor_folder_there_are_none(db):
    assert anchors_for_check() == ()


@pytest.mark.parametrize("who", ["clara", "adam"])
def test_others_cannot_check(request, client_for, bell, who):
    assert client_for(request.getfixturevalue(who)).post(PAGE).status_code == 403
    assert bell.rung == []
