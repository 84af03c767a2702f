"""From a recorded act to its place under a signed checkpoint."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection, transaction

from appliance.audit.actions import Action
from appliance.audit.log import (
    consistency_path,
    current_key,
    inclusion_path,
    leaf_of,
    newest_checkpoint,
    proof_of,
    wait_until_integrated,
)
from appliance.audit.log.sequencing import Superseded, begin, integrate, sign
from appliance.audit.log.stored_tree import StoredTree, TreeDamaged
from appliance.audit.models import AuditEvent, Checkpoint, Leaf, StagedRecord, Tile
from appliance.audit.staging import mac_of
from appliance.audit.tree.merkle import GrowingTree, leaf_hash
from appliance.audit.tree.notes import CheckpointBody, Note
from appliance.audit.tree.proofs import is_consistent, root_from_inclusion
from tests.appliance.audit.made import entry
from tests.appliance.audit.tree import naive

pytestmark = pytest.mark.django_db


def entries(count: int) -> list[AuditEvent]:
    return [entry() for _ in range(count)]


def records_in_order() -> list[bytes]:
    return [bytes(record) for record in Leaf.objects.order_by("index").values_list("event__record", flat=True)]


def test_records_are_staged_with_their_act_and_leave_the_stage_for_the_tree():
    events = entries(3)
    assert list(StagedRecord.objects.order_by("pk").values_list("pk", flat=True)) == [event.pk for event in events]

    writer = begin()
    assert integrate(writer) == 3

    assert not StagedRecord.objects.exists()
    assert [leaf_of(event).index for event in events] == [1, 2, 3]  # 0 is the start of the sequencer
    assert list(Leaf.objects.values_list("index", flat=True)) == [0, 1, 2, 3]


def test_leaves_and_tiles_are_those_of_the_naive_tree():
    entries(600)
    writer = begin()
    while integrate(writer, at_most=250):
        pass

    records = records_in_order()
    assert writer.tree.root() == naive.mth(records) == StoredTree(len(records)).root()
    assert [bytes(leaf.leaf_hash) for leaf in Leaf.objects.all()] == [leaf_hash(record) for record in records]
    assert list(Tile.objects.values_list("level", "index")) == [(0, 0), (0, 1)]


def test_checkpoint_is_signed_recorded_and_chained():
    entries(2)
    writer = begin()
    integrate(writer)
    first = sign(writer)
    entries(1)
    integrate(writer)
    second = sign(writer)

    assert (first.size, second.size) == (3, 5)
    note = Note.parse(second.note)
    body = CheckpointBody.parse(note.body)
    assert note.is_signed_by(current_key())
    assert body.root == naive.mth(records_in_order()[:5])
    assert body.previous_size == 3
    assert body.previous_digest == hashlib.sha256(Note.parse(first.note).body.encode()).hexdigest()
    recorded = json.loads(records_in_order()[3])
    assert recorded["action"] == "checkpoint_signed"
    assert recorded["object"] == {"id": "3", "type": "checkpoint", "version": 0}
    assert recorded["digests"]["body"] == body.previous_digest


def test_proofs_from_the_database_lead_to_the_signed_root():
    events = entries(300)
    writer = begin()
    integrate(writer)
    old = sign(writer)
    entries(300)
    integrate(writer)
    new = sign(writer)

    index = leaf_of(events[257]).index
    path = inclusion_path(index, new.size)
    assert root_from_inclusion(index, new.size, leaf_hash(bytes(events[257].record)), path) == bytes(new.root)
    path = consistency_path(old.size, new.size)
    assert is_consistent((old.size, bytes(old.root)), (new.size, bytes(new.root)), path)
    proof = proof_of(events[257])
    assert proof.text.startswith(f"c2sp.org/tlog-proof@v1\nindex {index}\n")
    assert proof.text.endswith(new.note)


def test_proof_of_one_entry_costs_few_queries(django_assert_max_num_queries):
    events = entries(600)
    writer = begin()
    integrate(writer)
    sign(writer)

    with django_assert_max_num_queries(9):
        proof_of(events[0])


def test_forged_row_stays_out_of_the_tree_and_is_reported_in_it():
    genuine, forged = entries(2)
    StagedRecord.objects.filter(pk=forged.pk).update(mac=b"\x00" * 32)
    writer = begin()

    assert integrate(writer) == 1
    assert integrate(writer) == 0

    assert leaf_of(genuine)
    assert leaf_of(forged) is None
    assert StagedRecord.objects.get(pk=forged.pk).forged_at is not None
    report = AuditEvent.objects.get(action=Action.RECORD_FORGED)
    assert (report.object_id, report.outcome) == (str(forged.pk), "refused")
    assert leaf_of(report)


def test_record_that_is_in_the_tree_already_is_not_put_there_twice():
    (event,) = entries(1)
    writer = begin()
    integrate(writer)
    StagedRecord.objects.create(event=event, mac=mac_of(bytes(event.record)))

    assert integrate(writer) == 0
    assert Leaf.objects.filter(event=event).count() == 1


def test_writer_of_an_earlier_epoch_cannot_write():
    stale = begin()
    begin()
    entries(1)

    with pytest.raises(Superseded, match="later epoch"):
        integrate(stale)
    with pytest.raises(Superseded, match="later epoch"):
        sign(stale)


def test_index_is_never_given_twice_even_when_the_epoch_is_not_looked_at():
    """The control of the test above: what a stale writer meets when only the table stands in its way."""
    stale = begin()
    fresh = begin()
    entries(1)
    integrate(fresh)
    stale.epoch = fresh.epoch
    entries(1)

    with pytest.raises(Exception, match="duplicate key"), transaction.atomic():
        integrate(stale)


def _damage(sql: str, *parameters: object) -> None:
    """As the owner of the tables could: with the triggers off."""
    with connection.cursor() as cursor:
        for table in ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_auditevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)


DAMAGES = {
    "leaf changed": ('UPDATE audit_leaf SET leaf_hash = %s WHERE "index" = 300', b"\x01" * 32),
    "leaf gone": ('DELETE FROM audit_leaf WHERE "index" = 300', None),
    "tile root changed": ("UPDATE audit_tile SET root = %s", b"\x01" * 32),
    "tile gone": ("DELETE FROM audit_tile", None),
    "checkpoint changed": ("UPDATE audit_checkpoint SET root = %s", b"\x01" * 32),
    "checkpoint gone": ("DELETE FROM audit_checkpoint", None),
    "tail cut": ('DELETE FROM audit_leaf WHERE "index" > 200', None),
    "record behind the checkpoint changed": (
        "UPDATE audit_auditevent SET record = %s WHERE action = 'checkpoint_signed'",
        b'{"digests":{}}',
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_sequencer_does_not_go_on_with_a_damaged_tree(name):
    from appliance.audit.log.anchors import write_anchor

    entries(400)
    writer = begin()
    integrate(writer)
    write_anchor(sign(writer))
    sql, value = DAMAGES[name]
    _damage(sql, *([value] if value is not None else []))

    with pytest.raises(TreeDamaged, match="The audit log is damaged"):
        begin()


def test_control_an_undamaged_tree_is_taken_up():
    entries(400)
    writer = begin()
    integrate(writer)
    sign(writer)

    taken_up = begin()

    assert (taken_up.epoch, taken_up.tree.size) == (2, Leaf.objects.count())
    assert taken_up.tree.root() == naive.mth(records_in_order())


def test_waiting_gives_the_place_in_the_tree():
    (event,) = entries(1)

    assert wait_until_integrated(event).index == 1
    assert newest_checkpoint() is None
    assert GrowingTree().size == 0
    assert Checkpoint.objects.count() == 0
