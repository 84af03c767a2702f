"""Going back at once and trying a candidate out, in a real browser and by keyboard; what the officer then sees."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.document_types.queries import latest_published
from appliance.documents.model_holder import Serving
from appliance.retraining.models import Measured, Part, ShadowRun, Snapshot, SnapshotEntry
from appliance.retraining.serving import alarms
from models_store import store
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made
from tests.appliance.documents.test_model_holder import FakeModel
from tests.appliance.retraining.serving.test_evidence import FAILED, PASSED, summary
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PageFor = Callable[[Person], Page]


class SilentBell:
    """No worker listens in tests that commit."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture(autouse=True)
def quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.documents.doorbell.current_app", SilentBell())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page_for(browser: Browser, live_server: LiveServerThread, client_for: ClientFor) -> Iterator[PageFor]:
    """A browser window in which the person is logged in. What it complains about fails the test."""
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
    for width, height in ((1280, 800), (1920, 1080)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    findings = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
    assert findings == [], name


def test_one_click_back_by_keyboard_and_the_officer_sees_it(
    page_for: PageFor, adam: Person, olga: Person, root: Path, old: str, new: str
) -> None:
    alarms.note(Serving(new, FakeModel(old), "the weights of model are damaged"), "")
    admin = page_for(adam)
    admin.goto("/models/")
    expect(admin.get_by_text("The model in force cannot be loaded.")).to_be_visible()
    is_accessible(admin, "models")
    admin.get_by_role("link", name="Go back to old").press("Enter")
    is_accessible(admin, "roll_back")
    admin.get_by_label("Reason").fill("Totals are wrong since yesterday.")
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("old is put back in force.")).to_be_visible()
    expect(admin.get_by_text("put back by Adam Admin")).to_be_visible()
    is_accessible(admin, "went_back")

    officer = page_for(olga)
    officer.goto("/log/overview/")
    expect(officer.get_by_role("link", name="1: see them in the log").first).to_be_visible()
    is_accessible(officer, "overview")
    officer.goto(f"/dossier/models/{old}/")
    expect(officer.get_by_text("Totals are wrong since yesterday.")).to_be_visible()
    is_accessible(officer, "dossier")
    pointer = store.read_pointer(root=root)
    assert pointer is not None
    assert pointer.production == old


def measured(snapshot: Snapshot, digest: str, f1: float, verdict: dict[str, Any] | None) -> None:
    Measured.objects.create(
        snapshot=snapshot, model_digest=digest, role="candidate", summary=summary(f1), verdict=verdict
    )


@pytest.fixture
def snapshot() -> Snapshot:
    version = latest_published(made.receipt_type())
    assert version is not None
    kept = Snapshot.objects.create(digest="d" * 64, type_version=version)
    SnapshotEntry.objects.create(
        snapshot=kept, position=0, part=Part.TEST, source="import", digest="e" * 64, original_sha256="f" * 64, text="x"
    )
    return kept


def _read_some(run: ShadowRun, by: Person) -> None:
    for number in range(6):
        document = made.to_review(by, f"{number}\n".encode())
        run.results.create(
            document=document,
            extraction=document.current_extraction,
            values=2,
            differing=["total"] if number % 3 == 0 else [],
            is_valid=True,
            seconds=1.0,
            seconds_in_force=1.5,
        )


def test_a_candidate_is_tried_out_asked_for_and_judged(
    page_for: PageFor,
    adam: Person,
    olga: Person,
    clara: Person,
    old: str,
    put: Callable[[str], str],
    snapshot: Snapshot,
) -> None:
    candidate, refused = put("candidate"), put("refused")
    measured(snapshot, old, 0.5, None)
    measured(snapshot, candidate, 0.75, PASSED)
    measured(snapshot, refused, 0.75, FAILED)
    admin = page_for(adam)
    admin.goto(f"/models/{refused}/")
    expect(admin.get_by_text("Did not pass")).to_be_visible()
    is_accessible(admin, "refused")

    admin.goto(f"/models/{candidate}/")
    admin.get_by_role("link", name="Try it out on live documents").press("Enter")
    is_accessible(admin, "try_outs")
    admin.get_by_label("Documents").fill("30")
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("Nothing is compared yet")).to_be_visible()
    is_accessible(admin, "try_out_empty")
    _read_some(ShadowRun.objects.get(), clara)
    admin.reload()
    expect(admin.get_by_text("How often both say the same")).to_be_visible()
    is_accessible(admin, "try_out")

    admin.goto(f"/models/{candidate}/")
    is_accessible(admin, "candidate")
    admin.get_by_label("Reason").fill("It reads receipts better.")
    admin.get_by_role("button", name="Ask to put this model in force").press("Enter")
    officer = page_for(olga)
    officer.goto("/compliance/")
    officer.get_by_role("link", name="Put in force the model “candidate”").last.press("Enter")
    expect(officer.get_by_text("Better than the one in force.")).to_be_visible()
    expect(officer.get_by_role("region", name="Figures of both models")).to_be_visible()
    is_accessible(officer, "approval")
