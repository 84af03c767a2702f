"""Documents that must not teach any more."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.documents.models import Document
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.errors import AlreadyWithdrawn
from appliance.retraining.datasets.files import write_part
from appliance.retraining.datasets.queries import due_models, retrain_due
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.datasets.withdrawals import withdraw
from appliance.retraining.models import Measured, MeasuredValue, Part, Snapshot, SnapshotEntry, Withdrawal
from models_store import store
from models_store.card import ModelCard
from tests.appliance.cast import ClientFor
from tests.appliance.compliance.made import deleted, second_officer
from tests.appliance.retraining.datasets.made import receipt_version, several

WHY = "The customer took back the consent."


def snapshot(by: Person) -> Snapshot:
    return make_snapshot(by=by, type_version=receipt_version(), options=Options(sender_field="company"))


def model_taught_by(folder: Path, root: Path, *originals: str, base: str = "") -> str:
    path = folder / f"{len(originals)}{base[:8]}.gguf"
    path.write_bytes(f"GGUF {originals} {base}".encode())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = ModelCard(digest=digest, name=path.name, base=base, documents=originals, context_tokens=512)
    return store.add(path, card, root=root)


def test_withdrawn_document_leaves_snapshots_and_later_ones(
    clara: Person, adam: Person, olga: Person, tmp_path: Path
) -> None:
    documents = several(clara, 6)
    made = snapshot(adam)
    entry = made.entries.filter(part=Part.TRAIN).first()
    assert entry is not None
    before = write_part(made, Part.TRAIN, tmp_path / "before.jsonl")

    withdraw(by=olga, document_id=entry.document_id, reason=WHY)

    entry.refresh_from_db()
    assert (entry.fields, entry.spans, entry.sender, entry.text) == (None, None, "", "")
    assert entry.withdrawn_at is not None
    assert len(entry.digest) == len(entry.original_sha256) == 64
    assert write_part(made, Part.TRAIN, tmp_path / "after.jsonl") == before - 1
    assert Document.objects.count() == len(documents)
    later = snapshot(adam)
    assert entry.original_sha256 not in set(later.entries.values_list("original_sha256", flat=True))
    event = AuditEvent.objects.get(action=Action.DOCUMENT_WITHDRAWN)
    assert event.object_id == str(entry.document_id)
    assert WHY not in bytes(event.record).decode()
    with pytest.raises(AlreadyWithdrawn):
        withdraw(by=olga, document_id=entry.document_id, reason=WHY)


def test_what_was_measured_on_it_goes_as_well(clara: Person, adam: Person, olga: Person) -> None:
    several(clara, 5)
    made = snapshot(adam)
    measured = Measured.objects.create(snapshot=made, model_digest="m" * 64, role="in force")
    entries = list(made.entries.all())
    for entry in entries:
        MeasuredValue.objects.create(
            measured=measured,
            entry=entry,
            path="total",
            expected="1",
            untrusted_got="2",
            is_exact=False,
            is_right=False,
        )

    withdraw(by=olga, document_id=entries[0].document_id, reason=WHY)

    assert set(MeasuredValue.objects.values_list("entry", flat=True)) == {entry.pk for entry in entries[1:]}


def test_deletion_withdraws_too(clara: Person, adam: Person, olga: Person) -> None:
    documents = several(clara, 6)
    made = snapshot(adam)

    deleted(olga, second_officer(), documents[0])

    entry = made.entries.get(document_id=documents[0].pk)
    assert (entry.fields, entry.sender) == (None, "")
    assert Withdrawal.objects.get().original_sha256 == documents[0].sha256
    assert AuditEvent.objects.filter(action=Action.DOCUMENT_WITHDRAWN).count() == 1
    assert SnapshotEntry.objects.filter(withdrawn_at=None).count() == 5


def test_control_deletion_of_what_never_taught_withdraws_nothing(clara: Person, olga: Person) -> None:
    (document,) = several(clara, 1)

    deleted(olga, second_officer(), document)

    assert not Withdrawal.objects.exists()


def test_models_that_it_taught_are_due_also_through_their_base(
    clara: Person, adam: Person, olga: Person, tmp_path: Path, settings: Settings
) -> None:
    settings.MODELS_STORE_ROOT = tmp_path / "store"
    documents = several(clara, 6)
    root = settings.MODELS_STORE_ROOT
    base = model_taught_by(tmp_path, root, documents[0].sha256, documents[1].sha256)
    child = model_taught_by(tmp_path, root, documents[2].sha256, base=base)
    other = model_taught_by(tmp_path, root)
    assert due_models() == []

    withdraw(by=olga, document_id=documents[0].pk, reason=WHY)

    assert retrain_due(base) == retrain_due(child) == (documents[0].sha256,)
    assert retrain_due(other) == ()
    assert {due.card.digest for due in due_models()} == {base, child}


def test_officer_withdraws_on_the_documents_page_and_a_clerk_cannot(
    clara: Person, olga: Person, client_for: ClientFor
) -> None:
    (document,) = several(clara, 1)
    way = f"/models/datasets/withdrawn-documents/{document.pk}/"
    assert client_for(clara).post(way, {"reason": WHY}).status_code == 403
    officer = client_for(olga)
    assert way in officer.get(f"/compliance/documents/{document.pk}/").content.decode()
    officer.post(way, {"reason": " "})
    assert not Withdrawal.objects.exists()

    officer.post(way, {"reason": WHY})

    assert Withdrawal.objects.get().withdrawn_by == olga
    shown = client_for(clara).get(f"/compliance/documents/{document.pk}/").content.decode()
    assert "Withdrawn from training" in shown
