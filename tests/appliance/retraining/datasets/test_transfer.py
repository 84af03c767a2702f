"""Labels as files: in three formats in, in two out, and back in again."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.errors import FileTooLarge, FileUnreadable, NothingStaged
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.datasets.transfer import importing, reading
from appliance.retraining.datasets.transfer.checking import Checked, check
from appliance.retraining.datasets.transfer.exporting import export_labels
from appliance.retraining.datasets.transfer.reading import BadLine, Brought, read_lines
from appliance.retraining.models import ImportedLabel, LabelImport, Snapshot, Source
from extraction.schema import DocumentTypeSpec
from extraction.shipped_types import shipped_type
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.datasets.made import receipt_version, several

TEXT = "ACME Coffee\n12/30/2019\nTea 2 3.10\nTotal 12.50"
FIELDS = {"company": "ACME Coffee", "total": "12.50", "tax": None}
OWN = json.dumps({"text": TEXT, "fields": FIELDS, "sender": "ACME"})
MESSAGES = json.dumps(
    {
        "messages": [
            {"role": "system", "content": "Extract."},
            {"role": "user", "content": TEXT},
            {"role": "assistant", "content": json.dumps(FIELDS)},
        ]
    }
)
CSV = f'\ufefftext;company;total;tax\n"{TEXT}";ACME Coffee;12.50;\n'


def spec() -> DocumentTypeSpec:
    return shipped_type("receipt")


def lines(content: str | bytes) -> list[Brought | BadLine]:
    return [line for _, line in read_lines(content.encode() if isinstance(content, str) else content)]


def checked(text: str, fields: dict, **more: object) -> Checked | BadLine:
    return check(1, Brought(text, fields, **more), spec())  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [OWN, MESSAGES, CSV], ids=["own", "messages", "csv"])
def test_every_format_says_the_same(content: str) -> None:
    (line,) = lines(content)

    assert isinstance(line, Brought)
    assert line.untrusted_text == TEXT
    assert dict(line.untrusted_fields) == FIELDS


def test_values_are_found_in_the_text_and_written_as_they_are_printed() -> None:
    found = checked(TEXT, {**FIELDS, "date": "2019-12-30", "line_items": [{"description": "Tea", "amount": "3.10"}]})

    assert isinstance(found, Checked)
    assert found.fields["date"] == "12/30/2019"
    assert found.fields["tax"] is None
    row = found.fields["line_items"][0]
    assert (row["description"], row["amount"]) == ("Tea", "3.10")
    flat = TEXT.replace("\n", " ")
    assert {path: flat[start:end] for path, (start, end) in found.spans.items()} == {
        "company": "ACME Coffee",
        "total": "12.50",
        "date": "12/30/2019",
        "line_items[0].description": "Tea",
        "line_items[0].amount": "3.10",
    }
    assert found.not_found == ()


def test_value_that_stands_nowhere_is_told_and_not_asked() -> None:
    found = checked(TEXT, {**FIELDS, "total": "99.99"})

    assert isinstance(found, Checked)
    assert "total" not in found.fields
    assert found.not_found == ("total",)


def test_place_that_is_given_counts_and_a_false_one_does_not() -> None:
    text = "12.50 paid 12.50"
    right = checked(text, {"total": "12.50"}, untrusted_spans={"total": [11, 16]})
    wrong = checked(text, {"total": "12.50"}, untrusted_spans={"total": [11, 99]})

    assert isinstance(right, Checked)
    assert isinstance(wrong, Checked)
    assert right.spans == {"total": [11, 16]}
    assert wrong.spans == {"total": [0, 5]}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[1]", "“text”"),
        ('{"fields": {"total": "1"}}', "“text”"),
        ('{"file": "/etc/passwd", "fields": {"total": "1"}}', "not read"),
        ('{"text": "a", "fields": {}}', "fields are missing"),
        ('{"text": " ", "fields": {"total": "1"}}', "text is empty"),
        ('{"text": "a", "fields": [1]}', "fields are missing"),
        ('{"messages": [{"role": "user", "content": "a"}]}', "assistant"),
        ('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}', "not JSON"),
        ('{"text": "a 1", "fields": {"totl": "1"}}', "no field “totl”"),
        ('{"text": "a 1", "fields": {"total": {"x": 1}}}', "another shape"),
        ('{"text": "a 1", "fields": {"line_items": [{"price": 1}]}}', "line_items.price"),
        ('{"text": "a 1", "fields": {"total": "2"}}', "None of its values"),
    ],
    ids=range(13),
)
def test_bad_line_is_a_sentence_with_its_number(db: None, line: str, words: str) -> None:
    rehearsal = importing.look_through("x.jsonl", f"{OWN}\n\n{line}\n".encode(), receipt_version())

    (bad,) = rehearsal.bad
    assert (bad.number, len(rehearsal.good)) == (3, 1)
    assert words in bad.sentence


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"\xff\xfe{", b"name,total\nx,1\n", b'text,total\n"open', b"just a sentence"],
    ids=["empty", "blank", "not UTF-8", "no text column", "open quote", "prose"],
)
def test_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        lines(content)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileTooLarge):
        lines(b"{" * (reading.MAX_BYTES + 1))
    monkeypatch.setattr(reading, "MAX_LINES", 2)
    with pytest.raises(FileTooLarge):
        lines("\n".join([OWN] * 3))
    assert len(lines("\n".join([OWN] * 2))) == 2


def test_table_row_with_a_missing_cell_is_bad_and_the_next_one_good() -> None:
    bad, good = lines('text,total,line_items\nx 1\n"a 2",2,"[{""amount"": ""2""}]"\n')

    assert isinstance(bad, BadLine)
    assert isinstance(good, Brought)
    assert good.untrusted_fields == {"total": "2", "line_items": [{"amount": "2"}]}


def test_column_names_with_a_dot_are_groups() -> None:
    (line,) = lines("text\tseller.name\tseller.town\na b\ta\tb\n")

    assert isinstance(line, Brought)
    assert line.untrusted_fields == {"seller": {"name": "a", "town": "b"}}


NAMES = st.sampled_from(["total", "line_items", "amount", "text", "fields", "messages", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.text(max_size=30))
def test_whatever_a_file_holds_it_is_a_label_or_a_sentence(value: object, text: str) -> None:
    records = ({"text": text, "fields": value}, {"messages": value}, {"x": value})
    content = "\n".join(json.dumps(record) for record in records)
    for number, line in read_lines(content.encode()):
        found = check(number, line, spec()) if isinstance(line, Brought) else line
        assert isinstance(found, Checked | BadLine)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_they_are_lines_or_a_refusal(content: bytes) -> None:
    try:
        assert all(isinstance(line, Brought | BadLine) for line in lines(content))
    except (FileUnreadable, FileTooLarge):
        pass


def test_nothing_counts_before_the_admin_says_yes(adam: Person) -> None:
    version = receipt_version()
    importing.stage(by=adam, version=version, untrusted_name="l.jsonl", untrusted_content=OWN.encode())
    assert not ImportedLabel.objects.exists()
    assert not AuditEvent.objects.filter(action=Action.LABELS_IMPORTED).exists()

    assert importing.take(by=adam, version=version) == 1

    label = ImportedLabel.objects.get()
    assert (label.untrusted_text, label.sender, label.imported_by) == (TEXT, "ACME", adam)
    event = AuditEvent.objects.get(action=Action.LABELS_IMPORTED)
    assert event.reason == "1 taken, 0 bad lines, 0 known already"
    assert not LabelImport.objects.exists()
    with pytest.raises(NothingStaged):
        importing.take(by=adam, version=version)
    again = importing.stage(by=adam, version=version, untrusted_name="l.jsonl", untrusted_content=OWN.encode())
    assert (len(again.good), again.known) == (0, 1)


def test_imported_and_reviewed_labels_are_in_one_snapshot_and_come_out_as_they_went_in(
    clara: Person, adam: Person
) -> None:
    several(clara, 5)
    version = receipt_version()
    importing.stage(by=adam, version=version, untrusted_name="l.jsonl", untrusted_content=OWN.encode())
    importing.take(by=adam, version=version)
    made = make_snapshot(by=adam, type_version=version, options=Options(sender_field="company"))
    assert made.entries.filter(source=Source.IMPORT).count() == 1

    for file_format in ("labels", "messages"):
        file = export_labels(snapshot=made, file_format=file_format)
        ImportedLabel.objects.all().delete()
        back = importing.look_through(file.name, file.content, version)
        assert (len(back.good), back.bad, back.not_found) == (6, (), {})
        told = {json.dumps(label.fields, sort_keys=True) for label in back.good}
        assert told == {json.dumps(entry.fields, sort_keys=True) for entry in made.entries.all()}
    events = AuditEvent.objects.filter(action=Action.DATASET_EXPORTED)
    assert {event.object_id for event in events} == {made.digest}


def test_admin_imports_by_the_pages(adam: Person, client_for: ClientFor) -> None:
    receipt_version()
    browser = client_for(adam)
    way = "/models/datasets/receipt/import/"
    content = f"{OWN}\nnonsense\n".encode()

    answer = browser.post(way, {"file": SimpleUploadedFile("l.jsonl", content)}, follow=True).content.decode()

    assert "Take the 1 good line" in answer
    assert "This line is not JSON." in answer
    assert "ACME" not in answer.replace("ACME Coffee", "")
    browser.post(f"{way}take/")
    assert ImportedLabel.objects.count() == 1
    browser.post(way, {"file": SimpleUploadedFile("l.jsonl", content)})
    browser.post(f"{way}drop/")
    assert not LabelImport.objects.exists()
    refused = browser.post(way, {"file": SimpleUploadedFile("l.csv", b"a,b\n1,2\n")})
    assert refused.status_code == 422
    assert "cannot be read as labels" in refused.content.decode()


def test_clerk_exports_and_the_admin_who_may_not_read_documents_does_not(
    clara: Person, adam: Person, client_for: ClientFor
) -> None:
    several(clara, 5)
    made: Snapshot = make_snapshot(by=adam, type_version=receipt_version(), options=Options())
    way = f"/models/datasets/receipt/snapshots/{made.digest}/labels/"

    answer = client_for(clara).get(way)

    assert answer["Content-Disposition"].startswith("attachment; ")
    assert len(answer.content.splitlines()) == 5
    assert client_for(clara).get(f"{way}?as=nothing").status_code == 404
    assert client_for(adam).get(way).status_code == 403
    assert way in client_for(clara).get("/models/datasets/differing-answers/").content.decode()


def test_the_web_process_loads_no_training_library_for_this() -> None:
    script = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        "import appliance.retraining.urls, sys; assert 'torch' not in sys.modules; print('none')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "none", done.stderr
