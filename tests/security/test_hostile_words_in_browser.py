"""Names, values and notes of strangers are words on every page: nothing of them runs, and the pages hold."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import Client
from playwright.sync_api import Page, Route

from appliance.accounts.roles import may
from appliance.documents.uploads import Origin, upload
from tests.appliance.accounts.test_every_url_has_a_permission import NEEDS, OPEN
from tests.appliance.cast import ClientFor
from tests.e2e.browser import chromium
from tests.security.payloads import LONG, MARKER, markup
from tests.security.scene import Scene, Words
from tests.security.urls_of_objects import routes

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

HOST = "http://box.test"
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""
FOUND = f"""() => ({{
  marker: document.querySelectorAll("{MARKER}, [{MARKER}]").length,
  violations: window.violations,
  strangers: document.querySelectorAll("base, iframe, object, meta[http-equiv], style").length
    + document.querySelectorAll("script:not([src]):not([type='application/json'])").length,
  wider: document.documentElement.scrollWidth - window.innerWidth,
}})"""
HOSTILE = Words(
    file_name=markup()[1], value=" ".join(markup()), note=" ".join(markup())[:490], label=markup()[0][:110],
    person=markup()[1][:140],
)  # fmt: skip
UNBROKEN = Words(file_name=LONG, value=LONG, note=LONG, label=LONG[:120], person=LONG[:150])


@pytest.fixture(scope="module", params=[HOSTILE, UNBROKEN], ids=["hostile", "unbroken"])
def words(request: pytest.FixtureRequest) -> Any:
    return request.param


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as the box answers it."""

    address: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reader:
    """A window that shows pages which were drawn before, with the headers that the box gave them. No server runs
    between: Django must not be asked while the browser's loop holds the thread."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    shown: Drawn = Drawn("", {}, b"")

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("dialog", self._dialog)
        self.page.route("**/*", self._answer)

    def faults(self, drawn: Drawn) -> dict[str, Any]:
        """What is wrong with a page; empty when nothing is."""
        self.dialogs.clear()
        self.foreign.clear()
        self.shown = drawn
        self.page.goto(HOST + drawn.address, wait_until="load")
        found: dict[str, Any] = self.page.evaluate(FOUND)
        found |= {"dialogs": list(self.dialogs), "foreign": list(self.foreign), "wider": max(0, found["wider"] - 1)}
        return {name: value for name, value in found.items() if value}

    def _dialog(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.dialogs.append(dialog.message)
        dialog.accept()

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            self.foreign.append(route.request.url)
            route.abort()
        elif parts.path.startswith("/static/"):
            path = finders.find(parts.path.removeprefix("/static/"))
            route.fulfill(path=path, content_type=mimetypes.guess_type(parts.path)[0]) if path else route.abort()
        elif asked == self.shown.address:
            route.fulfill(headers=self.shown.headers, body=self.shown.body)
        else:
            route.fulfill(status=404)


@contextmanager
def reading() -> Iterator[Reader]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        yield Reader(context.new_page())
        context.close()


@pytest.fixture
def many_names(scene: Scene) -> Scene:
    """Each payload is the name of a file as well."""
    for number, name in enumerate(markup()):
        upload(untrusted_name=name, content=f"file {number}".encode(), origin=Origin(scene.people.clara, None))
    return scene


def pages(scene: Scene, person: str) -> Iterator[str]:
    """Every address that may be opened, about the objects with hostile words."""
    objects = {**scene.mine, "asked": scene.asked["olga"]}
    for route in routes():
        if route.name not in OPEN and may(getattr(scene.people, person), NEEDS[route.name]):
            yield route.to(objects)
            if route.kind_or_nothing == "document":
                yield route.to({**objects, "document": scene.documents["deleted"].pk})
                yield route.to({**objects, "document": scene.documents["finished"].pk})


def drawn_pages(scene: Scene, person: str, client: Client) -> list[Drawn]:
    """What is a page of all that this person may open."""
    found = []
    for address in pages(scene, person):
        response = client.get(address)
        # A fragment is put into a page by a script, so alone it has no styles.
        body = b"" if response.streaming else response.content
        if response.status_code == 200 and body.lstrip().lower().startswith(b"<!doctype html"):
            found.append(Drawn(address, dict(response.headers), body))
    return found


@pytest.mark.parametrize("person", ["clara", "olga", "adam"])
def test_no_page_runs_or_breaks_what_strangers_wrote(person: str, many_names: Scene, client_for: ClientFor) -> None:
    client = client_for(getattr(many_names.people, person))
    client.raise_request_exception = False
    drawn = drawn_pages(many_names, person, client)
    with reading() as reader:
        found = {page.address: wrong for page in drawn if (wrong := reader.faults(page))}
    assert len(drawn) >= 7
    assert found == {}


def test_control_a_template_that_trusts_a_name_is_caught(scene: Scene, client_for: ClientFor) -> None:
    """Without a policy the first payloads run; under ours they still leave elements, and the policy complains."""
    trusting = engines["django"].from_string("<!doctype html><title>x</title>{{ value|safe }}")
    body = trusting.render({"value": " ".join(markup()[:6])}).encode()
    policy = client_for(scene.people.clara).get("/documents/")["Content-Security-Policy"]
    html = {"Content-Type": "text/html; charset=utf-8"}
    with reading() as reader:
        free = reader.faults(Drawn("/free/", html, body))
        bound = reader.faults(Drawn("/bound/", {**html, "Content-Security-Policy": policy}, body))
    assert free["marker"] > bound["marker"] >= 1
    assert bound["violations"]
    assert "violations" not in free


def test_control_a_page_that_does_not_break_its_words_is_caught() -> None:
    page = Drawn("/wide/", {"Content-Type": "text/html"}, f"<!doctype html><title>x</title><h1>{LONG}</h1>".encode())
    with reading() as reader:
        assert reader.faults(page)["wider"] > 100
