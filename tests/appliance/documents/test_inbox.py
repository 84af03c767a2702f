from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import failures
from appliance.documents.models import Document, Stage
from appliance.documents.states import State
from extraction.errors import ModelUnavailable
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made

INBOX = "/documents/"
ROWS = "/documents/rows/"
JSON = {"headers": {"accept": "application/json"}}


def send(client: Client, content: bytes, name: str = "scan.txt", **fields: str) -> tuple[int, dict[str, object]]:
    answer = client.post("/documents/upload/", {"file": SimpleUploadedFile(name, content), **fields}, **JSON)
    return answer.status_code, answer.json()


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(INBOX).status_code == 200
    return len(captured)


def test_empty_inbox_says_what_to_do(clara: Person, client_for: ClientFor) -> None:
    page = client_for(clara).get(INBOX).content.decode()

    assert "Drop a scan or a PDF anywhere on this page." in page
    assert "every 2s" not in page


def test_number_of_queries_does_not_grow_with_the_rows(clara: Person, client_for: ClientFor) -> None:
    client = client_for(clara)
    made.to_review(clara)
    queries_of(client)  # the first request also marks the session
    one = queries_of(client)
    made.to_review(clara, b"a second receipt")
    made.uploaded(clara)

    assert queries_of(client) == one


def test_list_asks_again_only_while_something_is_read(clara: Person, client_for: ClientFor) -> None:
    client = client_for(clara)
    made.to_review(clara)
    assert "every 2s" not in client.get(ROWS).content.decode()

    made.uploaded(clara, b"a second receipt")

    assert "every 2s" in client.get(ROWS).content.decode()


def test_document_without_a_model_says_what_it_waits_for(clara: Person, client_for: ClientFor) -> None:
    document = made.read(clara)
    client = client_for(clara)
    assert "Waits for a model" not in client.get(ROWS).content.decode()  # control

    failures.wait_for_model(job_id=made.job_of(document, Stage.EXTRACT).pk, error=ModelUnavailable())

    rows = client.get(ROWS).content.decode()
    assert "Waits for a model" in rows
    assert ModelUnavailable.sentence in rows


def test_upload_answers_with_the_new_document(clara: Person, client_for: ClientFor) -> None:
    made.receipt_type()
    status, answer = send(client_for(clara), b"a receipt", type="receipt")

    document = Document.objects.get()
    assert (status, answer["id"], answer["twin"]) == (201, str(document.pk), None)
    assert (document.uploaded_by, str(document.document_type)) == (clara, "receipt")


def test_upload_of_the_same_bytes_links_to_the_twin(clara: Person, client_for: ClientFor) -> None:
    first = made.uploaded(clara)

    status, answer = send(client_for(clara), b"ACME Coffee\nTotal 12.50\n", name="again.txt")

    assert (status, answer["state"]) == (201, State.DUPLICATE)
    assert answer["twin"] == {"name": "scan.txt", "url": f"/documents/?text={first.pk}"}


@pytest.mark.parametrize(("content", "code"), [(b"", "empty_file"), (b"MZ" + bytes(500), "unknown_format")])
def test_refused_file_gets_a_sentence_and_a_next_step(
    clara: Person, client_for: ClientFor, content: bytes, code: str
) -> None:
    status, answer = send(client_for(clara), content)

    assert (status, answer["code"]) == (422, code)
    assert answer["sentence"]
    assert answer["next_step"]
    assert Document.objects.count() == 0


def test_file_that_is_too_large_is_refused(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 3

    assert send(client_for(clara), b"four")[0] == 413


def test_upload_of_an_unknown_type_is_refused(clara: Person, client_for: ClientFor) -> None:
    assert send(client_for(clara), b"a receipt", type="nonsense")[1]["code"] == "type_unknown"


def test_upload_works_without_the_script(clara: Person, client_for: ClientFor) -> None:
    files = [SimpleUploadedFile("a.txt", b"a receipt"), SimpleUploadedFile("b.txt", b"")]

    page = client_for(clara).post("/documents/upload/", {"file": files}, follow=True).content.decode()

    assert "a.txt: Uploaded; it is read next." in page
    assert "b.txt: This file is empty." in page


def test_filters_stand_in_the_address(clara: Person, carl: Person, client_for: ClientFor) -> None:
    made.to_review(clara)
    made.uploaded(carl, b"a second receipt")
    client = client_for(clara)

    def shown(query: str) -> int:
        return client.get(f"{ROWS}?{query}").content.decode().count('<tr id="document-')

    assert [shown(query) for query in ("", "show=waiting", "show=working", "show=aside")] == [2, 1, 1, 0]
    assert [shown(query) for query in ("type=receipt", "type=invoice", "text=SCAN", "text=zebra", "mine=on")] == [
        2,
        0,
        2,
        0,
        1,
    ]
    assert shown("show=nonsense&page=99") == 2


def test_document_that_others_review_does_not_wait_for_me(clara: Person, carl: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)
    until = timezone.now() + timedelta(minutes=5)
    Document.objects.filter(pk=document.pk).update(claimed_by=carl, claimed_until=until)

    assert "Carl Clerk" in client_for(clara).get(ROWS).content.decode()
    assert client_for(clara).get(f"{ROWS}?show=waiting").content.decode().count('<tr id="document-') == 0
    assert client_for(carl).get(f"{ROWS}?show=waiting").content.decode().count('<tr id="document-') == 1  # control


def test_file_name_is_shown_as_text(clara: Person, client_for: ClientFor) -> None:
    send(client_for(clara), b"a receipt", name="<img src=x onerror=alert(1)>.txt")

    page = client_for(clara).get(ROWS).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_officer_reads_the_list_and_changes_nothing(olga: Person, clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)
    client = client_for(olga)
    page = client.get(INBOX).content.decode()

    assert "scan.txt" in page
    assert "<form" in page  # the filter and logging out
    assert "/documents/upload/" not in page
    assert 'type="checkbox"' not in page
    for path in ("upload/", "type/", "retry/", "export/csv/", f"{document.pk}/type/", f"{document.pk}/retry/"):
        assert client.post(f"/documents/{path}").status_code == 403


def test_admin_sees_no_document(adam: Person, clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)
    client = client_for(adam)

    places = ("", "rows/", f"{document.pk}/original/", f"{document.pk}/thumbnail.png", f"{document.pk}/pages/1.png")
    assert [client.get(f"/documents/{place}").status_code for place in places] == [403] * 5
    assert AuditEvent.objects.filter(action="access_refused", actor="adam").count() == 5


def test_nobody_sees_anything_without_logging_in(client: Client, clara: Person) -> None:
    document = made.to_review(clara)

    for place in ("", "rows/", f"{document.pk}/original/", f"{document.pk}/pages/1.png"):
        assert client.get(f"/documents/{place}").status_code == 302
