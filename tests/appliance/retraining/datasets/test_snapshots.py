"""From reviewed documents to a frozen snapshot and its label files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.documents.models import Document, Page
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.errors import EntryChanged, TooFewDocuments
from appliance.retraining.datasets.files import write_part
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.models import Part, Snapshot, SnapshotEntry
from extraction.labels import read_labels
from extraction.text_document import document_from_text
from tests.appliance.retraining.datasets.made import (
    COMPANIES,
    lines_of,
    receipt_version,
    reopened,
    reviewed,
    several,
    to_review,
    values_of,
)

EMPTIED = (
    "UPDATE retraining_snapshotentry"
    " SET withdrawn_at = now(), fields = NULL, spans = NULL, text = '', sender = '' WHERE id = %s"
)
ADDED = (
    "INSERT INTO retraining_snapshotentry (snapshot_id, position, part, source, digest, original_sha256, text_sha256,"
    " sender, weight, text) SELECT id, 99, 'test', 'import', 'x', 'x', 'x', '', 1, '' FROM retraining_snapshot"
)
OPTIONS = Options(sender_field="company")


def snapshot(by: Person, options: Options = OPTIONS) -> Snapshot:
    return make_snapshot(by=by, type_version=receipt_version(), options=options)


def written(made: Snapshot, part: Part, folder: Path) -> list[dict]:
    path = folder / f"{part}.jsonl"
    count = write_part(made, part, path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert count == len(lines)
    return lines


def test_snapshot_splits_by_sender_and_writes_files_that_agree_with_themselves(
    clara: Person, adam: Person, tmp_path: Path
) -> None:
    several(clara, 12)

    made = snapshot(adam)

    assert made.counts["documents"] == 12
    assert made.counts["split_by"] == "sender"
    assert made.counts["leaks"] == {"originals": 0, "texts": 0, "near": 0, "senders": 0}
    assert sum(made.counts["parts"].values()) == 12
    assert made.counts["parts"]["test"] == 2
    assert made.counts["fields"]["company"] == {"there": 12, "absent": 0, "not_asked": 0, "tested": 2}
    assert made.counts["fields"]["tax"]["absent"] == 12
    senders = {}
    for part in Part:
        for label in written(made, part, tmp_path):
            flat = document_from_text(label["text"]).flat_text
            start, end = label["spans"]["total"]
            assert flat[start:end] == label["fields"]["total"]
            assert senders.setdefault(label["sender"], part) == part
    assert len(senders) == len(COMPANIES)
    assert (tmp_path / "train.jsonl").stat().st_mode & 0o777 == 0o600


def test_label_file_is_one_that_the_library_reads(clara: Person, adam: Person, tmp_path: Path) -> None:
    several(clara, 6)
    made = snapshot(adam)
    write_part(made, Part.TRAIN, tmp_path / "train.jsonl")

    with (tmp_path / "train.jsonl").open(encoding="utf-8") as lines:
        labels = read_labels(lines, tmp_path)

    entries = made.entries.filter(part=Part.TRAIN)
    assert {label.id for label in labels} == {str(entry.pk) for entry in entries}
    assert all(label.text for label in labels)


def test_too_few_documents_make_no_snapshot(clara: Person, adam: Person) -> None:
    several(clara, 4)

    with pytest.raises(TooFewDocuments):
        snapshot(adam)
    assert not Snapshot.objects.exists()


def test_documents_under_review_and_reopened_ones_do_not_train(clara: Person, adam: Person) -> None:
    documents = several(clara, 6)
    to_review(clara, lines_of("Gull Glass", 50), values_of("Gull Glass", 50))
    reopened(documents[0], clara)

    made = snapshot(adam)

    assert made.counts["documents"] == 5
    assert documents[0].pk not in set(made.entries.values_list("document_id", flat=True))


def test_same_labels_make_the_same_snapshot_and_a_new_one_another(clara: Person, adam: Person) -> None:
    several(clara, 6)
    first = snapshot(adam)

    assert snapshot(adam) == first
    reviewed(clara, "Gull Glass", 50)
    second = snapshot(adam)

    assert second.digest != first.digest
    made = AuditEvent.objects.filter(action=Action.DATASET_MADE).order_by("pk")
    assert [event.object_id for event in made] == [first.digest, second.digest]


def test_few_senders_are_split_by_document_and_the_counts_say_so(clara: Person, adam: Person) -> None:
    several(clara, 8, companies=COMPANIES[:2])

    counts = snapshot(adam).counts

    assert counts["split_by"] == "document"
    assert counts["parts"]["test"] == 2
    assert counts["leaks"]["senders"] > 0
    assert counts["leaks"]["originals"] == counts["leaks"]["near"] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE retraining_snapshot SET digest = 'x'",
        "DELETE FROM retraining_snapshot",
        "UPDATE retraining_snapshotentry SET part = 'train'",
        "UPDATE retraining_snapshotentry SET fields = '{}'",
        "UPDATE retraining_snapshotentry SET withdrawn_at = now(), part = 'train', fields = NULL, spans = NULL",
        "DELETE FROM retraining_snapshotentry",
        ADDED,
    ],
    ids=["snapshot changes", "snapshot goes", "entry moves", "label changes", "moved when emptied", "goes", "is added"],
)
def test_database_refuses_to_change_a_snapshot(clara: Person, adam: Person, statement: str) -> None:
    several(clara, 5)
    snapshot(adam)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_control_the_database_lets_an_entry_be_emptied_once(clara: Person, adam: Person) -> None:
    several(clara, 5)
    entry = snapshot(adam).entries.first()
    with connection.cursor() as cursor:
        cursor.execute(EMPTIED, [entry.pk])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTIED, [entry.pk])


def test_file_is_refused_when_a_page_is_not_the_one_of_the_snapshot(
    clara: Person, adam: Person, tmp_path: Path
) -> None:
    several(clara, 5)
    made = snapshot(adam)
    entry = made.entries.filter(part=Part.TRAIN).first()
    page = Page.objects.get(document=entry.document_id)
    page.words[0][0] = "ACNE"
    page.save()

    with pytest.raises(EntryChanged):
        write_part(made, Part.TRAIN, tmp_path / "train.jsonl")
    assert write_part(made, Part.TEST, tmp_path / "test.jsonl") == 1


def test_entries_name_who_labelled_and_no_text_of_a_document(clara: Person, adam: Person) -> None:
    several(clara, 5)
    entries = SnapshotEntry.objects.filter(snapshot=snapshot(adam))

    assert {entry.labelled_by for entry in entries} == {clara}
    assert {entry.text for entry in entries} == {""}
    assert {entry.original_sha256 for entry in entries} == set(Document.objects.values_list("sha256", flat=True))
