"""Which key signs checkpoints of which size: the first one, and what each recorded rotation changed it to."""

from __future__ import annotations

import base64
import binascii
import json

from appliance.audit.actions import Action
from appliance.audit.key_files import first_public_line, log_id
from appliance.audit.log.stored_tree import TreeDamaged
from appliance.audit.models import AuditEvent
from appliance.audit.tree.notes import BadNote, PublicKey


def first_key() -> PublicKey:
    """Raises KeysMissing."""
    return PublicKey.parse(first_public_line())


def key_for(size: int) -> PublicKey:
    """The key that signs checkpoints of this size. Raises KeysMissing; TreeDamaged for a false rotation."""
    key = first_key()
    for rotation in _rotations(size):
        key = _next_key(key, rotation)
    return key


def earlier_keys(size: int) -> list[PublicKey]:
    """Those that signed before the key that signs checkpoints of this size."""
    keys = [first_key()]
    for rotation in _rotations(size):
        keys.append(_next_key(keys[-1], rotation))
    return keys[:-1]


def current_key() -> PublicKey:
    """The key that signs the next checkpoint."""
    return key_for(2**62)


def rotation_message(old: str, new: str) -> bytes:
    """What the old key signs; `old` and `new` are public key lines."""
    return f"strongroom key change/v1\n{log_id()}\n{old}\n{new}\n".encode()


def _rotations(size: int) -> list[dict[str, str]]:
    found = AuditEvent.objects.filter(action=Action.LOG_KEY_CHANGED, leaf__index__lt=size).order_by("leaf__index")
    return [json.loads(bytes(record))["digests"] for record in found.values_list("record", flat=True)]


def _next_key(key: PublicKey, rotation: dict[str, str]) -> PublicKey:
    try:
        new = PublicKey.parse(rotation["new_key"])
        signature = base64.b64decode(rotation["signature"], validate=True)
    except (KeyError, BadNote, binascii.Error) as error:
        raise TreeDamaged("The log holds a change of its key that is none.") from error
    if rotation["old_key"] != key.line or not key.signed(signature, rotation_message(key.line, new.line)):
        raise TreeDamaged("The log holds a change of its key that the old key did not sign.")
    return new
