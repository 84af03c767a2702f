"""The officer's pages in a real browser: from the overview to the verdict of a check, by keyboard alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.audit.actions import Action, Outcome
from appliance.audit.checking import doorbell
from appliance.audit.checking.tasks import check_log
from appliance.audit.checkpoints.services import register_witness, store_countersignature
from appliance.audit.log.anchors import write_anchor
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import OLGAS_KEY, countersigned, sign_now
from tests.appliance.cast import ClientFor
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/log/overview/", "/log/overview/?days=30", "/log/", "/log/?outcome=refused", "/log/check/", "/log/checkpoints/",
    "/log/checkpoints/paper/", "/log/countersign/", "/log/?entry=0",
)  # fmt: skip


class WorkerBeside:
    """Takes up a ring in a thread of its own, as the upkeep worker does in a process of its own."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def send_task(self, name: str, *, args: list[int], queue: str) -> None:
        self.threads.append(threading.Thread(target=self._work, args=args))
        self.threads[-1].start()

    def _work(self, check_id: int) -> None:
        check_log(check_id)
        connections.close_all()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Iterator[WorkerBeside]:
    settings.RUN_DIR = tmp_path / "run"
    worker = WorkerBeside()
    monkeypatch.setattr(doorbell, "current_app", worker)
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
def signed_log(db: None) -> None:
    for _ in range(5):
        entry()
        entry(Action.LOGIN_FAILED, outcome=Outcome.REFUSED)
    entry(Action.ACCESS_REFUSED, outcome=Outcome.REFUSED)
    checkpoint = sign_now()
    write_anchor(checkpoint)
    register_witness(key_line=OLGAS_KEY.public.line, by="olga")
    store_countersignature(untrusted_note=countersigned(checkpoint), by="olga")
    write_anchor(sign_now())
    entry()


@pytest.fixture
def page(
    signed_log: None, browser: Browser, live_server: LiveServerThread, olga: Person, client_for: ClientFor
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    context.add_cookies(
        [{"name": "sessionid", "value": client_for(olga).cookies["sessionid"].value, "url": live_server.url}]
    )
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def test_from_the_overview_to_the_verdict_by_keyboard(page: Page, worker: WorkerBeside) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("How the log is")
    page.get_by_role("link", name="Check the log").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Check the log now").focus()
    page.keyboard.press("Enter")

    # The page asks for the answer itself.
    expect(page.locator("#answer")).to_contain_text("In order", timeout=30_000)
    expect(page.locator("#answer")).to_contain_text("kept in the anchor folder")


def test_an_entry_leads_to_its_proof_and_its_checkpoint(page: Page) -> None:
    page.goto("/log/?person=clara&entry=3")
    page.get_by_role("link", name="Entry no. 3 in full").click()
    with page.expect_download() as proof:
        page.get_by_role("link", name="Record with proof").click()
    page.get_by_role("link", name="checkpoint over").click()

    assert proof.value.suggested_filename == "entry-3.zip"
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkpoints")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_accessible_and_stays_within_its_width(page: Page, address: str) -> None:
    page.goto(address)
    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert found.violations_count == 0, found.generate_report()
    assert wide <= 0
