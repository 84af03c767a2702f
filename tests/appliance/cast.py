"""The cast of test people: Clara and Carl (clerks), Olga (officer), Adam (admin)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from appliance.accounts.models import Person
from appliance.accounts.roles import Role

PASSWORD = "correct horse battery staple"
ADDRESS = "192.0.2.7"
ClientFor = Callable[[Person], Client]


def make_person(username: str, role: Role, *, full_name: str = "") -> Person:
    first, _, last = full_name.partition(" ")
    return Person.objects.create_user(
        username=username, password=PASSWORD, role=role, first_name=first or username.title(), last_name=last
    )


@pytest.fixture
def clara(db: None) -> Person:
    """A clerk."""
    return make_person("clara", Role.CLERK, full_name="Clara Clerk")


@pytest.fixture
def carl(db: None) -> Person:
    """A second clerk."""
    return make_person("carl", Role.CLERK, full_name="Carl Clerk")


@pytest.fixture
def olga(db: None) -> Person:
    """The compliance officer."""
    return make_person("olga", Role.OFFICER, full_name="Olga Officer")


@pytest.fixture
def adam(db: None) -> Person:
    """The admin."""
    return make_person("adam", Role.ADMIN, full_name="Adam Admin")


@pytest.fixture
def client_for() -> ClientFor:
    """Make a browser in which a person is logged in already; no log-in is recorded."""

    def logged_in(person: Person) -> Client:
        client = Client(REMOTE_ADDR=ADDRESS)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in
