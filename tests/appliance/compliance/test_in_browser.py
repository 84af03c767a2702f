"""Asking, approving, holding and what is left of a deleted document, in a real browser and by keyboard."""

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
from appliance.compliance.models import LegalHold, RetentionRule, Tombstone
from appliance.documents.models import Document
from models_store import store
from models_store.card import ModelCard
from tests.appliance.cast import ClientFor
from tests.appliance.compliance.made import asked, held, second_officer
from tests.appliance.documents.made import receipt_type
from tests.appliance.review.factory import invoice_to_review
from tests.e2e.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PageFor = Callable[[Person], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests
        with chromium() as opened:
            yield opened


@pytest.fixture
def page_for(
    quiet_bell: None, browser: Browser, live_server: LiveServerThread, client_for: ClientFor
) -> Iterator[PageFor]:
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
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    findings = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]
    assert findings == [], name


def test_a_deletion_from_the_request_to_the_tombstone(page_for: PageFor, clara: Person, olga: Person) -> None:
    document = invoice_to_review(clara)
    clerk, officer = page_for(clara), page_for(olga)
    clerk.goto(f"/compliance/documents/{document.pk}/")
    is_accessible(clerk, "document")
    clerk.get_by_label("Reason").fill("It belongs to another office.")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("button", name="Withdraw my request")).to_be_visible()

    officer.goto("/compliance/")
    is_accessible(officer, "approvals")
    officer.get_by_role("link", name="Delete one document").last.press("Enter")
    is_accessible(officer, "approval")
    officer.get_by_label("Why you decide so").fill("The other office has it.")
    officer.get_by_role("button", name="Approve and carry out now").press("Enter")
    expect(officer.get_by_text("Approved and carried out.")).to_be_visible()
    is_accessible(officer, "approved")

    assert Tombstone.objects.count() == 1
    clerk.goto(f"/review/{document.pk}/")
    expect(clerk.get_by_role("heading", name="This document was deleted")).to_be_visible()
    is_accessible(clerk, "tombstone")
    officer.goto("/compliance/deleted/")
    is_accessible(officer, "deleted")


def test_a_hold_keeps_a_document_until_two_officers_release_it(page_for: PageFor, clara: Person, olga: Person) -> None:
    document = invoice_to_review(clara)
    request = asked(clara, document)
    first, second = page_for(olga), page_for(second_officer())
    first.goto(f"/compliance/holds/new/?document={document.pk}")
    is_accessible(first, "hold_new")
    first.get_by_label("Name", exact=True).fill("Case 7 O 12/26")
    first.get_by_label("Reason").fill("The court asked for it.")
    first.get_by_role("button", name="Place the hold").press("Enter")
    expect(first.get_by_text("is in force.")).to_be_visible()
    is_accessible(first, "hold")

    first.goto(f"/compliance/approvals/{request.pk}/")
    first.get_by_label("Why you decide so").fill("Go.")
    first.get_by_role("button", name="Approve and carry out now").click()
    expect(first.get_by_text("A legal hold forbids it.")).to_be_visible()
    is_accessible(first, "approval_forbidden")
    assert Document.objects.exists()

    first.goto(f"/compliance/holds/{LegalHold.objects.get().pk}/")
    first.get_by_label("Reason").fill("The case is closed.")
    first.get_by_role("button", name="Ask for its release").click()
    first.get_by_role("link", name="Look at the request").click()
    expect(first.get_by_text("A second person must decide.")).to_be_visible()
    second.goto(first.url)
    second.get_by_label("Why you decide so").fill("Yes, closed.")
    second.get_by_role("button", name="Approve and carry out now").click()
    expect(second.get_by_text("Approved and carried out.")).to_be_visible()
    second.goto("/compliance/holds/")
    expect(second.get_by_text("Released")).to_be_visible()
    is_accessible(second, "holds")


def test_another_model_from_the_request_to_the_pointer(
    page_for: PageFor, adam: Person, olga: Person, tmp_path: Path, settings: Any
) -> None:
    root = settings.MODELS_STORE_ROOT = tmp_path / "models"
    shipped = ModelCard.model_validate_json((store.STARTER / store.CARD).read_bytes())
    old, new = (put_model(root, name, like=shipped) for name in ("strongroom-starter", "receipts-november"))
    store.promote(old, root=root)
    admin, officer = page_for(adam), page_for(olga)
    admin.goto(f"/models/{new}/")
    is_accessible(admin, "model")
    admin.get_by_label("Reason").fill("It reads receipts better.")
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("A compliance officer decides about it under")).to_be_visible()
    is_accessible(admin, "model_asked")

    officer.goto("/compliance/")
    officer.get_by_role("link", name="Put in force the model").last.press("Enter")
    is_accessible(officer, "promotion")
    officer.get_by_label("Why you decide so").fill("The scores are as asked for.")
    officer.get_by_role("button", name="Approve and carry out now").press("Enter")
    expect(officer.get_by_text("Approved and carried out.")).to_be_visible()
    is_accessible(officer, "promotion_done")

    pointer = store.read_pointer(root=root)
    assert pointer is not None
    assert (pointer.production, pointer.previous) == (new, old)
    admin.goto(f"/models/{old}/")
    expect(admin.get_by_role("button", name="Ask to go back to this model")).to_be_visible()


def put_model(root: Path, name: str, *, like: ModelCard) -> str:
    """A model whose weights are its name, with a real card."""
    weights = root.parent / f"{name}.gguf"
    weights.write_bytes(name.encode())
    digest = store.file_digest(weights)
    return store.add(weights, like.model_copy(update={"digest": digest, "name": name}), root=root)


def test_every_other_page_is_accessible(page_for: PageFor, clara: Person, olga: Person, adam: Person) -> None:
    RetentionRule.objects.create(document_type=receipt_type(), days=1, counts_from="upload")
    document = invoice_to_review(clara)
    receipt = invoice_to_review(clara, content=b"two", name="receipt-2.pdf")
    Document.objects.filter(pk=receipt.pk).update(document_type=receipt_type())
    held(olga, document)
    officer, admin = page_for(olga), page_for(adam)
    for name in ("", "decided/", "holds/", "retention/", "retention/receipt/", "deleted/", "rights/", "accounts/"):
        officer.goto(f"/compliance/{name}")
        is_accessible(officer, f"officer_{name.strip('/').replace('/', '_')}")
    officer.goto(f"/compliance/documents/{document.pk}/")
    is_accessible(officer, "document_held")
    for name in ("rights/", "accounts/"):
        admin.goto(f"/compliance/{name}")
        is_accessible(admin, f"admin_{name.strip('/')}")
