"""A new key for the box: it is put in front, the data keys are encrypted anew under it, the old one is removed.

Every step may be cut short and run again. What the data keys encrypt stays as it is, so even a large box takes minutes.
With the last old key goes every copy of a destroyed data key, in backups and unused blocks of the disk as well.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.sealing import keyset
from appliance.sealing.errors import SealingError
from appliance.sealing.keys import hold_keyset, rewrap
from appliance.sealing.models import DataKey

BATCH = 500


class StillInUse(SealingError):
    """Data keys are encrypted under the old key, so it cannot be removed."""


def is_under_way() -> bool:
    """A rotation was begun and some data keys are still encrypted under an old key."""
    return DataKey.objects.exclude(kek_id=keyset.current().primary).exists()


@transaction.atomic
def begin() -> int:
    """Put a new primary into the keyset; from here on new data keys are encrypted under it. Returns its id."""
    hold_keyset(alone=True)
    old = keyset.current().primary
    new = keyset.add_primary(keyset.path())
    _record(f"new key {new}", old=old, new=new)
    return new


def rewrap_all(say: Callable[[int], None]) -> int:
    """Encrypt all data keys under the primary, in batches; `say` takes how many are done. Raises SealBroken."""
    done = 0
    while count := _rewrap_batch():
        done += count
        say(done)
    if done:
        with transaction.atomic():
            _record(f"{done} data keys under key {keyset.current().primary}", new=keyset.current().primary)
    return done


@transaction.atomic
def remove_old() -> tuple[int, ...]:
    """Forget every key but the primary; returns their ids. Raises StillInUse."""
    hold_keyset(alone=True)
    keys = keyset.current()
    if DataKey.objects.exclude(kek_id=keys.primary).exists():
        raise StillInUse
    old = tuple(sorted(keys.ids - {keys.primary}))
    if old:
        _record(f"removed: {', '.join(map(str, old))}", new=keys.primary)
        keyset.remove(keyset.path(), old)
    return old


@transaction.atomic
def _rewrap_batch() -> int:
    hold_keyset()
    keys = keyset.current()
    batch = list(DataKey.objects.select_for_update().exclude(kek_id=keys.primary).order_by("pk")[:BATCH])
    for key in batch:
        rewrap(key, keys)
    DataKey.objects.bulk_update(batch, ["wrapped", "kek_id"])
    return len(batch)


def _record(reason: str, **ids: int) -> None:
    digests = {f"{name}_key": str(key_id) for name, key_id in ids.items()}
    record(Action.SEALING_KEY_CHANGED, subject=Subject("keyset", "sealing"), reason=reason, evidence=Evidence(digests))
