"""What a run leaves behind, as it comes back from the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import DigestText, Extraction, FieldValue, ModelAnswer, Page, Stage
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_runs import (
    Trace,
    commitments_to,
    keep_texts,
    load_turns,
    page_digests,
    text_digest,
)
from extraction.transcript import Turn
from tests.appliance.behind_the_log import overwrite
from tests.appliance.documents import made

TURN = Turn("q" * 64, '{"company":"ACME é"}'.encode(), True, (7, 70_000, 4_000_000_000), (1, 9, 21))
TRACE = Trace((TURN, replace(TURN, finished=False, tokens=(), ends=())), ("a" * 64,), "engine 1", {})


@pytest.fixture
def run(clara: Person) -> Extraction:
    document = made.read(clara)
    work = begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    trace = replace(TRACE, page_digests=page_digests(load_read_document(document).pages))
    return store_extraction(work=work, extraction=made.extraction_result(), trace=trace)


def committed(run: Extraction) -> dict[str, str]:
    event = AuditEvent.objects.get(action="document_extracted", object_id=str(run.document_id))
    return json.loads(bytes(event.record))["commitments"]


def fresh(run: Extraction) -> Extraction:
    return Extraction.objects.get(pk=run.pk)


def test_answers_come_back_as_they_were_given(run: Extraction) -> None:
    assert load_turns(fresh(run)) == TRACE.turns
    assert fresh(run).engine == "engine 1"


def test_log_commits_to_what_is_read_back(run: Extraction) -> None:
    assert committed(run) == commitments_to(fresh(run))
    assert set(committed(run)) == {"answers", "pages", "values"}


@pytest.mark.parametrize(
    ("name", "alter"),
    [
        ("values", lambda run: overwrite(FieldValue.objects.filter(extraction=run, path="total"), raw="99.00")),
        ("values", lambda run: FieldValue.objects.filter(extraction=run, path="total").update(confidence=0.9)),
        ("values", lambda run: FieldValue.objects.filter(extraction=run, path="total").delete()),
        ("answers", lambda run: overwrite(ModelAnswer.objects.filter(extraction=run, position=0), answer=b"{}")),
        ("pages", lambda run: overwrite(Extraction.objects.filter(pk=run.pk), page_digests=["b" * 64])),
    ],
)
def test_each_part_that_is_altered_behind_the_log_shows(run: Extraction, name: str, alter) -> None:
    alter(run)

    assert {key for key, value in commitments_to(fresh(run)).items() if committed(run)[key] != value} == {name}


def test_commitments_tell_nothing_without_the_salt(run: Extraction) -> None:
    before = commitments_to(run)
    run.salt = "0" * 32

    assert not set(before.values()) & set(commitments_to(run).values())


def test_run_of_an_earlier_release_made_no_commitments(run: Extraction) -> None:
    run.salt = ""

    assert commitments_to(run) == {}


def test_page_digest_is_the_same_each_time_it_is_read_and_changes_with_a_word(run: Extraction) -> None:
    again = page_digests(load_read_document(run.document).pages)
    assert list(again) == run.page_digests

    page = Page.objects.get(document=run.document)
    page.words[0][0] = "Another"
    page.save()
    assert page_digests(load_read_document(run.document).pages) != again


def test_texts_are_kept_once_under_their_digest(db: None) -> None:
    keep_texts({text_digest("reader 1"): "reader 1"})
    keep_texts({text_digest("reader 1"): "reader 1"})

    assert DigestText.objects.get().digest == hashlib.sha256(b"reader 1").hexdigest()


def test_answers_die_with_their_run(run: Extraction) -> None:
    run.document.current_extraction = None
    run.document.save()
    run.delete()

    assert ModelAnswer.objects.count() == 0


def test_second_answer_in_one_place_is_refused(run: Extraction) -> None:
    first = run.answers.get(position=0)
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)
