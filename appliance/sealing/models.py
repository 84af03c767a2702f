"""The data keys. A row that goes takes everything with it that was encrypted under it, wherever copies lie."""

from __future__ import annotations

from django.db import models


class DataKey(models.Model):
    """The data key of one document, encrypted under the key `kek_id` of the box's keyset.

    No foreign key: it is made before its document, because the first bytes are encrypted before the row is written.
    """

    document_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    kek_id = models.BigIntegerField(db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key of {self.document_id}"
