"""Which documents are under a legal hold. The database keeps the list (see guards.py); this reads it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from appliance.compliance.models import HeldDocument, LegalHold


def holds_on(document_id: UUID) -> list[LegalHold]:
    """Holds in force that cover the document, the oldest first."""
    found = LegalHold.objects.filter(released_at=None, held__document_id=document_id)
    return list(found.select_related("placed_by").order_by("placed_at"))


def names_of_holds_on(document_ids: Collection[UUID]) -> list[str]:
    found = LegalHold.objects.filter(released_at=None, held__document_id__in=document_ids)
    return list(found.order_by("name").values_list("name", flat=True).distinct())


def is_held() -> Exists:
    """For filters and annotations over documents."""
    return Exists(HeldDocument.objects.filter(document_id=OuterRef("pk"), hold__released_at=None))
