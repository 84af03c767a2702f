from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import blobs
from appliance.documents.jobs import Claim, StaleClaim
from appliance.documents.models import Document, JobState, Stage
from appliance.documents.reading import ReadingWork, begin_reading, store_reading
from appliance.documents.states import State
from extraction.records import Attachment
from tests.appliance.documents import made


def begun(document: Document) -> ReadingWork:
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None
    return work


def test_begin_moves_the_document_to_reading(clara: Person) -> None:
    work = begun(made.uploaded(clara))

    assert (work.document.state, work.claim.attempt) == (State.READING, 1)


def test_begin_twice_gives_the_work_to_one(clara: Person) -> None:
    document = made.uploaded(clara)
    work = begun(document)

    assert begin_reading(job_id=work.claim.job_id) is None


def test_stored_reading_queues_the_extraction(clara: Person) -> None:
    document = made.read(clara)

    assert (document.state, document.page_count, document.media_type) == (State.READ, 1, "text/plain")
    assert made.job_of(document, Stage.EXTRACT).state == JobState.WAITING
    assert blobs.get(document.thumbnail_sha256, document_id=document.pk).startswith(b"\x89PNG")


def test_each_step_has_one_record_with_the_next_version(clara: Person) -> None:
    document = made.read(clara)

    recorded = AuditEvent.objects.filter(object_id=str(document.pk)).order_by("id")
    assert list(recorded.values_list("action", "object_version")) == [
        ("document_uploaded", 1),
        ("document_reading", 2),
        ("document_read", 3),
    ]
    assert document.version == 3


def test_type_is_recognised_where_nobody_chose_one(clara: Person) -> None:
    made.receipt_type()
    document = made.read(clara, typed=False)

    assert document.document_type is not None
    assert document.document_type.name == "receipt"
    assert document.type_confidence is not None
    assert AuditEvent.objects.filter(action="document_type_set", object_id=str(document.pk)).count() == 1


def test_document_of_no_clear_type_waits_for_a_clerk(clara: Person) -> None:
    made.receipt_type()
    work = begun(made.uploaded(clara, typed=False))

    document = store_reading(claim=work.claim, read=made.read_result(made.untyped_page()))

    assert (document.state, document.document_type) == (State.READ, None)
    assert not document.jobs.filter(stage=Stage.EXTRACT).exists()


def test_older_token_can_store_nothing(clara: Person) -> None:
    work = begun(made.uploaded(clara))
    stale = replace(work.claim, token=work.claim.token - 1)

    with pytest.raises(StaleClaim):
        store_reading(claim=stale, read=made.read_result())
    assert Document.objects.get(pk=work.document.pk).state == State.READING

    store_reading(claim=work.claim, read=made.read_result())  # control: the current token can
    assert Document.objects.get(pk=work.document.pk).state == State.READ


def test_result_is_stored_once(clara: Person) -> None:
    work = begun(made.uploaded(clara))
    store_reading(claim=work.claim, read=made.read_result())

    with pytest.raises(StaleClaim):
        store_reading(claim=work.claim, read=made.read_result())


def test_attachments_become_documents_of_their_own(clara: Person) -> None:
    work = begun(made.uploaded(clara))
    attachments = (Attachment("bill.txt", b"the bill of May"), Attachment("empty.txt", b""))

    document = store_reading(claim=work.claim, read=replace(made.read_result(), attachments=attachments))

    child = document.attachments.get()
    assert (child.untrusted_name, child.state, child.uploaded_by) == ("bill.txt", State.RECEIVED, clara)
    assert document.findings == ["attachment_refused:empty_file"]


def test_attachments_of_the_innermost_mail_are_not_opened(clara: Person) -> None:
    document = made.uploaded(clara)
    for depth in range(3):
        work = begun(document)
        attachments = (Attachment("inner.txt", f"mail number {depth}".encode()),)
        store_reading(claim=work.claim, read=replace(made.read_result(), attachments=attachments))
        innermost, document = document, document.attachments.first() or document

    innermost.refresh_from_db()
    assert innermost.findings == ["attachments_nested_too_deep"]
    assert Document.objects.count() == 3


def test_claim_is_a_plain_record(clara: Person) -> None:
    document = made.uploaded(clara)
    job = made.job_of(document, Stage.READ)

    assert begun(document).claim == Claim(job.pk, document.pk, Stage.READ, attempt=1, token=1)
