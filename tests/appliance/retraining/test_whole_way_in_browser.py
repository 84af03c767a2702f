"""The whole way in a browser: an administrator walks the guided run to a promotion, an officer approves it, one click
leads back, and the officer finds every step in the log. The programs of the run are stand-ins; tests/e2e has the real
ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.runs import made
from tests.appliance.retraining.runs.conftest import _worker_stays, base, root, silent_bell
from tests.appliance.retraining.runs.test_in_browser import WorkerBeside, worker
from tests.e2e.browser import chromium

__all__ = ["_worker_stays", "base", "root", "silent_bell", "worker"]

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PageFor = Callable[[Person], Page]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page_for(chrome: Browser, live_server: LiveServerThread, client_for: ClientFor) -> Iterator[PageFor]:
    """A window in which the person is logged in. What it complains about fails the test."""
    contexts, complaints = [], []

    def opened(person: Person) -> Page:
        context = chrome.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
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


def is_accessible(page: Page) -> None:
    findings = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
    assert findings == [], page.url


def test_from_a_guided_run_to_a_promotion_by_two_and_back_by_one(
    page_for: PageFor, worker: WorkerBeside, base: str, adam: Person, olga: Person
) -> None:
    made.snapshot()
    admin, officer = page_for(adam), page_for(olga)
    train(admin)
    ask(admin)
    approve(officer)
    candidate = the_candidate_is_in_force(admin, base)
    go_back(admin, base)
    the_officer_finds_every_step(officer, candidate)


def train(page: Page) -> None:
    page.goto("/models/")
    page.get_by_role("link", name="Training runs").press("Enter")
    page.get_by_role("link", name="New run").press("Enter")
    page.get_by_role("link", name="Train on it").press("Enter")
    expect(page.locator("#estimate")).to_contain_text("Together")
    page.get_by_role("button", name="Start the run").press("Enter")
    expect(page.get_by_role("heading", name="Passed")).to_be_visible(timeout=60_000)


def ask(page: Page) -> None:
    page.get_by_role("link", name="Ask to put it in force").press("Enter")
    expect(page.get_by_role("heading", name="How it was made")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Reason").fill("It reads the totals.")
    page.get_by_role("button", name="Ask to put this model in force").press("Enter")
    expect(page.get_by_text("The request is made.")).to_be_visible()


def approve(page: Page) -> None:
    page.goto(reverse("compliance:approvals"))
    page.get_by_role("link", name=re.compile("^Decide ?:")).press("Enter")
    page.locator("[name=words]").fill("Its figures are good.")
    page.get_by_role("button", name="Approve and carry out now").press("Enter")
    expect(page.get_by_role("button", name="Approve and carry out now")).to_have_count(0)


def the_candidate_is_in_force(page: Page, base: str) -> str:
    """Its digest."""
    page.goto("/models/")
    row = page.get_by_role("row").filter(has_text="In force for receipt")  # the recommended one is the adapter
    expect(row).to_contain_text("Passed")
    is_accessible(page)
    digest = row.locator(".digest").get_attribute("title") or ""
    assert base not in digest
    return digest.removeprefix("SHA-256 ")


def go_back(page: Page, base: str) -> None:
    page.get_by_role("link", name="Go back to").press("Enter")
    page.get_by_label("Reason").fill("One wrong total was enough.")
    page.get_by_role("button", name="Go back now").press("Enter")
    page.goto("/models/")
    expect(page.get_by_role("row").filter(has_text="In force").locator(".digest")).to_have_attribute(
        "title", f"SHA-256 {base}"
    )


def the_officer_finds_every_step(page: Page, candidate: str) -> None:
    page.goto("/log/")
    is_accessible(page)
    shown = page.locator("main").inner_text()
    steps = (
        "Training asked for",
        "Training started",
        "Model measured",
        "Training finished with a verdict",
        "Approval asked for",
        "Approval granted",
        "Model promoted",
        "Previous model put back in force",
    )
    assert [step for step in steps if step not in shown] == []
    promoted, put_back = (AuditEvent.objects.get(action=name) for name in ("model_promoted", "model_rolled_back"))
    assert (promoted.object_id, promoted.actor, put_back.actor) == (candidate, "olga", "adam")
