from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents.errors import NotFinished, NothingChosen
from appliance.documents.exporting import export
from appliance.documents.models import Document, FieldValue
from appliance.documents.states import State
from tests.appliance.behind_the_log import overwrite
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made

EVIL = '=HYPERLINK("http://192.0.2.1/","click")'


def finished(by: Person, content: bytes = b"ACME Coffee\nTotal 12.50\n") -> Document:
    document = made.to_review(by, content)
    Document.objects.filter(pk=document.pk).update(state=State.ACCEPTED)
    return Document.objects.get(pk=document.pk)


def lines_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_json_names_value_place_and_digests(clara: Person) -> None:
    document = finished(clara)

    [told] = json.loads(export(document_ids=[document.pk], file_format="json").content)["documents"]

    total = next(field for field in told["fields"] if field["field"] == "total")
    assert (total["value"], total["raw"], total["rule"]) == ("12.50", "12.50", "amount:decimal")
    assert (total["page"], total["box"], total["confidence"]) == (1, [0.1, 0.2, 0.18, 0.25], 0.4)
    assert told["digests"] == {name: name[0] * 64 for name in ("model", "prompt", "schema", "reader", "grammar")}
    assert (told["type"], told["sha256"]) == ("receipt", document.sha256)


def test_csv_has_one_line_a_value(clara: Person) -> None:
    documents = [finished(clara), finished(clara, b"a second receipt")]

    lines = lines_of(export(document_ids=[document.pk for document in documents], file_format="csv").content)

    assert [line["value"] for line in lines if line["field"] == "company"] == ["ACME", "ACME"]
    assert {line["document"] for line in lines} == {str(document.pk) for document in documents}


def test_xlsx_opens_as_a_book_of_two_sheets(clara: Person) -> None:
    content = export(document_ids=[finished(clara).pk], file_format="xlsx").content

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert [name for name in book.namelist() if "worksheets/" in name] == [
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
        ]
        assert b"<v>12.5</v>" in book.read("xl/worksheets/sheet1.xml")


def test_value_of_a_document_never_becomes_a_formula(clara: Person) -> None:
    document = finished(clara)
    overwrite(FieldValue.objects.filter(extraction__document=document, path="company"), raw=EVIL)

    as_csv = lines_of(export(document_ids=[document.pk], file_format="csv").content)
    as_xlsx = export(document_ids=[document.pk], file_format="xlsx").content

    assert next(line["value"] for line in as_csv if line["field"] == "company") == "'" + EVIL
    with zipfile.ZipFile(io.BytesIO(as_xlsx)) as book:
        assert all(b"<f>" not in book.read(name) for name in book.namelist())
        assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")  # control: it is there, as text


def test_exported_document_says_so(clara: Person) -> None:
    document = finished(clara)

    export(document_ids=[document.pk], file_format="csv")
    export(document_ids=[document.pk], file_format="json")

    document.refresh_from_db()
    events = AuditEvent.objects.filter(action="document_exported", object_id=str(document.pk)).order_by("id")
    assert document.state == State.EXPORTED
    assert list(events.values_list("reason", flat=True)) == ["csv", "json"]
    assert b'"export":"' in bytes(events[0].record)


def test_unfinished_document_holds_up_the_whole_export(clara: Person) -> None:
    good, waiting = finished(clara), made.to_review(clara, b"a second receipt")

    with pytest.raises(NotFinished) as refused:
        export(document_ids=[good.pk, waiting.pk], file_format="csv")

    assert refused.value.untrusted_names == ("scan.txt",)
    assert Document.objects.get(pk=good.pk).state == State.ACCEPTED


def test_export_of_nothing_is_refused(db: None) -> None:
    with pytest.raises(NothingChosen):
        export(document_ids=[], file_format="csv")


def test_clerk_downloads_the_export_of_the_ticked_documents(clara: Person, client_for: ClientFor) -> None:
    document = finished(clara)

    answer = client_for(clara).post("/documents/export/csv/", {"documents": [str(document.pk)]})

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="strongroom-')
    assert len(lines_of(answer.content)) > 1


def test_clerk_is_told_which_documents_are_not_finished(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    page = client_for(clara).post(f"/documents/{document.pk}/export/json/", follow=True).content.decode()

    assert "Not finished: scan.txt. Only documents whose review is finished can be exported." in page
