"""Requests, holds and deletions, made by the services themselves."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.compliance.asking import ask_deletion
from appliance.compliance.deciding import approve
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import Approval, LegalHold, Scope
from appliance.documents.models import Document
from tests.appliance.cast import make_person

GUARDS = (
    ("documents_document", "compliance_keep"),
    ("documents_page", "documents_page_keep"),
    ("documents_extraction", "documents_extraction_keep"),
    ("documents_fieldvalue", "documents_fieldvalue_keep"),
    ("review_decision", "review_decision_keep"),
)


def second_officer() -> Person:
    return make_person("otto", Role.OFFICER, full_name="Otto Officer")


def asked(by: Person | None, *documents: Document) -> Approval:
    return ask_deletion(by=by, document_ids=[document.pk for document in documents], reason="Sent in by mistake.")


def deleted(by: Person, second: Person, *documents: Document) -> Approval:
    return approve(approval_id=asked(by, *documents).pk, by=second, words="Agreed.")


def held(by: Person, *documents: Document, name: str = "Case 7") -> LegalHold:
    return held_ids(by, [document.pk for document in documents], name=name)


def held_ids(by: Person, ids: Collection[UUID], *, name: str = "Case 7") -> LegalHold:
    return place(by=by, name=name, reason="The court asked for it.", cover=Cover(Scope.LIST, documents=ids))


def lift_guards() -> None:
    """For controls only: what would happen if the database did not help. A rollback sets them again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # nothing may be pending
        for table, trigger in GUARDS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
