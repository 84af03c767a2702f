from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.queries import people
from appliance.accounts.roles import Role
from appliance.audit.models import AuditEvent

PEOPLE = "/accounts/people/"


def form(person: Person, **wanted: object) -> dict[str, object]:
    as_it_is = {name: getattr(person, name) for name in ("role", "first_name", "last_name", "version")}
    return {**as_it_is, "is_active": "on", **wanted}


def test_people_are_listed_with_role_and_state(adam, clara, client_for):
    page = client_for(adam).get(PEOPLE)

    assert [row.person.username for row in page.context["rows"]] == ["adam", "clara"]
    assert "Compliance officer" in page.text


@pytest.mark.parametrize(("days", "dormant"), [(89, False), (91, True)])
def test_person_who_has_not_logged_in_for_90_days_is_dormant(clara, days, dormant):
    Person.objects.update(last_login=timezone.now() - timedelta(days=days))

    assert [row.is_dormant for row in people()] == [dormant]


def test_person_who_is_switched_off_is_not_dormant(clara):
    Person.objects.update(last_login=timezone.now() - timedelta(days=91), is_active=False)

    assert [row.is_dormant for row in people()] == [False]


def test_new_person_gets_a_password_that_is_shown_once_and_not_cached(adam, client_for):
    browser = client_for(adam)
    page = browser.post(f"{PEOPLE}new/", {"username": "carol", "role": "clerk", "first_name": "Carol"})

    carol = Person.objects.get(username="carol")
    assert carol.check_password(page.context["password"])
    assert page.context["password"] in page.text
    assert "no-store" in page["Cache-Control"]
    assert page.context["password"] not in browser.get(f"{PEOPLE}{carol.pk}/").text


@pytest.mark.parametrize("username", ["adam", "with blank", "a/b", "", "x" * 65])
def test_new_person_with_a_bad_name_is_refused_in_words(adam, client_for, username):
    page = client_for(adam).post(f"{PEOPLE}new/", {"username": username, "role": "clerk"})

    assert len(page.context["form"].errors["username"]) == 1
    assert Person.objects.count() == 1


def test_person_is_changed_by_the_form(adam, clara, client_for):
    answer = client_for(adam).post(f"{PEOPLE}{clara.pk}/", form(clara, role="officer"))

    clara.refresh_from_db()
    assert (answer.status_code, clara.role) == (302, Role.OFFICER)
    assert AuditEvent.objects.get().actor == "adam"


def test_form_of_an_old_page_changes_nothing_and_says_so(adam, clara, client_for):
    old = form(clara, first_name="Clarissa")
    Person.objects.filter(pk=clara.pk).update(version=3)
    page = client_for(adam).post(f"{PEOPLE}{clara.pk}/", old, follow=True)

    clara.refresh_from_db()
    assert clara.first_name == "Clara"
    assert "Somebody else changed this person meanwhile." in page.text


def test_admin_is_told_why_the_own_role_stays(adam, client_for):
    page = client_for(adam).post(f"{PEOPLE}{adam.pk}/", form(adam, role="officer"), follow=True)

    adam.refresh_from_db()
    assert adam.role == Role.ADMIN
    assert "You cannot change your own role" in page.text


def test_new_role_counts_from_the_next_request(adam, clara, client_for):
    browser = client_for(clara)
    client_for(adam).post(f"{PEOPLE}{clara.pk}/", form(clara, role="admin"))

    assert browser.get(PEOPLE).status_code == 200


def test_person_who_is_switched_off_is_out_at_once(adam, clara, client_for):
    browser = client_for(clara)
    wanted = form(clara)
    del wanted["is_active"]
    client_for(adam).post(f"{PEOPLE}{clara.pk}/", wanted)

    assert browser.get("/accounts/password/").status_code == 302


@pytest.mark.parametrize(("who", "home"), [("clara", "/documents/"), ("olga", "/log/overview/"), ("adam", "/health/")])
def test_start_page_is_the_one_of_the_role(request, client_for, who, home):
    assert client_for(request.getfixturevalue(who)).get("/")["Location"] == home


def test_text_of_a_name_is_never_markup(adam, client_for, clara):
    Person.objects.filter(pk=clara.pk).update(first_name="<script>alert(1)</script>")

    assert "<script>alert" not in client_for(adam).get(PEOPLE).text
