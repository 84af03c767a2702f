"""Putting a model in force, or going back to the one before: one person asks, a second one approves.

Two places must agree: the database, which holds approval and record, and the pointer of the store, a file. They cannot
change at once, so the database goes first: the transaction of the approval records the promotion together with a row
whose pointer has not moved. Only after the commit the pointer moves, and then the row is closed.
- A crash before the commit: nothing happened, the request still waits.
- A crash after the commit, before the pointer moved: the row is open, the model before stays in force, and both pages
  say so. The next call of `move_pointer` (every minute, and at each start) finishes the work.
- A crash after the pointer moved, before the row was closed: moving it again to the same model changes nothing.
The other order could leave a model in force of which the log knows nothing. A process that may only read the store,
like the web server of the isolated installation, leaves the moving to the next call as well.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, Subject, record
from appliance.compliance.asking import Wanted, ask
from appliance.compliance.errors import ModelInForce, ModelUnsound, StoreUnreadable
from appliance.compliance.models import Approval, Kind, Promotion
from appliance.retraining.queries import check_integrity
from models_store import store
from models_store.card import ModelState

log = logging.getLogger(__name__)


@transaction.atomic
def ask_promotion(*, by: Person, digest: str, reason: str) -> Approval:
    """Raises ModelInForce, StoreUnreadable (also for a digest that the store does not hold) or AlreadyAsked."""
    in_force = digest_in_force()
    if in_force == digest:
        raise ModelInForce
    root = settings.MODELS_STORE_ROOT
    try:
        card = store.read_card(digest, root=root)
        goes_back = store.state_of(digest, root=root) is ModelState.PREVIOUS
    except store.StoreError as error:
        raise StoreUnreadable from error
    # The name is kept, so that a list of requests reads nothing from the store and outlives what stands in it.
    details = {"name": card.name, "instead_of": in_force, "goes_back": goes_back}
    return ask(by=by, wanted=Wanted(Kind.PROMOTE_MODEL, reason, subject=digest, details=details))


def promote(approval: Approval) -> None:
    """The act of an approved request. Raises ModelUnsound, ModelInForce or StoreUnreadable."""
    digest = approval.subject
    try:
        is_sound = check_integrity(digest).is_sound
    except OSError as error:
        raise StoreUnreadable from error
    if not is_sound:
        raise ModelUnsound
    _one_at_a_time()
    before = digest_in_force()
    if before == digest:
        raise ModelInForce
    Promotion.objects.create(approval=approval, digest=digest, instead_of=before)
    version = AuditEvent.objects.filter(
        action=Action.MODEL_PROMOTED, object_type="model", object_id=digest, outcome="done"
    ).count()
    record(
        Action.MODEL_PROMOTED,
        subject=Subject("model", digest, version + 1),
        reason=f"approval {approval.pk}",
        evidence=Evidence(digests={"model": digest, "instead_of": before} if before else {"model": digest}),
    )
    transaction.on_commit(move_pointer, robust=True)


def digest_in_force() -> str:
    """By the newest promotion that the pointer does not show yet, else by the pointer; "" where no model is in force.

    Raises StoreUnreadable.
    """
    coming = Promotion.objects.filter(moved_at=None).last()
    if coming is not None:
        return coming.digest
    try:
        pointer = store.read_pointer(root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise StoreUnreadable from error
    return pointer.production if pointer else ""


@transaction.atomic
def move_pointer() -> bool:
    """Point the store to the model that was approved last. Returns whether there was something to do and it is done.

    May run again at any time. Where the store cannot be written or the weights were damaged meanwhile, the model
    before stays in force and the next call tries again.
    """
    _one_at_a_time()
    unmoved = list(Promotion.objects.filter(moved_at=None))
    if not unmoved:
        return False
    newest = unmoved[-1]  # those before it are overtaken
    try:
        store.promote(newest.digest, root=settings.MODELS_STORE_ROOT)
    except (store.StoreError, OSError) as error:
        log.warning("the approved model %s is not in force yet: %s", newest.digest, error)
        return False
    Promotion.objects.filter(pk__in=[one.pk for one in unmoved]).update(moved_at=timezone.now())
    return True


def _one_at_a_time() -> None:
    """Until the end of the transaction: the log's order of promotions is the order in which the pointer moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('compliance.promotion', 0))")
