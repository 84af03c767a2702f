"""The pages, as an admin without JavaScript uses them: buttons, forms, redirects."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types import services
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from tests.appliance.cast import ClientFor

TICKET = DocumentTypeSpec(
    name="ticket",
    label="Ticket",
    fields=(FieldSpec(name="price", kind=Kind.AMOUNT), FieldSpec(name="day", kind=Kind.DATE)),
)


@pytest.fixture
def browser(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


@pytest.fixture
def ticket(adam: Person) -> DocumentType:
    document_type = services.create_type(spec=TICKET, by=adam)
    services.publish(document_type=document_type, by=adam)
    document_type.refresh_from_db()
    return document_type


def form_of(html: str) -> dict[str, object]:
    """The values that a browser would send of the editor's form, without any button."""
    form = html.split('id="editor-form"')[1].split("</form>")[0]
    values: dict[str, object] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            values[name[1]] = value[1] if value else "on"
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def names(html: str) -> list[object]:
    values = form_of(html)
    return [value for key, value in values.items() if re.fullmatch(r"field-\d+-name", key)]


def press(browser: Client, url: str, html: str, action: str, **typed: object) -> str:
    answer = browser.post(url, {**form_of(html), **typed, "action": action}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def log_actions() -> list[str]:
    return list(AuditEvent.objects.filter(object_type="document_type").order_by("id").values_list("action", flat=True))


def test_editor_adds_moves_and_removes_fields_without_javascript(browser: Client, ticket: DocumentType) -> None:
    url = reverse("document_types:edit", args=["ticket"])
    html = browser.get(url).content.decode()
    html = press(browser, url, html, "add")
    html = press(browser, url, html, "up:2", **{"field-2-name": "seat", "field-2-kind": "text"})
    assert names(html) == ["price", "seat", "day"]
    html = press(browser, url, html, "remove:0")
    assert names(html) == ["seat", "day"]
    html = press(browser, url, html, "save")
    assert "The draft is saved" in html
    draft = DocumentTypeVersion.objects.get(published_at=None)
    assert [field.name for field in draft.spec.fields] == ["seat", "day"]
    assert log_actions() == ["type_created", "type_published", "type_edited"]


def test_editor_builds_line_items_and_a_rule_over_them(browser: Client) -> None:
    url = reverse("document_types:new")
    html = browser.get(url).content.decode()
    html = press(browser, url, html, "draw", name="order", **{"field-0-name": "lines", "field-0-kind": "list"})
    html = press(browser, url, html, "add-in:0")
    html = press(browser, url, html, "add", **{"field-1-name": "amount", "field-1-kind": "amount"})
    html = press(browser, url, html, "add-rule:sum", **{"field-2-name": "total", "field-2-kind": "amount"})
    html = press(browser, url, html, "save", **{"rule-0-source": "lines.amount", "rule-0-total": "total"})
    spec = DocumentTypeVersion.objects.get().spec
    assert [(f.name, [i.name for i in f.fields]) for f in spec.fields] == [("lines", ["amount"]), ("total", [])]
    assert [rule.model_dump() for rule in spec.rules] == [
        {"rule": "sum", "rows": "lines", "part": "amount", "total": "total", "tolerance": 0.01}
    ]


def test_editor_shows_each_error_at_its_field_and_saves_nothing(browser: Client, ticket: DocumentType) -> None:
    url = reverse("document_types:edit", args=["ticket"])
    html = press(browser, url, browser.get(url).content.decode(), "save", **{"field-1-name": "price"})
    assert (
        html.count("Another field beside it has the same name.") == 6
    )  # at the row, in the summary and in the preview; for both
    assert '<a href="#field-1-name">' in html
    assert DocumentTypeVersion.objects.filter(published_at=None).count() == 0


def test_editor_refuses_what_somebody_else_changed_and_keeps_the_work(
    browser: Client, ticket: DocumentType, adam: Person
) -> None:
    url = reverse("document_types:edit", args=["ticket"])
    html = browser.get(url).content.decode()
    services.save_draft(document_type=ticket, spec=TICKET.model_copy(update={"label": "Theirs"}), by=adam)
    html = press(browser, url, html, "save", label="Mine")
    assert "Somebody else changed this document type meanwhile" in html
    assert form_of(html)["label"] == "Mine"
    assert DocumentTypeVersion.objects.get(published_at=None).spec.label == "Theirs"


def test_publishing_shows_the_changes_first(browser: Client, ticket: DocumentType) -> None:
    url = reverse("document_types:edit", args=["ticket"])
    html = press(browser, url, browser.get(url).content.decode(), "publish", **{"field-1-required": "on"})
    assert "is required now" in html
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    answer = browser.post(reverse("document_types:publish", args=["ticket"]), {"version": version[1]}, follow=True)
    assert "Version 2 of ticket is published" in answer.content.decode()
    assert log_actions()[-2:] == ["type_edited", "type_published"]


def test_htmx_gets_the_editor_alone(browser: Client, ticket: DocumentType) -> None:
    url = reverse("document_types:edit", args=["ticket"])
    whole = browser.get(url).content.decode()
    answer = browser.post(url, {**form_of(whole), "action": "down:0"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert ("<html" in html, html.count('hx-swap-oob="innerHTML"'), "price was moved down." in html) == (False, 2, True)


def test_preview_answers_with_the_schema_or_the_problems(browser: Client, ticket: DocumentType) -> None:
    values = form_of(browser.get(reverse("document_types:edit", args=["ticket"])).content.decode())
    good = browser.post(reverse("document_types:preview"), values).content.decode()
    bad = browser.post(reverse("document_types:preview"), {**values, "field-0-name": "9"}).content.decode()
    assert ("x-strongroom" in good, "This can be saved" in good) == (True, True)
    assert ("x-strongroom" in bad, "begin with a letter" in bad) == (False, True)


@pytest.mark.parametrize("query", ["", "?as=json-schema"])
def test_export_and_import_bring_back_the_same_type(browser: Client, adam: Person, query: str) -> None:
    services.publish_shipped_types()
    version = DocumentTypeVersion.objects.get(document_type__name="invoice")
    exported = browser.get(reverse("document_types:export", args=["invoice", 1]) + query)
    assert exported["Content-Disposition"].startswith("attachment;")
    upload = SimpleUploadedFile("type.json", exported.content)
    browser.post(reverse("document_types:import"), {"file": upload})
    assert DocumentTypeVersion.objects.get(document_type__name="invoice", published_at=None).digest == version.digest
    assert log_actions()[-2:] == ["type_exported", "type_edited"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG", "This file is not a document type."),
        (b"[1]", "This file is not a document type."),
        (b"[" * 100_000, "This file is not a document type."),
        (b'{"name": "x", "fields": []}', "fields: "),
        (b'{"$schema": "s", "type": "object", "properties": {"a": {"allOf": []}}}', "allOf"),
    ],
)
def test_import_says_what_is_wrong_with_a_file(browser: Client, content: bytes, sentence: str) -> None:
    answer = browser.post(reverse("document_types:import"), {"file": SimpleUploadedFile("type.json", content)})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert DocumentType.objects.count() == 0


def test_compare_shows_any_two_versions(browser: Client, ticket: DocumentType, adam: Person) -> None:
    services.save_draft(document_type=ticket, spec=TICKET.model_copy(update={"fields": TICKET.fields[:1]}), by=adam)
    html = browser.get(reverse("document_types:compare", args=["ticket"]) + "?old=1&new=2").content.decode()
    assert [s in html for s in ("Removed", "<td>day</td>", "is-removed")] == [True, True, True]


def test_archive_hides_a_type_until_asked_for(browser: Client, ticket: DocumentType) -> None:
    browser.post(reverse("document_types:archive", args=["ticket"]), {"archived": "1"})
    listing = reverse("document_types:list")
    assert ["Ticket" in browser.get(listing + query).content.decode() for query in ("", "?archived=1")] == [False, True]


def pages(ticket: DocumentType) -> Iterator[tuple[str, str]]:
    """Every path of the app with the method that it takes."""
    for name in ("list", "new", "import"):
        yield "get", reverse(f"document_types:{name}")
    for name in ("detail", "edit", "publish", "compare"):
        yield "get", reverse(f"document_types:{name}", args=[ticket.name])
    for name in ("version", "export", "try", "trial"):
        yield "get", reverse(f"document_types:{name}", args=[ticket.name, 1])
    for name in ("discard", "archive", "edit", "publish"):
        yield "post", reverse(f"document_types:{name}", args=[ticket.name])
    yield "post", reverse("document_types:preview")


@pytest.mark.parametrize("person", ["clara", "olga"])
def test_only_the_admin_gets_in(
    request: pytest.FixtureRequest, client_for: ClientFor, ticket: DocumentType, person: str
) -> None:
    browser = client_for(request.getfixturevalue(person))
    answers = [getattr(browser, method)(url).status_code for method, url in pages(ticket)]
    assert answers == [403] * len(answers)


def test_control_the_admin_gets_in(browser: Client, ticket: DocumentType) -> None:
    answers = [getattr(browser, method)(url).status_code for method, url in pages(ticket)]
    assert 403 not in answers


def test_list_costs_the_same_queries_for_any_number_of_types(
    browser: Client, ticket: DocumentType, adam: Person
) -> None:
    listing = reverse("document_types:list")
    browser.get(listing)  # the first request of a process asks for more
    with CaptureQueriesContext(connection) as few:
        browser.get(listing)
    services.publish_shipped_types()
    with CaptureQueriesContext(connection) as many:
        browser.get(listing)
    assert len(many) == len(few)
