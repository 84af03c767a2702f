"""The review screen in a real browser: by keyboard alone, by drawing, with a server that fails, and read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Route, expect

from appliance.accounts.models import Person
from appliance.documents import doorbell
from appliance.documents.models import Document
from appliance.documents.stored_values import path_text
from appliance.review.models import Decision
from appliance.review.queries import current_values
from tests.appliance.cast import ClientFor
from tests.appliance.review.factory import invoice_to_review
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class SilentBell:
    """No worker listens in these tests."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Screen:
    """A page of the review with everything that it complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, document: Document) -> None:
        self.page.goto(f"{self.address}/review/{document.pk}/")
        self.page.wait_for_selector("#sheet rect.box")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def field(self, path: str) -> Any:
        return self.page.locator(f"input[data-path='{path}']")

    def saved(self) -> None:
        expect(self.page.locator("#saved")).to_contain_text("Saved")

    def next_of(self, held: list[Route]) -> Route:
        """The request that is held back; waits until it is there."""
        for _ in range(250):
            if held:
                return held.pop()
            self.page.wait_for_timeout(20)
        raise AssertionError("no request came")

    @property
    def in_hand(self) -> str | None:
        return self.page.evaluate("document.activeElement.dataset.path")


@pytest.fixture
def _quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "current_app", SilentBell())


@pytest.fixture
def document(_quiet_bell: None, clara: Person) -> Document:
    return invoice_to_review(clara)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def screen(
    _quiet_bell: None, browser: Browser, live_server: LiveServerThread, clara: Person, client_for: ClientFor
) -> Iterator[Screen]:
    yield from _screen(browser, live_server, client_for, clara)


def _screen(browser: Browser, server: Any, client_for: ClientFor, person: Person) -> Iterator[Screen]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(
        [{"name": "sessionid", "value": client_for(person).cookies["sessionid"].value, "url": server.url}]
    )
    screen = Screen(context.new_page(), server.url)
    screen.page.on("console", lambda message: screen.complaints.append(message.text))
    screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
    yield screen
    context.close()


def values(document: Document) -> dict[str, str | None]:
    return {path_text(value.path): value.raw for value in current_values(Document.objects.get(pk=document.pk))}


def test_a_clerk_reviews_a_document_by_keyboard_alone(screen: Screen, document: Document, clara: Person) -> None:
    following = invoice_to_review(clara, content=b"next", name="next.pdf")
    screen.open(document)
    assert screen.in_hand == "issue_date"
    screen.press("Enter")
    assert screen.in_hand == "due_date"
    screen.press("Alt+1")
    expect(screen.field("due_date")).to_have_attribute("data-status", "corrected")
    assert screen.in_hand == "seller_name"
    screen.press("F2", "Shift+ArrowLeft", "Enter")  # on the field's own words: from the first to one less
    screen.saved()
    assert values(document)["seller_name"] == "Hofmann & Söhne"
    screen.press("Enter", "Enter", "Enter")
    expect(screen.page.locator("#left")).to_have_text("0")
    expect(screen.page.locator("#finish")).to_be_focused()
    screen.press("Control+Enter")
    screen.page.wait_for_url(f"**/review/{following.pk}/")
    document.refresh_from_db()
    assert (document.state, screen.complaints) == ("accepted", [])


def test_an_answer_that_is_older_than_a_decision_leaves_it_standing(screen: Screen, document: Document) -> None:
    held: list[Route] = []
    screen.open(document)
    screen.page.route("**/decide/", lambda route: held.append(route))
    screen.press("Enter", "Enter")  # issue date and due date: the second waits for the answer to the first
    assert screen.in_hand == "seller_name"
    first = screen.next_of(held)
    answer = first.fetch()
    html = answer.json()["html"]
    row = screen.field("due_date").locator("xpath=ancestor::*[@data-part]").get_attribute("data-part")
    changed = html.replace(f'data-part="{row}"', f'data-part="{row}" title="another reason"')
    assert changed != html
    before = screen.page.locator("#left").inner_text()
    first.fulfill(response=answer, json={**answer.json(), "html": changed})
    expect(screen.page.locator("#left")).not_to_have_text(before)  # the first answer is taken in
    expect(screen.field("issue_date")).to_have_attribute("data-status", "confirmed")
    expect(screen.field("due_date")).to_have_attribute("data-status", "confirmed")
    screen.next_of(held).continue_()
    screen.saved()
    expect(screen.field("due_date")).to_have_attribute("data-status", "confirmed")


def test_typing_deleting_and_undoing_are_saved_at_once(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.field("buyer_name").focus()
    screen.page.keyboard.type("Nordlicht Logistik AG")
    screen.press("Enter")
    screen.saved()
    assert values(document)["buyer_name"] == "Nordlicht Logistik AG"
    screen.field("due_date").focus()
    screen.press("Delete")
    expect(screen.field("due_date")).to_have_attribute("placeholder", "not in the document")
    screen.press("Control+z")
    expect(screen.field("due_date")).to_have_value("2024-04-03")
    assert [decision.kind for decision in Decision.objects.order_by("pk")] == ["corrected", "absent", "undone"]


def test_leaving_a_field_saves_what_was_typed_and_looking_saves_nothing(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.field("buyer_name").focus()
    screen.page.keyboard.type("Somebody")
    screen.press("Tab", "Tab")
    screen.saved()
    assert [(decision.path, decision.raw) for decision in Decision.objects.all()] == [("buyer_name", "Somebody")]


def test_a_drawn_box_fills_the_field_with_the_words_inside(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.field("buyer_name").focus()
    draw_around(screen, 90, 435, 560, 480)
    expect(screen.field("buyer_name")).to_have_value("Nordlicht Logistik AG")
    screen.press("Enter")
    screen.saved()
    decision = Decision.objects.get()
    assert (decision.raw, decision.anchor) == ("Nordlicht Logistik AG", "span")


def test_picked_words_make_a_row_of_the_table(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.field("line_items[1].amount").focus()
    draw_around(screen, 90, 750, 1200, 800)
    screen.press("Alt+Enter")
    screen.saved()
    expect(screen.field("line_items[2].amount")).to_have_value("24.90")
    expect(screen.page.locator(".issues")).to_have_count(0)
    screen.press("Alt+Delete")
    expect(screen.field("line_items[2].amount")).to_have_count(0)


def test_a_click_on_a_box_goes_to_its_field_and_the_field_lights_its_box(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.page.locator("rect.box[data-path='iban']").click()
    assert screen.in_hand == "iban"
    expect(screen.page.locator("rect.box.active")).to_have_attribute("data-path", "iban")


def test_what_could_not_be_sent_is_tried_again_and_kept(screen: Screen, document: Document) -> None:
    screen.open(document)
    screen.page.context.set_offline(True)
    screen.press("Enter")
    expect(screen.page.locator("#saved")).to_contain_text("Not saved yet")
    assert Decision.objects.count() == 0
    screen.page.context.set_offline(False)
    screen.saved()
    assert [decision.path for decision in Decision.objects.all()] == ["issue_date"]


def test_a_change_from_elsewhere_is_told_in_a_sentence(screen: Screen, document: Document) -> None:
    screen.open(document)
    Document.objects.filter(pk=document.pk).update(version=99)
    screen.press("Enter")
    notice = screen.page.locator("#notice")
    expect(notice).to_contain_text("This document was changed in another window or by somebody else.")
    expect(notice.locator("button")).to_have_text("Load the page again")


def test_the_page_zooms_turns_and_leafs(screen: Screen, document: Document) -> None:
    screen.open(document)
    sheet = screen.page.locator("#sheet")
    before = int(sheet.get_attribute("width") or 0)
    screen.press("Alt++")
    assert int(sheet.get_attribute("width") or 0) > before
    screen.press("Escape", "r")
    assert sheet.get_attribute("viewBox") == "0 0 1754 1240"
    screen.press("PageDown")
    expect(screen.page.locator("#page-number")).to_have_text("Page 2 of 2")
    screen.press("?")
    expect(screen.page.locator("#keys")).to_be_visible()


@pytest.mark.parametrize("name", ["clara", "olga"])
def test_the_screen_has_no_finding_of_axe_and_no_violation_of_the_policy(
    document: Document,
    browser: Browser,
    live_server: Any,
    client_for: ClientFor,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    for screen in _screen(browser, live_server, client_for, request.getfixturevalue(name)):
        screen.open(document)
        findings = [found["id"] for found in Axe().run(screen.page).response["violations"]]
        assert (findings, screen.complaints) == ([], [])


def draw_around(screen: Screen, left: int, top: int, right: int, bottom: int) -> None:
    """Drag over a part of the page, in pixels of its image."""
    box = screen.page.locator("#sheet").bounding_box()
    assert box is not None
    scale = box["width"] / 1240
    mouse = screen.page.mouse
    mouse.move(box["x"] + left * scale, box["y"] + top * scale)
    mouse.down()
    mouse.move(box["x"] + right * scale, box["y"] + bottom * scale, steps=4)
    mouse.up()
