"""What goes, what stays, and what may not be forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

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
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import DoomedFolder, Scope, Tombstone
from appliance.documents import blobs
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading
from appliance.documents.services import retry
from appliance.documents.uploads import Origin, upload
from appliance.review.models import Decision
from appliance.sealing import keys
from appliance.sealing.models import DataKey
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
    document.untrusted_name = "ACME invoice.txt"
    document.save()
    decided(document, clara)

    deleted(clara, olga, document)
    erasing.erase_doomed()

    assert [table for table in tables_that_hold(MARKER) if not table.startswith("document_types_")] == []
    assert stored_files() == []


@pytest.mark.django_db
def test_control_a_plain_column_is_seen(clara):
    document = to_review(clara)

    assert tables_that_hold(MARKER) == []
    assert "documents_document" in tables_that_hold(document.sha256)


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
    erasing.erase_doomed()

    twin.refresh_from_db()
    assert twin.duplicate_of is None
    assert blobs.get(twin.sha256, document_id=twin.pk)
    assert not DoomedFolder.objects.exists()


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
    erasing.erase_doomed()

    assert again.duplicate_of is None
    assert blobs.get(again.sha256, document_id=again.pk)


@pytest.mark.django_db
def test_the_key_goes_at_once_and_the_files_with_the_next_sweep(clara, olga):
    document = to_review(clara)
    sealed = {path: path.read_bytes() for path in stored_files()}
    deleted(clara, olga, document)

    assert not DataKey.objects.filter(pk=document.pk).exists()
    assert set(stored_files()) == set(sealed)
    with pytest.raises(blobs.BlobMissing):
        blobs.get(document.sha256, document_id=document.pk)

    assert [erasing.erase_doomed(), erasing.erase_doomed()] == [len(sealed), 0]
    assert AuditEvent.objects.filter(action=Action.FILES_ERASED, object_id=str(document.pk)).count() == 1
    assert stored_files() == []


@pytest.mark.django_db
@pytest.mark.parametrize("left", ["all", "some", "the empty folder", "nothing"])
def test_a_crash_while_erasing_leaves_nothing_behind(clara, olga, left):
    document = to_review(clara)
    deleted(clara, olga, document)
    files = stored_files()
    for path in {"all": [], "some": files[:1]}.get(left, files):
        path.unlink()
    if left == "nothing":
        files[0].parent.rmdir()

    erasing.erase_doomed()

    assert (stored_files(), DoomedFolder.objects.count(), list(blobs.documents())) == ([], 0, [])


@pytest.mark.django_db
def test_files_that_no_document_names_are_erased_after_a_day(clara):
    kept = to_review(clara)
    count = len(stored_files())
    blobs.put(b"left by a worker that was stopped", document_id=kept.pk)
    blobs.put_first(b"an upload that was cut short", document_id=uuid4())

    assert erasing.erase_orphans() == 0
    assert erasing.erase_orphans(idle_for=NOW) == 2
    assert len(stored_files()) == count
    assert blobs.get(kept.sha256, document_id=kept.pk)


@pytest.mark.django_db
def test_keys_of_uploads_that_were_cut_short_go_as_well(clara):
    kept = to_review(clara)
    keys.make_key(uuid4())
    keys.make_key(keys.BOX)

    erasing.erase_orphans()
    assert DataKey.objects.count() == 3
    erasing.erase_orphans(idle_for=NOW)

    assert set(DataKey.objects.values_list("pk", flat=True)) == {kept.pk, keys.BOX}


@pytest.mark.django_db
def test_a_held_document_keeps_its_key_also_against_sql(clara, olga):
    document = to_review(clara)
    place(by=olga, name="case", reason="court", cover=Cover(Scope.LIST, documents=[document.pk]))

    for statement in ("DELETE FROM sealing_datakey", "TRUNCATE sealing_datakey"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert DataKey.objects.filter(pk=document.pk).exists()
