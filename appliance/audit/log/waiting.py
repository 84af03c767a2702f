"""Sensitive acts are answered only when their record is in the tree, where it cannot be taken back any more."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection, transaction

from appliance.audit.log.sequencer import LOCK
from appliance.audit.log.sequencing import integrate, resume
from appliance.audit.models import AuditEvent, Leaf

_POLL_SECONDS = 0.05


class NotIntegrated(Exception):
    """The record of an act is kept, but not in the tree within the time allowed."""

    code = "log_held_up"


def wait_until_integrated(event: AuditEvent | int, *, seconds: float = 5.0) -> Leaf:
    """The event's place in the tree. Raises NotIntegrated. Call it after the commit: nobody sees the event before."""
    pk = event if isinstance(event, int) else event.pk
    if settings.AUDIT_WAIT == "inline":
        sequence_here()
    deadline = time.monotonic() + seconds
    while True:
        leaf = Leaf.objects.filter(event=pk).first()
        if leaf is not None:
            return leaf
        if time.monotonic() > deadline:
            raise NotIntegrated(f"event {pk} was not put into the tree within {seconds} s")
        time.sleep(_POLL_SECONDS)


@transaction.atomic
def sequence_here() -> None:
    """One batch in this very process: where no sequencer runs beside, as in tests and at the set-up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    integrate(resume())
