"""A held document cannot be deleted: random sequences of what people, rules and administrators may do.

The machine keeps its own books of what is held, apart from the code that it tests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.compliance import deletion, retention
from appliance.compliance.asking import ask_deletion, ask_release
from appliance.compliance.deciding import approve, refuse
from appliance.compliance.errors import ComplianceError
from appliance.compliance.holding import cover_by_name
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import LegalHold, RetentionRule, Scope
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.documents.models import Document, Extraction, FieldValue, Page
from appliance.documents.states import State
from appliance.review.models import Decision
from tests.appliance.compliance.made import GUARDS, lift_guards

SEQUENCES = int(os.environ.get("STRONGROOM_SEQUENCES", "100"))
NAMES = ("invoice-4.pdf", "letter.pdf", "Case 7 invoice.pdf")
BY_SQL = (
    "DELETE FROM documents_document WHERE id = %(id)s",
    "DELETE FROM review_decision WHERE document_id = %(id)s",
    "DELETE FROM documents_page WHERE document_id = %(id)s",
    (
        "DELETE FROM documents_fieldvalue WHERE extraction_id IN"
        " (SELECT id FROM documents_extraction WHERE document_id = %(id)s)"
    ),
    "DELETE FROM documents_document WHERE true",
    "UPDATE documents_document SET id = gen_random_uuid() WHERE id = %(id)s",
    "DELETE FROM compliance_helddocument WHERE document_id = %(id)s",
    "UPDATE compliance_helddocument SET document_id = gen_random_uuid() WHERE document_id = %(id)s",
    "UPDATE compliance_legalhold SET released_at = now()",
    "UPDATE compliance_legalhold SET name_contains = 'nothing like it', document_type_id = NULL",
    "DELETE FROM compliance_legalhold",
    "TRUNCATE documents_document, compliance_helddocument CASCADE",
)

PARTS = {"page": Page, "run": Extraction, "decision": Decision}
which = st.integers(min_value=0, max_value=99)


class Deleters(RuleBasedStateMachine):
    """Acts on an empty box in a transaction of its own, which is undone at the end."""

    totals = {"sequences": 0, "attempts": 0, "deleted": 0, "checks": 0, "deletions_under_hold": 0}

    @initialize(kinds=st.lists(st.integers(0, 1), min_size=2, max_size=4))
    def begin(self, kinds: list[int]) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.totals["sequences"] += 1
        self.people = list(Person.objects.order_by("username"))
        self.types = list(DocumentType.objects.order_by("name"))
        self.documents: dict[UUID, tuple[int, str]] = {}
        self.held: dict[int, set[UUID]] = {}
        self.parts: dict[UUID, list[bool]] = {}
        self.open_ended: dict[int, Cover] = {}
        for kind in kinds:
            self.upload(kind, kind, 0, False)

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            self.totals["deleted"] += len(self.documents) - len(self._alive())
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    @rule(kind=st.integers(0, 1), name=st.integers(0, 2), near=which, attached=st.booleans())
    def upload(self, kind: int, name: int, near: int, attached: bool) -> None:
        parent = self._pick(near) if attached and self.documents else None
        document = _document(self.types[kind], NAMES[name], self.people[0], parent)
        self.documents[document.pk] = (kind, NAMES[name])
        self._cover(document.pk)

    @rule(number=which, kind=st.integers(0, 1))
    def change_type(self, number: int, kind: int) -> None:
        pk = self._pick(number)
        if Document.objects.filter(pk=pk).update(document_type=self.types[kind]):
            self.documents[pk] = (kind, self.documents[pk][1])
            cover_by_name(Document.objects.get(pk=pk))
            self._cover(pk)

    @rule(scope=st.sampled_from(Scope), number=which, kind=st.integers(0, 1))
    def hold(self, scope: Scope, number: int, kind: int) -> None:
        pk = self._pick(number)
        cover = {
            Scope.LIST: Cover(scope, documents=[pk]),
            Scope.TYPE: Cover(scope, document_type=self.types[kind]),
            Scope.FILTER: Cover(scope, name_contains="case 7"),
        }[scope]
        try:
            placed = place(by=self.people[number % 2], name=f"Hold {number}", reason="Court", cover=cover)
        except ComplianceError:
            return
        self.held[placed.pk] = set()
        self.open_ended[placed.pk] = cover
        for document_id in self._alive():
            self._cover(document_id, only=placed.pk)

    @precondition(lambda self: self.held)
    @rule(number=which, alone=st.booleans())
    def release(self, number: int, alone: bool) -> None:
        pk = sorted(self.held)[number % len(self.held)]
        try:
            request = ask_release(by=self.people[0], hold_id=pk, reason="Over")
            approve(approval_id=request.pk, by=self.people[0 if alone else 1], words="Yes")
        except ComplianceError:
            if alone:
                refuse(approval_id=request.pk, by=self.people[1], words="No")
            return
        self.held.pop(pk)
        self.open_ended.pop(pk)

    @rule(number=which, others=which)
    def delete_by_two(self, number: int, others: int) -> None:
        self.totals["attempts"] += 1
        chosen = {self._pick(number), self._pick(others)}
        try:
            with transaction.atomic():
                request = ask_deletion(by=self.people[0], document_ids=chosen, reason="Over")
                approve(approval_id=request.pk, by=self.people[1], words="Yes")
        except ComplianceError:
            pass

    @rule(kind=st.integers(0, 1))
    def retention_run(self, kind: int) -> None:
        self.totals["attempts"] += 1
        now = timezone.now()
        values = {"days": 0, "counts_from": "upload", "automatic": True, "rehearsed_at": now}
        RetentionRule.objects.update_or_create(document_type=self.types[kind], defaults=values)
        retention.run_all()

    @rule(number=which, statement=st.sampled_from(BY_SQL))
    def by_sql(self, number: int, statement: str) -> None:
        """As the owner of the tables, who is above the application but no superuser."""
        self.totals["attempts"] += 1
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, {"id": self._pick(number)} if "%(id)s" in statement else None)
        except DatabaseError:
            pass

    @rule(number=which)
    def by_queryset(self, number: int) -> None:
        self.totals["attempts"] += 1
        pk = self._pick(number)
        try:
            with transaction.atomic():
                Decision.objects.filter(document=pk).delete()
                Document.objects.filter(pk=pk).delete()
        except DatabaseError:
            pass

    @invariant()
    def what_is_held_is_there(self) -> None:
        if not getattr(self, "held", None):
            return
        kept = set().union(*self.held.values())
        self.totals["checks"] += bool(kept)
        now = parts_of(kept)
        lost = [pk for pk in kept if now.get(pk) != self.parts[pk]]
        self.totals["deletions_under_hold"] += len(lost)
        assert lost == [], f"{len(lost)} held documents were deleted, or a part of them"

    def _pick(self, number: int) -> UUID:
        return list(self.documents)[number % len(self.documents)]

    def _alive(self) -> set[UUID]:
        return set(Document.objects.filter(pk__in=self.documents).values_list("pk", flat=True))

    def _cover(self, pk: UUID, *, only: int | None = None) -> None:
        kind, name = self.documents[pk]
        for hold, cover in self.open_ended.items():
            fits = {
                Scope.LIST: pk in cover.documents and only == hold,
                Scope.TYPE: cover.document_type == self.types[kind],
                Scope.FILTER: "case 7" in name.lower(),
            }[cover.scope]
            if fits and only in (None, hold):
                if not any(pk in ids for ids in self.held.values()):
                    self.parts[pk] = parts_of([pk])[pk]  # what somebody took away before the hold is not held
                self.held[hold].add(pk)


def parts_of(ids: Collection[UUID]) -> dict[UUID, list[bool]]:
    """Document -> which of its parts there are."""
    parts = {name: Exists(table.objects.filter(document=OuterRef("pk"))) for name, table in PARTS.items()}
    parts["value"] = Exists(FieldValue.objects.filter(extraction__document=OuterRef("pk")))
    rows = Document.objects.filter(pk__in=ids).annotate(**{f"has_{name}": part for name, part in parts.items()})
    return {row[0]: list(row[1:]) for row in rows.values_list("pk", *(f"has_{name}" for name in parts))}


def _person(name: str, role: Role) -> Person:
    return Person.objects.create(
        username=name, role=role, first_name=name, last_name="Officer", password=make_password(None)
    )


def _type(name: str) -> DocumentType:
    kind = DocumentType.objects.create(name=name)
    DocumentTypeVersion.objects.create(document_type=kind, number=1, schema={}, digest="s" * 64)
    return kind


def _document(kind: DocumentType, name: str, person: Person, parent: UUID | None) -> Document:
    """Rows only: the store of bytes has no part in this test."""
    document = Document.objects.create(
        sha256=uuid4().hex * 2,
        size=1,
        untrusted_name=name,
        document_type=kind,
        uploaded_by=person,
        state=State.ACCEPTED,
        parent_id=parent if Document.objects.filter(pk=parent).exists() else None,
        version=1,
    )
    cover_by_name(document)
    run = Extraction.objects.create(
        document=document,
        type_version=kind.versions.get(),
        key="k",
        pages_total=1,
        pages_covered=1,
        windows=1,
        seconds=0,
    )
    Document.objects.filter(pk=document.pk).update(current_extraction=run)
    Page.objects.create(document=document, number=1, width=1, height=1, words=[], image_sha256=uuid4().hex * 2)
    FieldValue.objects.create(extraction=run, position=0, path="total", confidence=1)
    Decision.objects.create(document=document, extraction=run, path="total", kind="confirmed", decided_by=person)
    return document


def play(sequences: int) -> dict[str, int]:
    """What happened, by kind; the first sequence in which a held document goes is the last one."""
    for name in ("o1", "o2"):
        _person(name, Role.OFFICER)
    for name in ("invoice", "letter"):
        _type(name)
    machine = type("Sequences", (Deleters,), {"totals": dict.fromkeys(Deleters.totals, 0)})
    with suppress(AssertionError, ExceptionGroup):  # counted in the totals
        _run(machine, sequences)
    return machine.totals


def _run(machine: type[Deleters], sequences: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # what goes wrong is enough to know; making it small takes minutes
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_of_many_random_sequences_none_deletes_what_is_held():
    totals = play(SEQUENCES)

    print(json.dumps(totals))
    assert totals["deletions_under_hold"] == 0
    assert totals["sequences"] >= SEQUENCES
    assert totals["deleted"] > 0 < totals["checks"], "documents that nobody holds do go, and some are held"


@pytest.mark.django_db
def test_control_without_the_checks_held_documents_are_deleted(monkeypatch):
    lift_guards()
    monkeypatch.setattr(deletion, "names_of_holds_on", lambda ids: [])

    assert play(200)["deletions_under_hold"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("lifted", ["guards", "check"])
def test_each_of_the_two_checks_is_enough_for_a_deletion_by_two(monkeypatch, clara, olga, lifted):
    from appliance.compliance.errors import UnderHold
    from tests.appliance.compliance.made import asked, held, second_officer
    from tests.appliance.documents.made import to_review

    document = to_review(clara)
    request = asked(clara, document)
    held(olga, document)
    if lifted == "guards":
        lift_guards()
    else:
        monkeypatch.setattr(deletion, "names_of_holds_on", lambda ids: [])

    with pytest.raises(UnderHold):
        approve(approval_id=request.pk, by=second_officer(), words="")

    assert Document.objects.filter(pk=document.pk).exists()


@pytest.mark.django_db
def test_every_guard_also_fires_under_replica_mode():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname = ANY(%s)", [[name for _, name in GUARDS]]
        )
        found = dict(cursor.fetchall())

    assert found == {name: "A" for _, name in GUARDS}


@pytest.mark.django_db
def test_one_person_can_not_release_a_hold_even_by_sql(clara, olga):
    from tests.appliance.compliance.made import held
    from tests.appliance.documents.made import to_review

    hold = held(olga, to_review(clara))
    request = ask_release(by=olga, hold_id=hold.pk, reason="Over")

    with pytest.raises(DatabaseError, match="two persons"), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(released_at=timezone.now(), release=request)
