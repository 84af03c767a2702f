"""The mac of a record on its way into the tree: shows that the appliance wrote it, and not somebody in the database."""

from __future__ import annotations

import hashlib
import hmac

from django.db import transaction

from appliance.audit.key_files import stage_key
from appliance.audit.models import AuditEvent, Epoch, StagedRecord

_AT_ONCE = 5_000


def mac_of(record: bytes) -> bytes:
    """HMAC-SHA256 over the record's bytes, 32 bytes. Raises KeysMissing."""
    return hmac.digest(stage_key(), record, hashlib.sha256)


def mac_fits(record: bytes, mac: bytes) -> bool:
    return hmac.compare_digest(mac_of(record), mac)


@transaction.atomic
def stage_earlier_records() -> int:
    """Put events from before there was a tree on their way into it; returns how many. Only where no tree was begun.

    After that an event without a place in the tree is a finding, which nothing may cover up.
    """
    if Epoch.objects.exists() or StagedRecord.objects.exists():
        return 0
    events = AuditEvent.objects.order_by("pk").iterator(chunk_size=_AT_ONCE)
    rows = (StagedRecord(event=event, mac=mac_of(bytes(event.record))) for event in events)
    return len(StagedRecord.objects.bulk_create(rows, batch_size=_AT_ONCE))
