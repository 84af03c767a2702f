from __future__ import annotations

import time

import pytest
from django.test import Client

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from tests.appliance.cast import ADDRESS, PASSWORD

PAGE = "/accounts/password/"
MINUTES, HOURS = 60, 3600


@pytest.fixture
def browser(clara: Person) -> Client:
    browser = Client(REMOTE_ADDR=ADDRESS)
    browser.post("/accounts/login/", {"username": "clara", "password": PASSWORD})
    return browser


def pretend(browser: Client, *, idle: int = 0, age: int = 0) -> None:
    """As if the log-in and the last act lay so many seconds back."""
    session = browser.session
    session["started_at"], session["last_act_at"] = int(time.time()) - max(age, idle), int(time.time()) - idle
    session.save()


@pytest.mark.parametrize(("times", "status"), [
    ({"idle": 14 * MINUTES}, 200),
    ({"idle": 16 * MINUTES}, 302),
    ({"age": 12 * HOURS - 60}, 200),
    ({"age": 12 * HOURS + 60}, 302),
])  # fmt: skip
def test_session_ends_after_15_idle_minutes_or_12_hours(browser, times, status):
    pretend(browser, **times)

    assert browser.get(PAGE).status_code == status


def test_end_of_a_session_is_recorded_with_its_reason(browser):
    pretend(browser, idle=16 * MINUTES)
    browser.get(PAGE)
    event = AuditEvent.objects.order_by("-pk").first()

    assert (event.actor, event.action, event.reason) == ("clara", "logged_out", "15 minutes without an act")


def test_end_of_a_session_leads_to_the_page_that_was_asked_for(browser):
    pretend(browser, idle=16 * MINUTES)

    assert browser.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_act_starts_the_idle_time_anew(browser):
    pretend(browser, idle=14 * MINUTES)
    browser.get(PAGE)

    assert time.time() - browser.session["last_act_at"] < 5


def test_page_that_renews_itself_is_no_act(browser):
    pretend(browser, idle=14 * MINUTES)
    browser.get(PAGE, headers={"X-Background": "true"})

    assert time.time() - browser.session["last_act_at"] > 13 * MINUTES


def test_part_of_a_page_sends_the_whole_browser_to_the_log_in(browser):
    pretend(browser, idle=16 * MINUTES)
    answer = browser.get(PAGE, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/accounts/login/?next={PAGE}")


def test_person_with_a_given_password_sees_nothing_before_choosing_one(browser, clara):
    Person.objects.filter(pk=clara.pk).update(must_change_password=True)

    assert browser.get("/")["Location"] == PAGE
    assert browser.get(PAGE).status_code == 200
    assert browser.post("/accounts/logout/").status_code == 302


def test_choosing_a_password_opens_the_rest_and_keeps_this_session(browser, clara):
    Person.objects.filter(pk=clara.pk).update(must_change_password=True)
    new = "my own long words"
    browser.post(PAGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert browser.get("/")["Location"] != PAGE
    assert browser.get(PAGE).status_code == 200


def test_choosing_a_password_ends_the_other_sessions(browser, clara, client_for):
    elsewhere = client_for(clara)
    new = "my own long words"
    browser.post(PAGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert elsewhere.get(PAGE).status_code == 302


@pytest.mark.parametrize("new", ["short", "password1234", "1234567890123"])
def test_weak_password_is_refused(browser, clara, new):
    browser.post(PAGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    clara.refresh_from_db()
    assert clara.check_password(PASSWORD)
