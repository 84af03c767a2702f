"""What goes, what stays, and what may not be forgotten."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.models import AuditEvent
from appliance.compliance import erasing
from appliance.compliance.belongings import BELONGINGS
from appliance.compliance.errors import BusyDocuments, NothingToDelete
from appliance.compliance.models import DoomedFile, Tombstone
from appliance.documents import blobs
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading
from appliance.documents.services import retry
from appliance.documents.uploads import Origin, upload
from appliance.review.models import Decision
from tests.appliance.compliance.made import asked, deleted
from tests.appliance.documents.made import job_of, png, to_review, uploaded

NOW = timedelta(0)
MARKER = "ACME"


def decided(document: Document, person) -> Decision:
    run = document.current_extraction
    return Decision.objects.create(
        document=document, extraction=run, path="company", kind="confirmed", raw=MARKER, decided_by=person
    )


def stored_files() -> list[Path]:
    return [path for path in Path(settings.BLOB_DIR).rglob("*") if path.is_file()]


def tables_that_hold(marker: str) -> list[str]:
    """Every table of the database in which the text stands anywhere."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS t WHERE t::text LIKE %s)', [f"%{marker}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def points_at(model: type[Model], targets: set[type[Model]]) -> bool:
    forward = [*model._meta.get_fields(include_parents=True), *model._meta.many_to_many]
    return any(not field.auto_created and field.is_relation and field.related_model in targets for field in forward)


def belonging_models() -> set[str]:
    """Every table that points at a document, or at something that does."""
    targets: set[type[Model]] = {Document}
    while True:
        found = {model for model in apps.get_models(include_auto_created=True) if points_at(model, targets)} | targets
        if found == targets:
            return {model._meta.label for model in targets - {Document}}
        targets = found


def test_no_table_that_belongs_to_a_document_is_forgotten():
    assert belonging_models() == {label for label, _ in BELONGINGS}


def test_no_salt_lies_outside_the_rows_that_go():
    """But that of an approval, which commits to its own reason and to no value."""
    salted = {model._meta.label for model in apps.get_models() for f in model._meta.fields if "salt" in f.name}

    assert salted - {label for label, _ in BELONGINGS} - {"documents.Document"} == {
        "compliance.Approval",
        "compliance.Promotion",
    }


@pytest.mark.django_db
def test_nothing_of_the_text_stays_in_the_database_or_the_store(clara, olga):
    document = to_review(clara, b"ACME Coffee\n")
    Document.objects.filter(pk=document.pk).update(untrusted_name="ACME invoice.txt")
    decided(document, clara)
    before = tables_that_hold(MARKER)

    deleted(clara, olga, document)
    erasing.erase_doomed(idle_for=NOW)

    assert {"documents_document", "documents_page", "documents_fieldvalue", "review_decision"} <= set(before)
    assert [table for table in tables_that_hold(MARKER) if not table.startswith("document_types_")] == []
    assert stored_files() == []


@pytest.mark.django_db
def test_the_tombstone_proves_what_was_there(clara, olga):
    document = to_review(clara)
    approval = deleted(clara, olga, document)

    stone = Tombstone.objects.get(pk=document.pk)

    assert (stone.original_sha256, stone.type_name, stone.pages) == (document.sha256, "receipt", 1)
    assert (stone.uploaded_at, stone.approval, stone.version) == (document.uploaded_at, approval, document.version + 1)
    event = AuditEvent.objects.get(action=Action.DOCUMENT_DELETED)
    assert (event.object_id, event.object_version) == (str(document.pk), stone.version)
    assert document.sha256.encode() in bytes(event.record)


@pytest.mark.django_db
def test_the_log_is_untouched_and_its_commitments_can_not_be_opened_any_more(clara, olga):
    document = to_review(clara)
    decision = decided(document, clara)
    opened = commitment(MARKER, decision.salt)
    before = list(AuditEvent.objects.order_by("pk").values_list("pk", "record"))

    deleted(clara, olga, document)

    after = list(AuditEvent.objects.order_by("pk").values_list("pk", "record"))
    assert [bytes(record) for _, record in after[: len(before)]] == [bytes(record) for _, record in before]
    assert opened != commitment(MARKER, "")
    assert tables_that_hold(decision.salt) == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE compliance_tombstone SET reason = 'x'", "DELETE FROM compliance_tombstone"])
