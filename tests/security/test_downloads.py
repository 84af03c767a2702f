"""Every address that gives a file gives it as an attachment under a name of ours, sealed; pictures may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from appliance.accounts.roles import may
from appliance.file_answers import POLICY, SealFilesMiddleware
from tests.appliance.accounts.test_every_url_has_a_permission import NEEDS, OPEN
from tests.appliance.cast import ClientFor
from tests.security.scene import Scene, Words
from tests.security.urls_of_objects import FIXED, routes

HOSTILE_NAME = '<script>alert(1)</script>"; filename=evil.exe\u202efdp.html'
OUR_NAME = re.compile(r'attachment; filename="[a-z0-9][a-z0-9._-]{3,90}"')
PICTURES = {"image/png"}
ANSWERS = {"application/json"}
"""Of the review screen, read by our own script."""
FORMATS = ("json", "csv", "xlsx", "jsonl")
QUERIES = {"audit:range": "?first=0&last=1", "document_types:export": "?as=json-schema"}


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(file_name=HOSTILE_NAME, person=HOSTILE_NAME)


def files(scene: Scene, client_for: ClientFor) -> Iterator[tuple[str, HttpResponseBase]]:
    """Whatever is no page, of all that anybody may ask for."""
    browsers = {name: client_for(getattr(scene.people, name)) for name in ("clara", "olga", "adam")}
    objects = {**scene.mine, "document": scene.documents["finished"].pk, "asked": scene.asked["olga"]}
    for route in (route for route in routes() if route.name not in OPEN):
        person = next(name for name in browsers if may(getattr(scene.people, name), NEEDS[route.name]))
        for address in {route.to(objects).replace("/json/", f"/{kind}/") for kind in _formats(route.parameters)}:
            response = _answer(browsers[person], address + QUERIES.get(route.name, ""))
            if response.status_code == 200 and not response.get("Content-Type", "").startswith("text/html"):
                yield route.name, response


def _formats(parameters: tuple[str, ...]) -> tuple[str, ...]:
    return FORMATS if "file_format" in parameters else (str(FIXED["file_format"]),)


def _answer(browser: Client, address: str) -> HttpResponseBase:
    browser.raise_request_exception = False
    response = browser.get(address)
    return browser.post(address) if response.status_code == 405 else response


def faults(response: HttpResponseBase) -> list[str]:
    """What is missing of the rules for files."""
    kind = response["Content-Type"].partition(";")[0]
    found = []
    if response.get("Content-Security-Policy") != POLICY:
        found.append("its policy is that of a page")
    if response.get("X-Content-Type-Options") != "nosniff":
        found.append("the browser may guess what it is")
    if kind in PICTURES and not _body(response).startswith(b"\x89PNG"):
        found.append("no picture")
    is_download = kind not in PICTURES | ANSWERS or "Content-Disposition" in response
    if is_download and not OUR_NAME.fullmatch(response.get("Content-Disposition", "")):
        found.append(f"its name: {response.get('Content-Disposition')}")
    if "public" in response.get("Cache-Control", "") or not response.get("Cache-Control"):
        found.append("somebody may keep it")
    return found


def _body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else getattr(response, "content", b"")  # type: ignore[arg-type]


def test_every_file_is_a_sealed_attachment_under_a_name_of_ours(scene: Scene, client_for: ClientFor) -> None:
    found = list(files(scene, client_for))
    names = {name for name, _ in found}
    assert {name: wrong for name, response in found if (wrong := faults(response))} == {}
    assert names >= {
        "documents:original", "documents:page_image", "documents:export", "audit:folder", "audit:export", "audit:key",
        "audit:verifier", "audit:checkpoint_note", "audit:proof", "audit:selection", "dossier:pdf",
        "dossier:crop_of_value", "document_types:export", "compliance:rights_csv",
    }  # fmt: skip


def test_a_page_keeps_the_policy_of_pages(scene: Scene, client_for: ClientFor) -> None:
    page = client_for(scene.people.clara).get("/documents/")
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "sandbox" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/xml", "application/pdf", "", "TEXT/PLAIN; charset=utf-8"])
def test_whatever_else_is_answered_is_sealed(kind: str) -> None:
    def view(_: object) -> HttpResponse:
        return HttpResponse("<svg onload=alert(1)>", content_type=kind)

    response = SealFilesMiddleware(view)(RequestFactory().get("/"))
    assert (response["Content-Security-Policy"], response["X-Content-Type-Options"]) == (POLICY, "nosniff")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/csv"},
        {"Content-Type": "text/csv", "Content-Disposition": "inline"},
        {"Content-Type": "text/csv", "Content-Disposition": f'attachment; filename="{HOSTILE_NAME}"'.encode().decode()},
        {"Content-Type": "image/png", "X-Content-Type-Options": ""},
    ],
    ids=["no name", "inline", "a name of theirs", "a picture that is none"],
)
def test_control_a_file_without_the_rules_is_caught(headers: dict[str, str]) -> None:
    response = HttpResponse(b"x")
    for name, value in headers.items():
        response[name] = value.encode("ascii", "replace").decode()
    assert len(faults(response)) >= 3
