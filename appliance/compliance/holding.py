"""Which documents are under a legal hold. The database keeps the list (see guards.py); this reads it.

But for holds that ask for a part of a name: names are encrypted in the database, so those are applied here.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from appliance.compliance.models import HeldDocument, LegalHold, Scope
from appliance.documents.models import Document
from appliance.documents.names import is_named


def holds_on(document_id: UUID) -> list[LegalHold]:
    """Holds in force that cover the document, the oldest first."""
    found = LegalHold.objects.filter(released_at=None, held__document_id=document_id)
    return list(found.select_related("placed_by").order_by("placed_at"))


def names_of_holds_on(document_ids: Collection[UUID]) -> list[str]:
    found = LegalHold.objects.filter(released_at=None, held__document_id__in=document_ids)
    return list(found.order_by("name").values_list("name", flat=True).distinct())


def cover_by_name(document: Document) -> None:
    """Put a document that is new, or whose type is new, under the holds that ask for a part of its name.

    Those that do not are seen to by the database itself. Called in the transaction of the change and after it: the
    guards then hold the lock that a hold waits for while it is placed.
    """
    asking = LegalHold.objects.filter(released_at=None).exclude(scope=Scope.LIST).exclude(name_contains="")
    covering = [hold for hold in asking if _fits(hold, document)]
    rows = [HeldDocument(hold=hold, document_id=document.pk) for hold in covering]
    HeldDocument.objects.bulk_create(rows, ignore_conflicts=True)


def _fits(hold: LegalHold, document: Document) -> bool:
    begins, ends = hold.uploaded_from, hold.uploaded_before
    return (
        hold.document_type_id in (None, document.document_type_id)
        and (begins is None or document.uploaded_at >= begins)
        and (ends is None or document.uploaded_at < ends)
        and is_named(document.untrusted_name, hold.name_contains)
    )


def is_held() -> Exists:
    """For filters and annotations over documents."""
    return Exists(HeldDocument.objects.filter(document_id=OuterRef("pk"), hold__released_at=None))
