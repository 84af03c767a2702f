"""The dossier in a real browser: an officer follows a value to what made it, and asks for a replay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.audit.dossier.models import Replay
from appliance.documents import doorbell
from appliance.documents.models import Document
from appliance.review.answers import Act, Verb
from appliance.review.claims import claim
from appliance.review.decisions import decide
from tests.appliance.behind_the_log import overwrite
from tests.appliance.cast import ClientFor
from tests.appliance.review.factory import invoice_to_review
from tests.e2e.browser import chromium
from tests.e2e.watcher import Watcher

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class SilentBell:
    """No worker listens in these tests."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch, clara: Person) -> Document:
    monkeypatch.setattr(doorbell, "current_app", SilentBell())
    document = invoice_to_review(clara)
    claim(document_id=document.pk, by=clara)
    document.refresh_from_db()
    act = Act(Verb.CONFIRM, ("invoice_number",))
    decide(document_id=document.pk, by=clara, version=document.version, act=act)
    return document


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def watcher(live_server: LiveServerThread) -> Watcher:
    return Watcher(host=live_server.url.removeprefix("http://"))


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServerThread, watcher: Watcher, olga: Person, client_for: ClientFor
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "sessionid", "value": client_for(olga).cookies["sessionid"].value, "url": live_server.url}]
    )
    watcher.watch(context)
    yield context.new_page()
    context.close()


def test_officer_follows_a_value_to_what_made_it_and_asks_for_a_replay(
    page: Page, watcher: Watcher, live_server: LiveServerThread, document: Document
) -> None:
    page.goto(f"{live_server.url}/dossier/{document.pk}/")
    expect(page.get_by_role("heading", name="Dossier of")).to_be_visible()
    crops = page.locator("img.crop")
    assert crops.count() > 5
    expect(crops.first).to_have_js_property("complete", True)
    assert crops.first.evaluate("image => image.naturalWidth") > 10
    watcher.check(page)

    page.get_by_role("link", name="Where Invoice number comes from").press("Enter")
    expect(page.get_by_role("heading", name="Where does invoice_number come from?")).to_be_visible()
    expect(page.locator(".chain-step")).to_have_count(6)
    watcher.check(page)

    page.get_by_role("button", name="Run this extraction again").press("Enter")
    expect(page.get_by_role("heading", name="Replay of run")).to_be_visible()
    expect(page.locator("#replay-result")).to_contain_text("Waits or runs")
    watcher.check(page)

    _finish(Replay.objects.get())
    expect(page.locator("#replay-result")).to_contain_text("The answers part in question 1 at token 12", timeout=60_000)
    watcher.check(page)
    assert (watcher.serious_findings, watcher.csp_violations, watcher.foreign_requests) == ([], [], [])


def _finish(replay: Replay) -> None:
    """What the worker writes when a replay differs."""
    place = {"question": 1, "token": 12, "field": "total", "then": '"634,15"}', "now": '"634,51"}'}
    values = [{"path": "total", "then": "634,15 (634.15)", "now": "634,51 (634.51)"}]
    report = {"place": place, "values": values, "pages_changed": [], "answers_compared": True}
    overwrite(Replay.objects.filter(pk=replay.pk), verdict="differs", report=report)
