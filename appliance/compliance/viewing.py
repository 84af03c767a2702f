"""Looking at these pages is an act too: who looked at what, written into the log."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Subject, record


@transaction.atomic
def note_page_viewed(*, page: str, about: str = "") -> None:
    """`page` and `about` are ours (a name of a page, an id), never text that somebody typed."""
    record(Action.COMPLIANCE_VIEWED, subject=Subject("page", page), reason=about)


@transaction.atomic
def note_keeping_viewed(*, document_id: UUID) -> None:
    record(Action.COMPLIANCE_VIEWED, subject=Subject("document", str(document_id)), reason="keeping and deletion")


@transaction.atomic
def note_rights_exported() -> None:
    record(Action.RIGHTS_EXPORTED, subject=Subject("page", "rights"), reason="csv")
