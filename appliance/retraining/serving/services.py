"""What a person does to the models at work: going back at once, and trying a candidate out on live documents."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.compliance.promotion import digest_in_force, roll_back
from appliance.retraining.models import ShadowRun
from appliance.retraining.serving.errors import AlreadyTriedOut, NothingToTryOut, TryOutEnded
from models_store import store

__all__ = ["begin_shadow", "end_shadow", "roll_back"]

MOST_DOCUMENTS = 10_000
BY_HAND, ENOUGH, IN_FORCE = "by hand", "enough", "in force"


@transaction.atomic
def begin_shadow(*, by: Person, digest: str, documents: int) -> ShadowRun:
    """The candidate reads so many of the documents to come, beside the model in force; an adapter those of its type.

    Raises AlreadyTriedOut, NothingToTryOut, StoreUnreadable, or ValueError for a number out of 1 to MOST_DOCUMENTS.
    """
    if not 1 <= documents <= MOST_DOCUMENTS:
        raise ValueError(f"{documents} documents")
    try:
        document_type = store.read_card(digest, root=settings.MODELS_STORE_ROOT).document_type
        store.files_of(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise NothingToTryOut from error
    if digest_in_force(document_type) == digest:
        raise NothingToTryOut
    try:
        with transaction.atomic():
            run = ShadowRun.objects.create(
                model_digest=digest, document_type=document_type, documents_wanted=documents, begun_by=by, version=1
            )
    except IntegrityError as error:
        raise AlreadyTriedOut from error
    _record(Action.SHADOW_BEGUN, run, f"{documents} documents")
    return run


@transaction.atomic
def end_shadow(*, shadow_id: int, because: str = BY_HAND) -> ShadowRun:
    """By a person, or by the worker when it has enough, the model is in force, or it fails. Raises TryOutEnded."""
    run = ShadowRun.objects.select_for_update().get(pk=shadow_id)
    if run.ended_at is not None:
        raise TryOutEnded
    run.ended_at, run.ended_because, run.version = timezone.now(), because, run.version + 1
    run.save(update_fields=("ended_at", "ended_because", "version"))
    _record(Action.SHADOW_ENDED, run, f"{because}: {run.results.count()} of {run.documents_wanted} documents")
    return run


def _record(action: Action, run: ShadowRun, reason: str) -> None:
    subject = Subject("shadow_run", str(run.pk), run.version)
    record(action, subject=subject, reason=reason, evidence=Evidence(digests={"model": run.model_digest}))
