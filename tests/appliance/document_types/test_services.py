"""Changes of document types: what they leave behind, in the tables and in the log."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types import services
from appliance.document_types.errors import NoDraft, NothingToPublish, TypeChangedMeanwhile, TypeNameTaken
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from extraction.errors import SchemaError
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.shipped_types import shipped_types

TICKET = DocumentTypeSpec(name="ticket", label="Ticket", fields=(FieldSpec(name="price", kind=Kind.AMOUNT),))
TICKET_WITH_DATE = TICKET.model_copy(update={"fields": (*TICKET.fields, FieldSpec(name="day", kind=Kind.DATE))})


def log() -> list[tuple[str, str, int, str]]:
    """Oldest first: action, object, its version, reason."""
    events = AuditEvent.objects.filter(object_type="document_type").order_by("id")
    return [(e.action, e.object_id, e.object_version, e.reason) for e in events]


def published_ticket(by: Person) -> DocumentType:
    document_type = services.create_type(spec=TICKET, by=by)
    services.publish(document_type=document_type, by=by)
    document_type.refresh_from_db()
    return document_type


def test_a_type_from_draft_to_second_version_leaves_every_step_in_the_log(adam: Person) -> None:
    document_type = published_ticket(adam)
    services.save_draft(document_type=document_type, spec=TICKET_WITH_DATE, by=adam)
    document_type.refresh_from_db()
    second = services.publish(document_type=document_type, by=adam)
    assert (second.number, second.spec, second.digest) == (2, TICKET_WITH_DATE, TICKET_WITH_DATE.digest)
    assert log() == [
        ("type_created", "ticket", 1, ""),
        ("type_published", "ticket", 2, "version 1"),
        ("type_edited", "ticket", 3, "draft of version 2"),
        ("type_published", "ticket", 4, "version 2"),
    ]


def test_save_draft_replaces_the_one_draft(adam: Person) -> None:
    document_type = services.create_type(spec=TICKET, by=adam)
    services.save_draft(document_type=document_type, spec=TICKET_WITH_DATE, by=adam)
    assert [v.spec for v in DocumentTypeVersion.objects.all()] == [TICKET_WITH_DATE]


def test_save_draft_refuses_what_somebody_changed_meanwhile(adam: Person) -> None:
    document_type = services.create_type(spec=TICKET, by=adam)
    stale = DocumentType.objects.get(pk=document_type.pk)
    services.save_draft(document_type=document_type, spec=TICKET_WITH_DATE, by=adam)
    with pytest.raises(TypeChangedMeanwhile):
        services.save_draft(document_type=stale, spec=TICKET, by=adam)
    assert [v.spec for v in DocumentTypeVersion.objects.all()] == [TICKET_WITH_DATE]


def test_save_draft_refuses_another_name(adam: Person) -> None:
    document_type = services.create_type(spec=TICKET, by=adam)
    with pytest.raises(SchemaError):
        services.save_draft(document_type=document_type, spec=TICKET.model_copy(update={"name": "pass"}), by=adam)


def test_create_type_refuses_a_name_that_is_taken(adam: Person) -> None:
    services.create_type(spec=TICKET, by=adam)
    with pytest.raises(TypeNameTaken):
        services.create_type(spec=TICKET_WITH_DATE, by=adam)


def test_publish_refuses_a_draft_like_the_version_in_use(adam: Person) -> None:
    document_type = published_ticket(adam)
    services.save_draft(document_type=document_type, spec=TICKET, by=adam)
    document_type.refresh_from_db()
    with pytest.raises(NothingToPublish):
        services.publish(document_type=document_type, by=adam)


def test_discard_draft_removes_it_and_a_second_time_refuses(adam: Person) -> None:
    document_type = services.discard_draft(document_type=services.create_type(spec=TICKET, by=adam))
    assert DocumentTypeVersion.objects.count() == 0
    with pytest.raises(NoDraft):
        services.discard_draft(document_type=document_type)


def test_archive_and_unarchive_are_recorded_once_each(adam: Person) -> None:
    document_type = services.archive(document_type=services.create_type(spec=TICKET, by=adam))
    services.archive(document_type=document_type)
    assert services.unarchive(document_type=document_type).archived is False
    assert log()[1:] == [
        ("type_archived", "ticket", 2, ""),
        ("type_restored", "ticket", 3, ""),
    ]


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_published_version_never_changes_in_the_database(adam: Person, change: str) -> None:
    published_ticket(adam)
    rows = DocumentTypeVersion.objects.all()
    with pytest.raises(DatabaseError, match="published and never changes"), transaction.atomic():
        rows.update(digest="0" * 64) if change == "update" else rows.delete()
    assert rows.get().digest == TICKET.digest


@pytest.mark.parametrize("change", ["update", "delete"])
def test_control_a_draft_does_change_in_the_database(adam: Person, change: str) -> None:
    services.create_type(spec=TICKET, by=adam)
    rows = DocumentTypeVersion.objects.all()
    assert (rows.update(digest="0" * 64) if change == "update" else rows.delete()[0]) == 1


def test_import_type_makes_a_type_then_a_draft_of_it(adam: Person) -> None:
    document_type = services.import_type(spec=TICKET, by=adam)
    services.publish(document_type=document_type, by=adam)
    services.import_type(spec=TICKET_WITH_DATE, by=adam)
    found = DocumentTypeVersion.objects.order_by("number")
    assert [(v.number, v.spec, v.is_published) for v in found] == [(1, TICKET, True), (2, TICKET_WITH_DATE, False)]


@pytest.mark.django_db
def test_publish_shipped_types_publishes_each_once() -> None:
    names = tuple(spec.name for spec in shipped_types())
    assert (services.publish_shipped_types(), services.publish_shipped_types()) == (names, ())
    found = DocumentTypeVersion.objects.order_by("document_type__name")
    assert [(v.number, v.spec) for v in found] == [(1, spec) for spec in shipped_types()]


@pytest.mark.django_db
def test_publish_shipped_types_adds_a_version_when_the_product_brings_another() -> None:
    older = shipped_types()[0].model_copy(update={"description": "as shipped a year ago"})
    services._publish_shipped(older)
    services.publish_shipped_types()
    found = DocumentTypeVersion.objects.filter(document_type__name=older.name).order_by("number")
    assert [(v.number, v.spec) for v in found] == [(1, older), (2, shipped_types()[0])]


def test_publish_shipped_types_leaves_a_type_alone_that_the_site_edited(adam: Person) -> None:
    shipped = shipped_types()[0]
    services._publish_shipped(shipped.model_copy(update={"description": "as shipped a year ago"}))
    document_type = DocumentType.objects.get(name=shipped.name)
    services.save_draft(document_type=document_type, spec=shipped.model_copy(update={"label": "Ours"}), by=adam)
    assert shipped.name not in services.publish_shipped_types()
