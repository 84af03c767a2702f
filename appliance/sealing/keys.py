"""A data key for each document: made with it, destroyed with it.

Keys in use stay in the memory of their process (the last `_AT_HAND`), never on a disk in clear.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from appliance.sealing import keyset
from appliance.sealing.cipher import KEY_BYTES, Cipher
from appliance.sealing.errors import KeyDestroyed
from appliance.sealing.models import DataKey

BOX = UUID(int=0)
"""Owns what comes from no document of this box, such as imported labels."""
_AT_HAND = 2048
_LOCK = "sealing.keyset"


def make_key(document_id: UUID) -> None:
    """A new data key for a document that has none yet; of two at the same moment one stays."""
    with transaction.atomic():
        hold_keyset()
        keys = keyset.current()
        wrapped = keys.wrap(os.urandom(KEY_BYTES), document_id.bytes)
        key = DataKey(document_id=document_id, wrapped=wrapped, kek_id=keys.primary)
        DataKey.objects.bulk_create([key], ignore_conflicts=True)


def destroy_keys(document_ids: Collection[UUID]) -> None:
    """What was encrypted for these documents can be read by nobody from here on, wherever copies lie."""
    DataKey.objects.filter(document_id__in=document_ids).delete()
    _cipher_of.cache_clear()


def destroy_unused_keys(*, among: QuerySet[Any, Any], idle_for: timedelta) -> int:
    """Keys of documents that never came to be: their upload was cut short. `among`: ids of those that are there."""
    old = DataKey.objects.filter(made_at__lte=timezone.now() - idle_for).exclude(pk=BOX)
    return old.exclude(document_id__in=among).delete()[0]


def cipher_of(document_id: UUID) -> Cipher:
    """Raises KeyDestroyed, KeysetMissing."""
    # The box's key may have been made by a transaction that was rolled back: what is remembered of it would seal what
    # nobody could open. A document's id goes with the transaction that made its key.
    return _cipher_of.__wrapped__(document_id) if document_id == BOX else _cipher_of(document_id)


def cipher_of_new(document_id: UUID) -> Cipher:
    """The same for a document that is being made: it gets its key here, unless it has one."""
    try:
        return cipher_of(document_id)
    except KeyDestroyed:
        make_key(document_id)
        return cipher_of(document_id)


@functools.lru_cache(maxsize=_AT_HAND)
def cipher_from(document_id: UUID, wrapped: bytes) -> Cipher:
    """The cipher of a key that was read along with what it encrypts. Raises SealBroken, KeysetMissing."""
    return cipher_class()(keyset.current().unwrap(wrapped, document_id.bytes))


def forget() -> None:
    """Empty this process's memory of keys."""
    _cipher_of.cache_clear()
    cipher_from.cache_clear()


def rewrap(key: DataKey, keys: keyset.Keyset) -> None:
    """Encrypt the key under the primary; what it encrypts itself stays as it is. Raises SealBroken."""
    about = key.document_id.bytes
    key.wrapped = keys.wrap(keys.unwrap(bytes(key.wrapped), about), about)
    key.kek_id = keys.primary


def hold_keyset(*, alone: bool = False) -> None:
    """Until the transaction ends no key leaves the keyset; `alone`: nobody makes a data key either."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [_LOCK])


def cipher_class() -> Callable[[bytes], Cipher]:
    """Of the product: `DocumentCipher`. A measurement may put one that does nothing in its place, to see the odds."""
    made: Callable[[bytes], Cipher] = import_string(settings.SEALING_CIPHER)
    return made


@functools.lru_cache(maxsize=_AT_HAND)
def _cipher_of(document_id: UUID) -> Cipher:
    found = DataKey.objects.filter(document_id=document_id).values_list("wrapped", flat=True).first()
    if found is None:
        raise KeyDestroyed(str(document_id))
    return cipher_from(document_id, bytes(found))
