"""The admin's way in a real browser: data, settings, a run that works, its verdict, what it got wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.retraining.models import RunState, TrainingRun
from appliance.retraining.runs.tasks import work_on
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.datasets.made import price, reviewed
from tests.appliance.retraining.runs import made
from tests.appliance.retraining.runs.made import FakeWorkshop
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class WorkerBeside:
    """Takes up a ring in a thread of its own, as the worker of training does in a process of its own."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def __call__(self, run_id: int) -> None:
        self.threads.append(threading.Thread(target=self._work, args=(run_id,)))
        self.threads[-1].start()

    def _work(self, run_id: int) -> None:
        work_on(run_id, FakeWorkshop())
        connections.close_all()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, silent_bell: list[int]) -> Iterator[WorkerBeside]:
    worker = WorkerBeside()
    monkeypatch.setattr("appliance.retraining.runs.doorbell.ring", worker)
    yield worker
    for thread in worker.threads:
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page(
    base: str, browser: Browser, live_server: LiveServerThread, adam: Person, client_for: ClientFor
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    session = client_for(adam).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def look(page: Page, name: str) -> None:
    """Nothing that a machine finds keeps anybody out, and nothing sticks out at the side."""
    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert wide <= 0, name


def test_the_guided_way_from_data_to_the_verdict(
    page: Page, worker: WorkerBeside, clara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "slow")
    page.goto("/models/runs/")
    look(page, "an empty list")
    made.snapshot(documents=[reviewed(clara, "Company 0 Ltd", 0)])

    page.goto("/models/runs/")
    page.get_by_role("link", name="New run").press("Enter")
    look(page, "data")
    page.get_by_role("link", name="Train on it").press("Enter")
    expect(page.locator("#estimate")).to_contain_text("Together")
    page.get_by_label("Thorough").check()
    look(page, "settings")
    page.get_by_role("button", name="Start the run").press("Enter")

    expect(page.locator("h1")).to_have_text(f"Run {TrainingRun.objects.get().pk}: Receipt")
    expect(page.get_by_role("img", name="Loss while training")).to_be_visible(timeout=20_000)
    look(page, "at work")
    # The page asks for news itself and shows the verdict without being asked to.
    recommended = page.get_by_role("heading", name="Passed: the adapter for receipt is recommended")
    expect(recommended).to_be_visible(timeout=60_000)
    expect(page.get_by_role("img", name="Accuracy against speed and size")).to_be_visible()
    look(page, "verdict")

    page.get_by_role("link", name="What they got wrong").press("Enter")
    page.get_by_label("Model").select_option(label="In force")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator(".gallery li").first).to_contain_text(f"{price(0)}9")
    look(page, "errors")


def test_a_run_is_stopped_and_goes_on(page: Page, worker: WorkerBeside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "slow")
    run = made.asked(None, made.BASE_DIGEST)
    page.goto(f"/models/runs/{run.pk}/")
    expect(page.get_by_role("img", name="Loss while training")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Stop").press("Enter")

    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=20_000)
    worker.threads[0].join()
    assert TrainingRun.objects.get().state == RunState.STOPPED
    page.get_by_role("button", name="Resume").press("Enter")
    expect(page.get_by_role("heading", name="Passed")).to_be_visible(timeout=60_000)


def test_a_schedule_is_made(page: Page) -> None:
    made.snapshot()
    page.goto("/models/runs/schedules/receipt/")
    look(page, "schedule")
    page.get_by_label("Train by itself").check()
    page.get_by_role("button", name="Save").press("Enter")

    expect(page.get_by_role("row", name="Receipt")).to_contain_text("Sunday, 20:00 to 06:00, from 50 new documents")
