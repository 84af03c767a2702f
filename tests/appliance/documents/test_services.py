from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types.models import DocumentType
from appliance.documents import failures, services
from appliance.documents.errors import ClaimedBySomebody, DocumentBusy, DocumentFinished, NothingToRetry
from appliance.documents.extracting import begin_extraction
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading
from appliance.documents.states import IllegalTransition, State
from appliance.documents.transitions import Step, change
from extraction.errors import BrokenFile, DecodingFailed
from tests.appliance.documents import made


def put_in(document: Document, state: State) -> None:
    Document.objects.filter(pk=document.pk).update(state=state)


def claim_for(document: Document, person: Person) -> None:
    until = timezone.now() + timedelta(minutes=5)
    Document.objects.filter(pk=document.pk).update(claimed_by=person, claimed_until=until)


def invoice() -> DocumentType:
    made.receipt_type()
    return DocumentType.objects.get(name="invoice")


def test_chosen_type_extracts_a_read_document(clara: Person) -> None:
    document = made.read(clara, typed=False)

    document = services.set_type(document_id=document.pk, document_type=invoice(), by=clara)

    assert (document.document_type, document.type_confidence) == (invoice(), None)
    assert made.job_of(document, Stage.EXTRACT)
    assert AuditEvent.objects.filter(action="document_type_set", reason="invoice").count() == 1


def test_same_type_again_changes_nothing(clara: Person) -> None:
    document = made.to_review(clara)

    services.set_type(document_id=document.pk, document_type=made.receipt_type(), by=clara)

    assert Document.objects.get(pk=document.pk).version == document.version


def test_type_is_not_changed_under_the_extractor(clara: Person) -> None:
    document = made.read(clara)
    begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)

    with pytest.raises(DocumentBusy):
        services.set_type(document_id=document.pk, document_type=invoice(), by=clara)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.EXPORTED])
def test_type_of_a_finished_document_stays(clara: Person, state: State) -> None:
    document = made.to_review(clara)
    put_in(document, state)

    with pytest.raises(DocumentFinished):
        services.set_type(document_id=document.pk, document_type=invoice(), by=clara)


def test_document_under_review_belongs_to_its_reviewer(clara: Person, carl: Person) -> None:
    document = made.to_review(clara)
    claim_for(document, carl)

    with pytest.raises(ClaimedBySomebody):
        services.set_type(document_id=document.pk, document_type=invoice(), by=clara)
    services.set_type(document_id=document.pk, document_type=invoice(), by=carl)  # control


def test_retry_reads_again_what_could_not_be_read(clara: Person) -> None:
    document = made.uploaded(clara)
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None
    failures.fail(claim=work.claim, error=BrokenFile())

    document = services.retry(document_id=document.pk, by=clara)

    assert (document.state, document.error_code) == (State.RECEIVED, "")
    assert made.job_of(document, Stage.READ).attempt == 0


def test_retry_extracts_again_what_was_read(clara: Person) -> None:
    document = made.read(clara)
    work = begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    failures.fail(claim=work.claim, error=DecodingFailed())

    document = services.retry(document_id=document.pk, by=clara)

    assert document.state == State.READ
    assert made.job_of(document, Stage.EXTRACT)


def test_retry_of_a_duplicate_reads_it_after_all(clara: Person) -> None:
    first = made.uploaded(clara)
    duplicate = services.retry(document_id=made.uploaded(clara).pk, by=clara)

    assert (duplicate.state, duplicate.duplicate_of) == (State.RECEIVED, first)
    assert made.job_of(duplicate, Stage.READ)


def test_retry_of_a_document_that_is_well_is_refused(clara: Person) -> None:
    document = made.to_review(clara)

    with pytest.raises(NothingToRetry):
        services.retry(document_id=document.pk, by=clara)


def test_reopened_document_waits_for_review(clara: Person) -> None:
    document = made.to_review(clara)
    with pytest.raises(IllegalTransition):
        services.reopen(document_id=document.pk, by=clara)  # control: it is not finished
    put_in(document, State.ACCEPTED)

    assert services.reopen(document_id=document.pk, by=clara).state == State.TO_REVIEW


@pytest.mark.django_db
def test_second_of_two_changes_is_refused(clara: Person) -> None:
    document = made.to_review(clara)
    one, other = Document.objects.get(pk=document.pk), Document.objects.get(pk=document.pk)
    from appliance.audit.actions import Action

    change(one, Step(Action.DOCUMENT_TYPE_SET))
    with pytest.raises(IllegalTransition):
        change(other, Step(Action.DOCUMENT_TYPE_SET))
    assert Document.objects.get(pk=document.pk).version == document.version + 1
