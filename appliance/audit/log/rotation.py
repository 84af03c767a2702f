"""A new key for the log: recorded in it, signed by the old one."""

from __future__ import annotations

import base64

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.key_files import keep_signing_key, signing_key
from appliance.audit.log.key_history import current_key, rotation_message
from appliance.audit.models import AuditEvent, StagedRecord
from appliance.audit.record import Evidence, Subject, record
from appliance.audit.tree.notes import PublicKey
from appliance.audit.tree.signing import SigningKey


class RotationUnderWay(Exception):
    """A change of the key has been asked for and is not in the tree yet."""


@transaction.atomic
def rotate_key() -> PublicKey:
    """Make a new key and record it. It signs from the first checkpoint behind that record on; then the old one goes.

    Raises RotationUnderWay, KeysMissing where this process cannot read the signing keys.
    """
    if StagedRecord.objects.filter(event__action=Action.LOG_KEY_CHANGED, forged_at=None).exists():
        raise RotationUnderWay
    old = signing_key(current_key().key_id)
    new = SigningKey.new(old.name)
    keep_signing_key(new)
    _record(old, new)
    return new.public


def _record(old: SigningKey, new: SigningKey) -> AuditEvent:
    before, after = old.public.line, new.public.line
    signature = base64.b64encode(old.sign(rotation_message(before, after))).decode("ascii")
    evidence = Evidence(digests={"old_key": before, "new_key": after, "signature": signature})
    return record(Action.LOG_KEY_CHANGED, subject=Subject("log", "key"), evidence=evidence)
