"""A page that tells of an error tells nothing of the box: no path, no version, no trace, nothing that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

from appliance.accounts.models import Person
from appliance.urls import urlpatterns
from tests.appliance.cast import ClientFor

SECRET = "a-secret-word-in-a-variable"
LEAKS = re.compile(
    r"Traceback|/site-packages/|/appliance/|\.py\b|Django|Python|psycopg|PostgreSQL|whitenoise|waitress|gunicorn"
    rf"|Exception|KeyError|{SECRET}|<script>alert|\b\d+\.\d+\.\d+\b"
)


def _raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_: HttpRequest) -> HttpResponse:
        word = SECRET  # noqa: F841 -- a trace would show it
        raise error

    return view


FAILING = {
    "400": SuspiciousOperation(SECRET),
    "403": PermissionDenied(),
    "404": Http404(SECRET),
    "413": RequestDataTooBig(SECRET),
    "500": KeyError(SECRET),
    "500-database": ValueError(f"relation {SECRET} does not exist"),
}


@pytest.fixture
def failing(settings: Any) -> Any:
    """The box with addresses that fail."""
    urls = ModuleType("failing_urls")
    urls.urlpatterns = [*(path(f"fail/{name}/", _raising(error)) for name, error in FAILING.items()), *urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF, settings.DEBUG = urls, False
    clear_url_caches()
    yield
    settings.ROOT_URLCONF = "appliance.urls"
    clear_url_caches()


@pytest.mark.parametrize("name", FAILING)
def test_an_error_says_what_to_do_and_nothing_else(
    name: str, failing: None, clara: Person, client_for: ClientFor
) -> None:
    browser = client_for(clara)
    browser.raise_request_exception = False
    response = browser.get(f"/fail/{name}/")
    text = response.content.decode()
    assert response.status_code == (400 if name == "413" else int(name[:3]))
    assert LEAKS.findall(_shown(text)) == []
    assert "Go back" in text or "start page" in text
    assert not {"Server", "X-Powered-By"} & set(response.headers)


@pytest.mark.parametrize(
    "address",
    ["/nothing/", "/documents/<script>alert(1)</script>/", "/review/not-an-id/", "/documents/%00/", "/log/export/exe/"],
)
def test_what_is_not_there_is_not_repeated(address: str, olga: Person, client_for: ClientFor) -> None:
    response = client_for(olga).get(address)
    assert response.status_code == 404
    assert LEAKS.findall(_shown(response.content.decode())) == []


def test_a_form_without_its_token_is_refused_in_words(clara: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clara, backend="django.contrib.auth.backends.ModelBackend")
    response = browser.post("/documents/upload/")
    assert response.status_code == 403
    assert LEAKS.findall(_shown(response.content.decode())) == []


def test_strangers_learn_nothing_of_what_there_is(db: None) -> None:
    answers = {Client().get(f"/documents/{uuid4()}/original/").status_code for _ in range(2)}
    assert answers == {302}


def test_control_a_debug_page_is_caught(failing: None, clara: Person, client_for: ClientFor, settings: Any) -> None:
    settings.DEBUG = True
    browser = client_for(clara)
    browser.raise_request_exception = False
    assert LEAKS.findall(_shown(browser.get("/fail/500/").content.decode()))


def _shown(text: str) -> str:
    """Without the addresses of our own static files, whose names hold versions."""
    return re.sub(r'(href|src)="/static/[^"]*"', "", text)
