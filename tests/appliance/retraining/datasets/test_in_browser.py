"""Training data in a real browser: the admin's pages, a second reviewer's decision, the officer's withdrawal."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.documents import doorbell
from appliance.documents.models import Document
from appliance.retraining.models import Conflict, Snapshot, Withdrawal
from appliance.review.answers import Verb
from tests.appliance.cast import ClientFor, make_person
from tests.appliance.retraining.datasets.made import (
    do,
    finished,
    lines_of,
    place,
    reopened,
    several,
    to_review,
    values_of,
)
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PageFor = Callable[[Person], Page]


class SilentBell:
    """No worker listens here."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page_for(
    monkeypatch: pytest.MonkeyPatch, browser: Browser, live_server: LiveServerThread, client_for: ClientFor
) -> Iterator[PageFor]:
    """A browser window in which the person is logged in. What it complains about fails the test."""
    monkeypatch.setattr(doorbell, "current_app", SilentBell())
    contexts, complaints = [], []

    def opened(person: Person) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=live_server.url)
        contexts.append(context)
        cookie = client_for(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def is_accessible(page: Page, name: str) -> None:
    folder = os.environ.get("STRONGROOM_PICTURES", "")
    for width in (1280, 1920) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    findings = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
    assert findings == [], name


def disputed(clara: Person, carl: Person) -> Document:
    lines = (*lines_of("ACME Coffee", 90), "Tax 1.05", "Cash 20.00 change 6.65")
    document = to_review(clara, lines, values_of("ACME Coffee", 90))
    do(document, clara, Verb.TAKE, "total", spans=(place(document, "6.65"),))
    again = reopened(finished(document, clara), carl)
    do(again, carl, Verb.TAKE, "total", spans=(place(document, "20.00"),))
    return finished(again, carl)


def test_from_an_empty_page_to_a_snapshot(page_for: PageFor, clara: Person, carl: Person, adam: Person) -> None:
    admin = page_for(adam)
    several(clara, 3)
    admin.goto("/models/datasets/receipt/")
    is_accessible(admin, "few")
    expect(admin.get_by_role("button", name="Make a snapshot")).to_be_disabled()

    several(clara, 20, first=10)
    several(carl, 6, first=50)
    to_review(
        clara, ("Quite another layout", "of a Zebra Zoo shop", "Total 9.99"), {"total": "9.99", "company": "Zebra"}
    )
    document = disputed(clara, carl)
    admin.goto("/models/datasets/")
    is_accessible(admin, "types")
    admin.get_by_role("link", name="Receipt").click()
    is_accessible(admin, "type")
    expect(admin.get_by_text("1 conflict.")).to_be_visible()
    expect(admin.get_by_text("new layout")).to_be_visible()
    assert "ACME" not in admin.content()
    admin.get_by_text("How it is cut").click()
    is_accessible(admin, "type-options")
    admin.get_by_role("button", name="Make a snapshot").click()
    is_accessible(admin, "snapshot")
    assert Snapshot.objects.get().counts["documents"] == 30
    assert "total" not in Snapshot.objects.get().entries.get(document_id=document.pk).fields


def test_labels_are_looked_through_before_they_are_taken(page_for: PageFor, adam: Person, tmp_path: Path) -> None:
    several(adam, 1)
    labels = tmp_path / "labels.csv"
    labels.write_text('text,company,total\n"ACME Coffee Total 12.50",ACME Coffee,99.00\nx,nobody,1\n', encoding="utf-8")
    admin = page_for(adam)
    admin.goto("/models/datasets/receipt/import/")
    is_accessible(admin, "import")
    admin.get_by_label("File of labels").set_input_files(labels)
    admin.get_by_role("button", name="Look through the file").click()
    is_accessible(admin, "import-rehearsal")
    admin.get_by_role("button", name="Take the 1 good line").click()
    expect(admin.get_by_text("1 labelled documents are taken")).to_be_visible()


def test_a_third_person_decides_by_keyboard_and_the_officer_withdraws(
    page_for: PageFor, clara: Person, carl: Person, adam: Person, olga: Person
) -> None:
    document = disputed(clara, carl)
    page_for(adam).goto("/models/datasets/receipt/")
    clerk = page_for(make_person("carla", Role.CLERK, full_name="Carla Clerk"))
    clerk.goto("/")
    clerk.get_by_role("link", name="Differing answers").click()
    is_accessible(clerk, "conflicts")
    clerk.get_by_role("button", name=re.compile("This is right.*answer 1 to total")).press("Enter")
    expect(clerk.get_by_text("Nobody disagrees")).to_be_visible()
    is_accessible(clerk, "no-conflicts")
    assert Conflict.objects.get().decided_by is not None

    officer = page_for(olga)
    officer.goto(f"/compliance/documents/{document.pk}/")
    officer.get_by_label("Why it must not train").fill("The consent was taken back.")
    is_accessible(officer, "withdraw")
    officer.get_by_role("button", name="Withdraw it from training").click()
    expect(officer.get_by_text("Withdrawn from training on")).to_be_visible()
    assert Withdrawal.objects.get().withdrawn_by == olga