def test_a_tombstone_never_changes(clara, olga, change):
    deleted(clara, olga, to_review(clara))

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
def test_no_document_goes_without_a_tombstone(clara):
    uploaded(clara).jobs.all().delete()

    with pytest.raises(DatabaseError, match="tombstone"), transaction.atomic():
        Document.objects.all().delete()

    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_attachments_and_unread_duplicates_go_along(clara, olga):
    letter = to_review(clara)
    attachment = upload(untrusted_name="a.png", content=png(), origin=Origin(clara, parent=letter))
    twin = uploaded(clara)
    assert twin.duplicate_of == letter

    deleted(clara, olga, letter)

    assert set(Tombstone.objects.values_list("pk", flat=True)) == {letter.pk, attachment.pk, twin.pk}
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_duplicate_that_was_read_after_all_stays_with_its_file(clara, olga):
    first = to_review(clara)
    twin = retry(document_id=uploaded(clara).pk, by=clara)

    deleted(clara, olga, first)
    erasing.erase_doomed(idle_for=NOW)

    twin.refresh_from_db()
    assert twin.duplicate_of is None
    assert blobs.get(twin.sha256)
    assert not DoomedFile.objects.exists()


@pytest.mark.django_db
def test_a_document_that_a_worker_has_in_hand_is_not_deleted(clara, olga):
    document = uploaded(clara)
    assert begin_reading(job_id=job_of(document, Stage.READ).pk) is not None

    with pytest.raises(BusyDocuments):
        deleted(clara, olga, document)

    assert Document.objects.filter(pk=document.pk).exists()


@pytest.mark.django_db
def test_what_is_gone_can_not_be_asked_for(clara, olga):
    document = to_review(clara)
    deleted(clara, olga, document)

    with pytest.raises(NothingToDelete):
        asked(clara, document)


@pytest.mark.django_db
def test_the_same_file_may_come_again(clara, olga):
    first = to_review(clara)
    deleted(clara, olga, first)

    again = to_review(clara)
    erasing.erase_doomed(idle_for=NOW)

    assert again.duplicate_of is None
    assert blobs.get(again.sha256)


@pytest.mark.django_db
def test_files_that_came_a_moment_ago_wait_and_the_sweeper_can_be_repeated(clara, olga):
    document = to_review(clara)
    deleted(clara, olga, document)

    assert erasing.erase_doomed() == 0
    for path in stored_files():
        os.utime(path, (time.time() - 3600,) * 2)
    count = len(stored_files())

    assert [erasing.erase_doomed(), erasing.erase_doomed()] == [count, 0]
    assert AuditEvent.objects.filter(action=Action.FILES_ERASED, object_id=str(document.pk)).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("point", ["before", "aside", "unlinked"])
def test_a_crash_while_erasing_leaves_nothing_behind(clara, olga, point):
    document = to_review(clara)
    deleted(clara, olga, document)
    path = Path(settings.BLOB_DIR) / document.sha256[:2] / document.sha256[2:4] / document.sha256
    if point != "before":
        aside = Path(settings.BLOB_DIR) / "erased" / document.sha256
        aside.parent.mkdir()
        path.rename(aside)
        if point == "unlinked":
            aside.unlink()

    erasing.erase_doomed(idle_for=NOW)

    assert (stored_files(), DoomedFile.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_crash_while_erasing_does_not_lose_a_file_that_is_needed(clara, olga):
    document = to_review(clara)
    deleted(clara, olga, document)
    path = Path(settings.BLOB_DIR) / document.sha256[:2] / document.sha256[2:4] / document.sha256
    again = uploaded(clara)
    aside = Path(settings.BLOB_DIR) / "erased" / document.sha256
    aside.parent.mkdir()
    path.rename(aside)

    erasing.erase_doomed(idle_for=NOW)

    assert blobs.get(again.sha256)


@pytest.mark.django_db
def test_files_that_no_document_names_are_erased_after_a_day(clara):
    kept = to_review(clara)
    orphan = blobs.put(b"left by a worker that was stopped")

    assert erasing.erase_orphans() == 0
    assert erasing.erase_orphans(idle_for=NOW) == 1
    assert (blobs.exists(orphan), blobs.exists(kept.sha256)) == (False, True)


def test_bytes_that_are_put_again_are_not_erased_under_somebodys_hands():
    sha256 = blobs.put(b"x")
    path = Path(settings.BLOB_DIR) / sha256[:2] / sha256[2:4] / sha256
    os.utime(path, (0, 0))

    blobs.put(b"x")

    assert blobs.erase(sha256, idle_seconds=60) is False
    os.utime(path, (0, 0))
    assert blobs.erase(sha256, idle_seconds=60) is True
    assert not blobs.exists(sha256)
