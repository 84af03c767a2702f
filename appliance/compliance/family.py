"""Which documents go together: an e-mail with what was attached to it, a file with its unread duplicates."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from appliance.documents.models import Document
from appliance.documents.states import State


def family_of(document_ids: Collection[UUID]) -> set[UUID]:
    """The documents themselves, all that was attached to them, and duplicates that only point at them.

    A duplicate that somebody had read after all has values of its own and stays.
    """
    family: set[UUID] = set(document_ids)
    found = family
    while found:
        next_to_them = Q(parent__in=found) | Q(duplicate_of__in=found, state=State.DUPLICATE)
        found = set(Document.objects.filter(next_to_them).exclude(pk__in=family).values_list("pk", flat=True))
        family |= found
    return family
