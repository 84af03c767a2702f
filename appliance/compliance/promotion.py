"""Putting a model in force: one person asks, a second one approves. Going back at once: one person, see `roll_back`.

Two places must agree: the database, which holds approval and record, and the pointer of the store, a file. They cannot
change at once, so the database goes first: the transaction of the approval records the promotion together with a row
whose pointer has not moved. Only after the commit the pointer moves, and then the row is closed.
- A crash before the commit: nothing happened, a request still waits.
- A crash after the commit, before the pointer moved: the row is open, the model before stays in force, and both pages
  say so. The next call of `move_pointer` (every minute, and at each start) finishes the work.
- A crash after the pointer moved, before the row was closed: moving it again to the same model changes nothing.
The pointer is that of all types, or, for an adapter, that of the one document type that it was made for.
The other order could leave a model in force of which the log knows nothing. A process that may only read the store,
like the web server of the isolated installation, rings for a worker that may write; should nobody come, the next call
does it as well.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action, Outcome
from appliance.audit.canonical import commitment
from appliance.audit.models import AuditEvent
from appliance.audit.record import Evidence, Subject, record
from appliance.compliance.asking import Wanted, ask
from appliance.compliance.errors import (
    ModelInForce,
    ModelUnsound,
    NotJudged,
    NotMeasured,
    NoWayBack,
    StoreUnreadable,
    VerdictFailed,
)
from appliance.compliance.models import Approval, Kind, Promotion
from appliance.compliance.promotion_bell import ring_to_put_in_force
from appliance.retraining.serving.standing import Standing, standing_of
from models_store import store
from models_store.card import ModelState
from models_store.store import ALL_TYPES

log = logging.getLogger(__name__)


@transaction.atomic
def ask_promotion(*, by: Person, digest: str, reason: str) -> Approval:
    """Raises ModelInForce, StoreUnreadable (also for a digest that the store does not hold), VerdictFailed, NotJudged,
    NotMeasured or AlreadyAsked."""
    root = settings.MODELS_STORE_ROOT
    try:
        card = store.read_card(digest, root=root)
        goes_back = store.state_of(digest, root=root) is ModelState.PREVIOUS
    except store.StoreError as error:
        raise StoreUnreadable from error
    in_force = digest_in_force(card.document_type)
    if in_force == digest:
        raise ModelInForce
    _refuse_unfit(digest)
    # The name is kept, so that a list of requests reads nothing from the store and outlives what stands in it.
    details = {
        "name": card.name,
        "instead_of": in_force,
        "goes_back": goes_back,
        "document_type": card.document_type,
    }
    return ask(by=by, wanted=Wanted(Kind.PROMOTE_MODEL, reason, subject=digest, details=details))


def promote(approval: Approval) -> None:
    """The act of an approved request. Raises ModelUnsound, ModelInForce, StoreUnreadable, VerdictFailed, NotJudged or
    NotMeasured: a measurement may have come after the request."""
    digest, document_type = approval.subject, approval.details.get("document_type", ALL_TYPES)
    _refuse_unsound(digest)
    _refuse_unfit(digest)
    _one_at_a_time()
    before = digest_in_force(document_type)
    if before == digest:
        raise ModelInForce
    made = Promotion.objects.create(approval=approval, document_type=document_type, digest=digest, instead_of=before)
    _record(Action.MODEL_PROMOTED, made, reason=f"approval {approval.pk}")
    transaction.on_commit(_move_or_ring, robust=True)


@dataclass(frozen=True, slots=True)
class WayBack:
    """Two digests."""

    leaves: str
    returns_to: str


def way_back(document_type: str = ALL_TYPES) -> WayBack:
    """What going back at once would do. Raises NoWayBack or StoreUnreadable.

    It leads to the model that answered before the one in force came by two persons; so it cannot be used twice in a
    row, which would put the model that was left in force again by one person's word. A type that has an adapter for the
    first time goes back to the model of all types.
    """
    newest = Promotion.objects.filter(document_type=document_type).last()
    if newest is not None and newest.put_back_by_id is not None:
        raise NoWayBack
    pointer = _pointer(document_type)
    if pointer is None and newest is None:
        raise NoWayBack
    leaves = digest_in_force(document_type)
    returns_to = _before(leaves, pointer or store.Pointer(""))
    if not returns_to and document_type:
        returns_to = digest_in_force()
    if not returns_to or returns_to == leaves:
        raise NoWayBack
    return WayBack(leaves, returns_to)


def _before(leaves: str, pointer: store.Pointer) -> str:
    """Where the pointer has not moved yet to the one that is left, it still names the one before."""
    return pointer.previous if leaves == pointer.production else pointer.production


@transaction.atomic
def roll_back(*, by: Person, reason: str, document_type: str = ALL_TYPES) -> Promotion:
    """Put the model before in force again, at once and by one person. Raises NoWayBack, ModelUnsound or
    StoreUnreadable."""
    _one_at_a_time()
    way = way_back(document_type)
    _refuse_unsound(way.returns_to)
    made = Promotion.objects.create(
        put_back_by=by, reason=reason, document_type=document_type, digest=way.returns_to, instead_of=way.leaves
    )
    _record(Action.MODEL_ROLLED_BACK, made, commitments={"reason": commitment(reason, made.salt)})
    transaction.on_commit(_move_or_ring, robust=True)
    return made


def digest_in_force(document_type: str = ALL_TYPES) -> str:
    """Who answers documents of a type: by the newest promotion that the pointer does not show yet, else by the pointer.

    "" where no model is in force. Raises StoreUnreadable.
    """
    coming = Promotion.objects.filter(moved_at=None, document_type=document_type).last()
    if coming is not None:
        return coming.digest
    pointer = _pointer(document_type)
    own = pointer.production if pointer else ""
    return own or (digest_in_force() if document_type else "")


def types_with_their_own() -> tuple[str, ...]:
    """Document types whose documents an adapter answers, by name. Raises StoreUnreadable."""
    try:
        known = store.type_pointers(root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise StoreUnreadable from error
    coming = Promotion.objects.filter(moved_at=None).exclude(document_type=ALL_TYPES)
    names = {*known, *coming.values_list("document_type", flat=True)}
    general = digest_in_force()
    return tuple(sorted(name for name in names if digest_in_force(name) != general))


@transaction.atomic
def move_pointer() -> bool:
    """Point the store to the models that were approved last. Returns whether there was something to do and it is done.

    May run again at any time. Where the store cannot be written or the weights were damaged meanwhile, the model
    before stays in force and the next call tries again.
    """
    _one_at_a_time()
    unmoved = list(Promotion.objects.filter(moved_at=None))
    newest = {one.document_type: one for one in unmoved}  # those before it are overtaken
    moved = {document_type for document_type, one in newest.items() if _point_to(one)}
    done = [one.pk for one in unmoved if one.document_type in moved]
    Promotion.objects.filter(pk__in=done).update(moved_at=timezone.now())
    return bool(unmoved) and len(done) == len(unmoved)


def _point_to(promotion: Promotion) -> bool:
    digest = promotion.digest
    try:
        store.promote(digest, root=settings.MODELS_STORE_ROOT, document_type=promotion.document_type)
    except (store.StoreError, OSError) as error:
        log.warning("the approved model %s is not in force yet: %s", digest, error)
        return False
    return True


def _move_or_ring() -> None:
    if not move_pointer():
        ring_to_put_in_force()


def _pointer(document_type: str) -> store.Pointer | None:
    try:
        return store.read_pointer(root=settings.MODELS_STORE_ROOT, document_type=document_type)
    except store.StoreError as error:
        raise StoreUnreadable from error


def _refuse_unsound(digest: str) -> None:
    """Reads all the weights. Raises ModelUnsound or StoreUnreadable."""
    try:
        store.verify(digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise ModelUnsound from error
    except OSError as error:
        raise StoreUnreadable from error


def _refuse_unfit(digest: str) -> None:
    """Raises VerdictFailed, NotJudged or NotMeasured."""
    standing = standing_of(digest)
    if standing is Standing.FAILED:
        raise VerdictFailed
    if standing is Standing.UNJUDGED:
        raise NotJudged
    if standing is Standing.TO_BE_MEASURED:
        raise NotMeasured


def _record(action: Action, made: Promotion, *, reason: str = "", commitments: Mapping[str, str] | None = None) -> None:
    digest, before = made.digest, made.instead_of
    version = AuditEvent.objects.filter(
        action=action, object_type="model", object_id=digest, outcome=Outcome.DONE
    ).count()
    told = [reason, f"for documents of the type {made.document_type} alone" if made.document_type else ""]
    record(
        action,
        subject=Subject("model", digest, version + 1),
        reason="; ".join(part for part in told if part),
        evidence=Evidence(
            digests={"model": digest, "instead_of": before} if before else {"model": digest}, commitments=commitments
        ),
    )


def _one_at_a_time() -> None:
    """Until the end of the transaction: the log's order of promotions is the order in which the pointer moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('compliance.promotion', 0))")
