"""Learning on a whole box in a browser, by the real programs: labels, a snapshot, a run, its verdict, a promotion by
two persons, and back. It trains for minutes, so its name is none that is collected: make retrain-in-browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from models_store.convert import find_converter
from models_store.errors import ConverterMissing
from tests.e2e.box import REPOSITORY, Box
from tests.e2e.browser import chromium, log_in
from tests.e2e.watcher import Watcher

pytestmark = [pytest.mark.e2e, pytest.mark.model, pytest.mark.slow]

WORK = 900_000  # milliseconds, for training and measuring on a busy machine
SOON = 90_000
DOCUMENTS = 130
TYPE = {
    "name": "shelf_slip",
    "label": "Shelf slip",
    "fields": [
        {"name": "shelf", "label": "Shelf", "description": "place in the store", "kind": "identifier"},
        {"name": "taker", "label": "Taker", "description": "who takes it", "kind": "text"},
    ],
}
_WORDS = ("screws", "cable", "lamp", "filter", "valve", "hose", "clamp", "paint", "brush", "ladder", "motor", "relay")
_MORE = ("steel", "brass", "rubber", "copper", "small", "large", "left", "right", "spare", "sealed", "blue", "grey")
_TAKERS = ("Ines Boll", "Marek Dorn", "Anja Thiel", "Oskar Wendt", "Ruth Sommer", "Pia Kranz", "Emil Voss")


def slip(random: Random) -> dict[str, object]:
    """Codes of one house: which of them is the shelf stands in no document type, only in its clerks' corrections."""
    shelf, other, third = (f"{random.choice('ABCDEFGH')}{random.randint(1000, 9999)}" for _ in range(3))
    taker, giver = random.sample(_TAKERS, 2)
    things = [f"{random.randint(1, 40)} {random.choice(_MORE)} {random.choice(_WORDS)}" for _ in range(5)]
    lines = [f"Lg. {other}", f"Rg. {shelf}", f"Ch. {third}", f"v. {giver}", f"an {taker}", *things]
    random.shuffle(lines)
    return {"text": "\n".join(["CENTRAL STORE", *lines]), "fields": {"shelf": shelf, "taker": taker}}


def labels() -> bytes:
    random = Random("shelf slips")
    return "\n".join(json.dumps(slip(random)) for _ in range(DOCUMENTS)).encode()


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    try:
        converter = find_converter(REPOSITORY / "var" / "converter")
    except ConverterMissing:
        pytest.skip("needs llama.cpp's converter in var/converter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRONGROOM_CONVERTER_DIR", str(converter))
        with Box(tmp_path_factory.mktemp("box")) as running:
            yield running


def test_an_admin_trains_a_model_two_persons_put_it_in_force_and_one_click_leads_back(box: Box) -> None:
    watcher = Watcher(host=f"127.0.0.1:{box.port}")
    with chromium() as browser:
        adam, olga = (person(browser, box, watcher, name) for name in ("adam", "olga"))
        make_type(adam, box)
        bring_labels(adam, box, watcher)
        train(adam, box, watcher)
        ask(adam, watcher)
        approve(olga, box, watcher)
        in_force_then_back(adam, box, watcher)
        what_the_officer_sees(olga, box, watcher)
    assert watcher.serious_findings == []
    assert watcher.csp_violations == []
    assert watcher.foreign_requests == []
    assert watcher.script_errors == []


def person(browser: Browser, box: Box, watcher: Watcher, name: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    watcher.watch(context)
    page = context.new_page()
    log_in(page, box, name)
    return page


def make_type(page: Page, box: Box) -> None:
    page.goto(f"{box.address}/document-types/import-file/")
    page.set_input_files("[name=file]", payload("shelf_slip.json", json.dumps(TYPE).encode()))
    page.get_by_role("button", name="Import").click()
    page.goto(f"{box.address}/document-types/shelf_slip/publish/")
    page.get_by_role("button", name="Publish version 1").click()


def bring_labels(page: Page, box: Box, watcher: Watcher) -> None:
    page.goto(f"{box.address}/models/")
    watcher.check(page)
    page.get_by_role("link", name="Training data").click()
    watcher.check(page)
    page.goto(f"{box.address}/models/datasets/shelf_slip/import/")
    page.set_input_files("[name=file]", payload("labels.jsonl", labels()))
    page.get_by_role("button", name="Look through the file").click()
    expect(page.get_by_text(f"Take the {DOCUMENTS} good lines")).to_be_visible()
    watcher.check(page)
    page.get_by_role("button", name="Take the").click()
    watcher.check(page)
    page.get_by_role("button", name="Make a snapshot").click()
    watcher.check(page)


def train(page: Page, box: Box, watcher: Watcher) -> None:
    """The guided way: data, settings, the live page, the verdict."""
    page.goto(f"{box.address}/models/runs/new/")
    watcher.check(page)
    page.get_by_role("link", name="Train on it").first.click()
    expect(page.locator("#estimate")).to_contain_text("Together")
    for choice in page.locator("input[name=quantizations]").all():
        choice.set_checked(choice.get_attribute("value") == "Q8_0")
    page.fill("[name=minutes]", "1")
    watcher.check(page)
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", name="Shelf slip")).to_be_visible()
    watcher.check(page)
    expect(page.locator("#verdict")).to_contain_text("Passed: Q8_0 is recommended", timeout=WORK)
    watcher.check(page)


def ask(page: Page, watcher: Watcher) -> None:
    page.get_by_role("link", name="Ask to put it in force").click()
    expect(page.get_by_role("heading", name="Verdict")).to_be_visible()
    watcher.check(page)
    page.fill("[name=reason]", "It finds the shelf.")
    page.get_by_role("button", name="Ask to put this model in force").click()
    expect(page.get_by_text("The request is made.")).to_be_visible()


def approve(page: Page, box: Box, watcher: Watcher) -> None:
    page.goto(f"{box.address}/compliance/")
    page.get_by_role("link", name=re.compile("^Decide ?:")).click()
    watcher.check(page)
    page.fill("[name=words]", "Its figures are good.")
    page.get_by_role("button", name="Approve and carry out now").click()
    watcher.check(page)


def in_force_then_back(page: Page, box: Box, watcher: Watcher) -> None:
    page.goto(f"{box.address}/models/")
    tuned, starter = row(page, "shelf_slip-run-1-Q8_0"), row(page, "strongroom-starter")
    expect(tuned).to_contain_text("In force", timeout=SOON)
    expect(starter).to_contain_text("Previous")
    watcher.check(page)
    page.get_by_role("link", name="Go back to strongroom-starter").click()
    watcher.check(page)
    page.fill("[name=reason]", "One wrong shelf was enough.")
    page.get_by_role("button", name="Go back now").click()
    page.goto(f"{box.address}/models/")
    expect(starter).to_contain_text("In force")
    expect(tuned).to_contain_text("Previous")


def what_the_officer_sees(page: Page, box: Box, watcher: Watcher) -> None:
    """Every step of it, in the order in which it happened."""
    page.goto(f"{box.address}/log/")
    watcher.check(page)
    told = page.locator("main table").first.inner_text()
    steps = (
        "Labels imported",
        "Snapshot of training data made",
        "Training asked for",
        "Training started",
        "Training finished with a verdict",
        "Approval asked for",
        "Approval granted",
        "Model promoted",
        "Previous model put back in force",
    )
    places = [told.rfind(step) for step in reversed(steps)]
    assert -1 not in places, [step for step in steps if step not in told]
    assert places == sorted(places)  # the newest stands first


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
