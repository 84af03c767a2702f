"""The two kinds of work on a document, and the sweeper. A message brings a job's id; the rest is in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import shared_task

from appliance.audit.context import Actor, acting_as
from appliance.documents import blobs, engine, failures, jobs
from appliance.documents.errors import InternalError, StorageFull
from appliance.documents.extracting import (
    ExtractionWork,
    begin_extraction,
    document_type_of,
    reuse_extraction,
    store_extraction,
)
from appliance.documents.jobs import Claim, StaleClaim
from appliance.documents.lease_keeper import kept_alive
from appliance.documents.reading import ReadingWork, begin_reading, store_reading
from appliance.documents.room import is_used_up, told_when_full
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.serving import alarms
from appliance.retraining.serving.shadowing import queue_try_outs
from extraction.digests import digests_of
from extraction.errors import ModelUnavailable, StrongroomError
from extraction.grammar_check import refuse_untried
from extraction.language_model import LanguageModel
from extraction.pipeline import extract
from extraction.read import reader_text
from extraction.transcript import Recorder

log = logging.getLogger(__name__)


@shared_task
def read_document(job_id: int) -> None:
    with acting_as(Actor("reader", "worker")):
        if is_used_up():  # before the job is taken, so that a full disk uses up no attempts
            jobs.postpone(job_id, StorageFull.code)
            return
        work = begin_reading(job_id=job_id)
        if work is not None:
            guarded(work.claim, lambda: read_one(work))


@shared_task
def extract_document(job_id: int) -> None:
    with acting_as(Actor("extractor", "worker")):
        document_type = document_type_of(job_id)
        model = _model_for(job_id, document_type)
        work = begin_extraction(job_id=job_id, document_type=document_type) if model is not None else None
        if model is not None and work is not None:
            guarded(work.claim, lambda: extract_one(work, model))
            engine.model_holder.warm_previous()


@shared_task
def sweep() -> None:
    with acting_as(Actor("sweeper", "worker")):
        rung, given_up = failures.sweep()
    if rung or given_up:
        log.info("swept: rang for %s jobs, gave up %s", rung, given_up)


def guarded(claim: Claim, work: Callable[[], None]) -> None:
    """Do the work while the lease is kept alive. Whatever goes wrong is recorded on the document."""
    try:
        with kept_alive(claim):
            work()
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
    except StrongroomError as error:
        log.info("job %s: %s", claim.job_id, error.code)
        _record_failure(claim, error)
    except Exception as error:  # the task wrapper: any bug must end in a state that a person can see
        log.exception("job %s", claim.job_id)
        _record_failure(claim, InternalError(repr(error)))


def read_one(work: ReadingWork) -> None:
    content = blobs.get(work.document.sha256, document_id=work.document.pk)
    read = engine.reader().read(content, untrusted_name=work.document.untrusted_name, limits=engine.reading_limits())
    with told_when_full():
        store_reading(claim=work.claim, read=read, reader_text=reader_text())


def extract_one(work: ExtractionWork, model: LanguageModel) -> None:
    spec = work.type_version.spec
    refuse_untried(spec, work.type_version.grammar_digest)
    digests = digests_of(work.document.reader_digest, spec, model)
    if reuse_extraction(work=work, digests=digests):
        return
    read, recorder = load_read_document(work.document), Recorder(model)
    extraction = extract(read, spec, recorder)
    stored = store_extraction(work=work, extraction=extraction, trace=engine.trace_of(recorder, read))
    queue_try_outs(stored)


def _model_for(job_id: int, document_type: str) -> LanguageModel | None:
    """Asked for before the job is taken, so that a box without a model uses up no attempts of its documents."""
    try:
        serving = engine.model_holder.current(document_type)
        alarms.note(serving, document_type)
        if serving.model is None:
            raise ModelUnavailable(serving.trouble)
    except ModelUnavailable as error:
        log.info("job %s: %s", job_id, error.code)
        failures.wait_for_model(job_id=job_id, error=error)
        return None
    return serving.model


def _record_failure(claim: Claim, error: StrongroomError) -> None:
    try:
        failures.fail(claim=claim, error=error)
    except StaleClaim as stale:
        log.warning("thrown away: %s", stale)
