from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import services
from appliance.documents.extracting import (
    ExtractionWork,
    begin_extraction,
    document_type_of,
    reuse_extraction,
    store_extraction,
)
from appliance.documents.jobs import StaleClaim
from appliance.documents.models import Document, Extraction, FieldValue, JobState, Stage
from appliance.documents.states import State
from appliance.documents.stored_values import load_reasons, load_regions
from tests.appliance.documents import made


def begun(document: Document) -> ExtractionWork:
    work = begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    return work


def test_stored_extraction_waits_for_review(clara: Person) -> None:
    document = made.to_review(clara)

    assert (document.state, document.fields_to_check) == (State.TO_REVIEW, 2)
    assert document.current_extraction == document.extractions.get()


def test_values_are_stored_as_they_came(clara: Person) -> None:
    result = made.extraction_result()
    stored = made.to_review(clara).current_extraction
    assert stored is not None

    company, total = stored.values.all()
    assert (company.path, company.raw, company.normal, company.rule) == ("company", "ACME", "", "")
    assert (total.normal, total.rule, total.span_start, total.span_end) == ("12.50", "amount:decimal", 45, 50)
    assert load_regions(total.regions) == result.values[1].regions
    assert load_reasons(total.reasons) == result.values[1].reasons
    assert stored.issues == [
        {"code": "sum", "sentence": "The lines do not add up.", "paths": ["total", "line_items[0].amount"]}
    ]


def test_record_of_the_extraction_names_all_digests(clara: Person) -> None:
    document = made.to_review(clara)

    record = bytes(AuditEvent.objects.get(action="document_extracted", object_id=str(document.pk)).record)
    assert all((letter * 64).encode() in record for letter in "mpsrg")


def test_older_token_can_store_nothing(clara: Person) -> None:
    work = begun(made.read(clara))
    stale = replace(work, claim=replace(work.claim, token=work.claim.token + 1))

    with pytest.raises(StaleClaim):
        store_extraction(work=stale, extraction=made.extraction_result())
    assert (Extraction.objects.count(), FieldValue.objects.count()) == (0, 0)

    store_extraction(work=work, extraction=made.extraction_result())  # control: the current token can
    assert (Extraction.objects.count(), FieldValue.objects.count()) == (1, 2)


def test_same_digests_are_not_computed_twice(clara: Person) -> None:
    document = made.to_review(clara)
    first = document.current_extraction
    services.set_type(
        document_id=document.pk, document_type=services.DocumentType.objects.get(name="invoice"), by=clara
    )
    store_extraction(work=begun(document), extraction=made.extraction_result("1.00", model="n" * 64))
    services.set_type(document_id=document.pk, document_type=made.receipt_type(), by=clara)

    assert reuse_extraction(work=begun(document), digests=made.extraction_result().digests)

    document.refresh_from_db()
    assert (document.current_extraction, document.state) == (first, State.TO_REVIEW)
    assert document.extractions.count() == 2


def test_other_digests_are_computed(clara: Person) -> None:
    document = made.to_review(clara)
    services.set_type(
        document_id=document.pk, document_type=services.DocumentType.objects.get(name="invoice"), by=clara
    )

    assert not reuse_extraction(work=begun(document), digests=made.extraction_result(model="n" * 64).digests)


def test_twin_gets_its_own_copy_of_the_run(clara: Person) -> None:
    twin = made.to_review(clara)
    duplicate = made.uploaded(clara)
    services.retry(document_id=duplicate.pk, by=clara)
    from appliance.documents.reading import begin_reading, store_reading

    reading = begin_reading(job_id=made.job_of(duplicate, Stage.READ).pk)
    assert reading is not None
    store_reading(claim=reading.claim, read=made.read_result())

    assert reuse_extraction(work=begun(duplicate), digests=made.extraction_result().digests)

    duplicate.refresh_from_db()
    assert duplicate.current_extraction is not None
    assert duplicate.current_extraction != twin.current_extraction
    assert list(duplicate.current_extraction.values.values_list("path", "raw")) == [
        ("company", "ACME"),
        ("total", "12.50"),
    ]


def test_document_without_a_type_is_not_extracted(clara: Person) -> None:
    document = made.read(clara)
    Document.objects.filter(pk=document.pk).update(document_type=None)

    assert begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk) is None


def test_model_chosen_for_another_type_is_not_used(clara: Person) -> None:
    document = made.read(clara)
    job = made.job_of(document, Stage.EXTRACT)
    assert document.document_type is not None
    name = document.document_type.name
    assert document_type_of(job.pk) == name

    assert begin_extraction(job_id=job.pk, document_type="another one") is None

    job.refresh_from_db()
    assert (job.state, job.attempt, job.fencing_token) == (JobState.WAITING, 0, 0)  # as if nobody had come
    assert begin_extraction(job_id=job.pk, document_type=name) is not None  # control
