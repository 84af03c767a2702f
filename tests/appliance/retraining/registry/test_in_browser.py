"""The registry in a real browser: looking, importing, comparing, removing; readable for everybody and by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from appliance.accounts.models import Person
from appliance.operations.heartbeat import beat
from appliance.retraining.models import Measured
from appliance.retraining.registry import tasks
from appliance.retraining.registry.models import JobKind, ModelJob
from models_store import store
from models_store.card import ModelState
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop
from tests.appliance.retraining.registry.made import measured, snapshot
from tests.appliance.retraining.stored import put
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PageFor = Callable[[Person], Page]
PASSED = {
    "passed": True,
    "reasons": [
        {"code": "fields", "passed": True, "sentence": "No field is worse than before."},
        {"code": "schema", "passed": True, "sentence": "Every answer fits the schema."},
    ],
}


class SilentBell:
    """No worker listens in tests that commit."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@pytest.fixture(autouse=True)
def quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.retraining.registry.jobs.current_app", SilentBell())


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page(chrome: Browser, live_server: LiveServerThread, client_for: ClientFor, adam: Person) -> Iterator[Page]:
    """A window in which the administrator is logged in. What it complains about fails the test."""
    complaints: list[str] = []
    context = chrome.new_context(viewport={"width": 1280, "height": 800}, base_url=live_server.url)
    cookie = client_for(adam).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def shelf(root: Path) -> dict[str, str]:
    """A base in force, a candidate that passed, one that is measured, and one from outside; digests by name."""
    base = put(root, "receipts-base", quantization="Q8_0", parameters=6_621_952, made_at="2026-11-01T08:00:00+00:00")
    facts = {"base": base, "quantization": "Q4_K_M", "parameters": 6_621_952, "documents": ["d" * 64, "e" * 64]}
    tuned = put(root, "receipt-run-1-Q4_K_M", state=ModelState.CANDIDATE, made_at="2026-11-20T08:00:00+00:00", **facts)
    origin = {
        "family": "qwen2",
        "files": [{"name": "model.safetensors", "size": 988_097_824, "sha256": "a" * 64}],
        "untrusted_card_text": "# A model\n<b>bold words of its makers</b>",
        "untrusted_licence_text": "Apache License, version 2.0",
    }
    facts = {"quantization": "Q8_0", "parameters": 494_032_768, "licence": "apache-2.0", "origin": origin}
    outside = put(root, "qwen2.5-0.5b", **facts)
    store.promote(base, root=root)
    store.copy(base, "receipts", root=root)
    beat("extract@box", pid=1, started_at=timezone.now(), holds=(base,))
    on = snapshot(documents=12)
    measured(on, base, [False] * 8 + [True] * 4)
    judged = measured(on, tuned, [True] * 11 + [False])
    Measured.objects.filter(pk=judged.pk).update(verdict=PASSED, is_candidate=True)
    return {"base": base, "tuned": tuned, "outside": outside}


def is_accessible(page: Page, name: str) -> None:
    folder = os.environ.get("STRONGROOM_PICTURES", "")
    for width, height in ((1280, 800), (1920, 1080)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    findings = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
    assert findings == [], name


def worked_on(kind: JobKind) -> None:
    """What the worker does meanwhile."""
    job = ModelJob.objects.filter(kind=kind).latest("pk")
    assert tasks.work_on(job.pk, FakeWorkshop())


def test_the_list_the_card_and_the_comparison_can_be_read(page: Page, shelf: dict[str, str]) -> None:
    page.goto("/models/")
    expect(page.get_by_role("row").filter(has_text="receipts-base")).to_contain_text("extract@box")
    expect(page.get_by_role("row").filter(has_text="qwen2.5-0.5b")).to_contain_text("Qwen2, Qwen2.5")
    expect(page.get_by_text("receipt-run-1-Q4_K_M passed its tests.")).to_be_visible()
    is_accessible(page, "models")
    page.get_by_role("link", name="Open its card").click()
    for folded in page.locator("details > summary").all():
        folded.click()
    is_accessible(page, "card")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="All fields")).to_contain_text("p = 0.039")
    is_accessible(page, "compare")
    page.goto(f"/models/{shelf['outside']}/")
    expect(page.get_by_text("<b>bold words of its makers</b>")).to_be_visible()
    is_accessible(page, "imported")


def test_a_model_comes_in_from_a_medium_gets_a_name_and_goes_by_keyboard(
    page: Page, shelf: dict[str, str], medium: Path
) -> None:
    (medium / "new-model.gguf").write_bytes(b"new")
    (medium / "holiday.jpg").write_bytes(b"no model")
    page.goto("/models/")
    page.get_by_role("link", name="Import a model").press("Enter")
    is_accessible(page, "medium")
    page.get_by_role("button", name="Check new-model.gguf").press("Enter")
    expect(page.get_by_text("Waiting")).to_be_visible()
    is_accessible(page, "waiting")
    worked_on(JobKind.CHECK)
    page.get_by_label("Name in the list of models").fill("from outside", timeout=15_000)
    is_accessible(page, "checked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Import")).to_be_visible()
    worked_on(JobKind.IMPORT)
    page.get_by_role("link", name="open its card").press("Enter", timeout=15_000)
    expect(page.get_by_role("heading", name="from outside")).to_be_visible()
    page.get_by_role("link", name="Remove it").press("Enter")
    is_accessible(page, "remove")
    page.get_by_label("Type the name of the model").fill("something else")
    page.get_by_label("Reason").fill("nobody needs it")
    page.get_by_role("button", name="Remove this model").press("Enter")
    expect(page.get_by_text("is not the model's name")).to_be_visible()
    page.get_by_label("Type the name of the model").fill("from outside")
    page.get_by_label("Reason").fill("nobody needs it")
    page.get_by_role("button", name="Remove this model").press("Enter")
    worked_on(JobKind.REMOVE)
    expect(page.get_by_text("Its card stays for the lineage")).to_be_visible(timeout=15_000)
    is_accessible(page, "removed")
    page.goto("/models/")
    expect(page.get_by_role("row").filter(has_text="from outside")).to_have_count(0)
