from __future__ import annotations

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client, override_settings

from appliance import settings as product_settings
from appliance.accounts.models import Person
from appliance.accounts.services import reset_password
from appliance.audit.models import AuditEvent
from tests.appliance.cast import ADDRESS, PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def browser(db: None) -> Client:
    return Client(REMOTE_ADDR=ADDRESS)


def log() -> list[tuple[str, str, str, str]]:
    return [(e.actor, e.action, e.object_id, e.outcome) for e in AuditEvent.objects.order_by("pk")]


def try_to_log_in(browser: Client, username: str, password: str = "wrong"):
    return browser.post(LOGIN, {"username": username, "password": password})


def test_log_in_page_is_open_to_everybody(browser):
    assert browser.get(LOGIN).status_code == 200


def test_log_in_goes_to_the_start_page_and_is_recorded(browser, clara):
    answer = try_to_log_in(browser, "clara", PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert log() == [("clara", "logged_in", "clara", "done")]


def test_log_in_goes_only_to_pages_of_this_box(browser, clara):
    answer = browser.post(LOGIN, {"username": "clara", "password": PASSWORD, "next": "https://192.0.2.99/"})

    assert answer["Location"] == "/"


def test_log_out_is_recorded_and_ends_the_session(browser, clara):
    try_to_log_in(browser, "clara", PASSWORD)
    browser.post("/accounts/logout/")

    assert browser.get("/accounts/password/").status_code == 302
    assert log()[1:] == [("clara", "logged_out", "clara", "done")]


def test_log_out_needs_a_post(browser, clara):
    try_to_log_in(browser, "clara", PASSWORD)

    assert browser.get("/accounts/logout/").status_code == 405
    assert browser.get("/accounts/password/").status_code == 200


def test_failed_log_in_is_recorded(browser, clara):
    try_to_log_in(browser, "clara")

    assert log() == [("anonymous", "login_failed", "clara", "refused")]


def test_name_that_nobody_has_does_not_reach_the_log(browser):
    """People type passwords into the wrong box."""
    try_to_log_in(browser, "my secret pass phrase")

    assert log() == [("anonymous", "login_failed", "(unknown)", "refused")]
    assert b"my secret" not in bytes(AuditEvent.objects.get().record)


def test_failed_log_in_looks_the_same_for_unknown_wrong_and_switched_off(browser, clara, carl):
    Person.objects.filter(pk=carl.pk).update(is_active=False)
    answers = [
        try_to_log_in(browser, name, password)
        for name, password in (("nobody", "wrong"), ("clara", "wrong"), ("carl", PASSWORD))
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({str(answer.context["form"].non_field_errors()) for answer in answers}) == 1


@pytest.mark.parametrize("username", ["clara", "nobody"])
def test_fifth_failure_shuts_the_door_for_known_and_unknown_names_alike(browser, clara, username):
    before = [try_to_log_in(browser, username).status_code for _ in range(4)]
    fifth = try_to_log_in(browser, username)

    assert before == [200] * 4
    assert fifth.status_code == 429
    assert "stays shut for 15 minutes" in fifth.text
    assert [event[1] for event in log()] == ["login_failed"] * 4 + ["locked_out"]


def test_right_password_does_not_open_a_door_that_is_shut(browser, clara):
    for _ in range(5):
        try_to_log_in(browser, "clara")

    assert try_to_log_in(browser, "clara", PASSWORD).status_code == 429
    assert browser.get("/accounts/password/").status_code == 302


def test_right_password_opens_the_door_after_four_failures(browser, clara):
    """The control of the test above."""
    for _ in range(4):
        try_to_log_in(browser, "clara")

    assert try_to_log_in(browser, "clara", PASSWORD).status_code == 302


def test_shut_door_is_shut_for_one_person_only(browser, clara, carl):
    for _ in range(5):
        try_to_log_in(browser, "clara")

    assert try_to_log_in(browser, "carl", PASSWORD).status_code == 302


def test_new_password_from_an_admin_opens_the_door(browser, clara, adam):
    for _ in range(5):
        try_to_log_in(browser, "clara")
    new = reset_password(by=adam, person=clara)

    assert try_to_log_in(browser, "clara", new.password).status_code == 302


def test_cookie_of_the_session_is_kept_from_scripts_and_other_sites(browser, clara):
    try_to_log_in(browser, "clara", PASSWORD)
    cookie = browser.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_log_in_changes_the_key_of_the_session(browser, clara):
    """Who planted a session in the browser beforehand gains nothing."""
    session = browser.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    try_to_log_in(browser, "clara", PASSWORD)

    assert browser.cookies["sessionid"].value != planted


def test_passwords_are_hashed_with_argon2():
    with override_settings(PASSWORD_HASHERS=product_settings.PASSWORD_HASHERS):
        assert identify_hasher(make_password("words")).algorithm == "argon2"
