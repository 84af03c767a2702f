"""Every way into the box stands in appliance/audit/coverage.toml, with what it leaves in the log."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.test import Client

from appliance.accounts.roles import Role, may
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.celery import app
from tests.appliance.accounts.test_every_url_has_a_permission import NEEDS, OPEN, PEOPLE, ROUTES

TABLE: dict[str, Any] = tomllib.loads(Path("appliance/audit/coverage.toml").read_text(encoding="utf-8"))
METHODS = ("GET", "POST")


def own_tasks() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if name.startswith("appliance.")}


def own_commands() -> set[str]:
    return {name for name, where in get_commands().items() if where.startswith("appliance.")}


def uncovered(table: dict[str, Any]) -> set[str]:
    """Addresses, commands and tasks without a row, and rows without one of these."""
    there = {name for name, _, _ in ROUTES}, own_commands(), own_tasks()
    found = set(table["urls"]), set(table["commands"]), set(table["tasks"])
    return set().union(*(a ^ b for a, b in zip(there, found, strict=True)))


def events_of(row: list[str] | str) -> list[str]:
    return row if isinstance(row, list) else []


def test_everything_has_a_row_and_every_row_has_something():
    assert uncovered(TABLE) == set()


@pytest.mark.parametrize("part", ["urls", "commands", "tasks"])
def test_control_a_missing_row_is_seen(part: str):
    name = next(iter(TABLE[part]))
    rest = {key: row for key, row in TABLE[part].items() if key != name}
    assert uncovered({**TABLE, part: rest}) == {name}
    assert uncovered({**TABLE, part: {**TABLE[part], "made-up": "nothing"}}) == {"made-up"}


def test_events_are_known_and_every_known_event_has_a_source():
    rows = [row for methods in TABLE["urls"].values() for row in methods.values()]
    rows += [*TABLE["everywhere"].values(), *TABLE["commands"].values(), *TABLE["tasks"].values()]
    named = {event for row in rows for event in events_of(row)}
    assert named == set(Action.values)
    assert all(len(row.split()) > 2 for row in rows if isinstance(row, str))


@pytest.mark.parametrize("role", list(Role))
def test_the_methods_of_each_address_stand_in_its_row(request, db, client_for, role):
    """An address takes a method exactly when the row names it."""
    person = request.getfixturevalue(PEOPLE[role])
    for name, address, _ in ROUTES:
        if name in OPEN or not may(person, NEEDS[name]) or name in {"accounts:password", "accounts:person_password"}:
            continue  # a changed password ends the session
        browser = client_for(person)
        browser.raise_request_exception = False
        taken = [method for method in METHODS if browser.generic(method, address).status_code != 405]
        assert taken == list(TABLE["urls"][name]), name


@pytest.mark.parametrize("role", list(Role))
def test_a_page_leaves_what_its_row_says(request, db, client_for, role):
    """By looking at every page that needs nothing to exist."""
    person = request.getfixturevalue(PEOPLE[role])
    browser: Client = client_for(person)
    looked = 0
    for name, address, pattern in ROUTES:
        row = TABLE["urls"][name].get("GET")
        if name in OPEN or row is None or pattern.pattern.converters or not may(person, NEEDS[name]):
            continue
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if browser.get(address).status_code != 200:
            continue  # what it would show does not exist yet
        left = set(AuditEvent.objects.filter(pk__gt=newest).values_list("action", flat=True))
        assert left == set(events_of(row)), name
        looked += 1
    assert looked >= 2
