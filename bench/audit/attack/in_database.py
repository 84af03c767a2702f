"""Rows that are changed, taken out, put in or exchanged by whoever is superuser of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from appliance.audit.tree.merkle import GrowingTree, leaf_hash
from bench.audit.attack.box import GROWING, edited, record_at, sequence
from bench.audit.attack.kinds import Found, Kind, Outcome, checked, reconciled
from bench.audit.attack.scene import EARLY, Scene

PLACE = 150
"""The record that is attacked: in a full tile, between two checkpoints."""

_EVENT = 'SELECT event_id FROM audit_leaf WHERE "index" = %s'
_EDIT = f"UPDATE audit_auditevent SET record = %s WHERE id = ({_EVENT})"
_SHIFT = 'UPDATE audit_leaf SET "index" = "index" + 1000000 WHERE "index" >= {first}'
_BACK = 'UPDATE audit_leaf SET "index" = "index" - {by} WHERE "index" >= 1000000'
_CHANGE_LEAF = f"UPDATE audit_leaf SET leaf_hash = '\\x00' WHERE \"index\" = {PLACE}"
_CHANGE_EVENT = (
    f"UPDATE audit_auditevent SET record = '\\x00' WHERE id = (SELECT min(id) + {PLACE} FROM audit_auditevent)"
)
_CHANGE_TILE = "UPDATE audit_tile SET hashes = '\\x00'"
_DELETE_LEAF = f'DELETE FROM audit_leaf WHERE "index" = {PLACE}'
_REPLICA = "SET session_replication_role = replica"


def _forged() -> bytes:
    return edited(record_at(PLACE), actor="mallory")


def _edit(record: bytes) -> tuple[str, Sequence[object]]:
    return _EDIT, (record, PLACE)


def _rehash(record: bytes, *, above: bool) -> list[str | tuple[str, Sequence[object]]]:
    """The hashes of a changed record in its leaf and tile; with `above` in all that is made of them."""
    from appliance.audit.models import Leaf, Tile

    leaves = [bytes(found) for found in Leaf.objects.order_by("index").values_list("leaf_hash", flat=True)]
    leaves[PLACE] = leaf_hash(record)
    statements: list[str | tuple[str, Sequence[object]]] = [
        ('UPDATE audit_leaf SET leaf_hash = %s WHERE "index" = %s', (leaves[PLACE], PLACE)),
    ]
    tiles = GrowingTree().extend(leaves)
    for tile in tiles:
        kept = Tile.objects.get(level=tile.level, index=tile.index)
        root = tile.root if above else bytes(kept.root)
        values = (tile.hashes, root, tile.level, tile.index)
        statements.append(('UPDATE audit_tile SET hashes = %s, root = %s WHERE level = %s AND "index" = %s', values))
    return statements


def edit_field(scene: Scene) -> Outcome:
    scene.box.as_superuser(_edit(_forged()))
    return checked(scene.verify_log(), "leaf_differs", PLACE)


def edit_and_rewrite_leaf(scene: Scene) -> Outcome:
    forged = _forged()
    scene.box.as_superuser(_edit(forged), *_rehash(forged, above=False))
    return checked(scene.verify_log(), "tile_differs", 0)


def edit_and_rewrite_tiles(scene: Scene) -> Outcome:
    forged = _forged()
    scene.box.as_superuser(_edit(forged), *_rehash(forged, above=True))
    return checked(scene.verify_log(), "root_differs", scene.good_before(PLACE))


def delete_middle(scene: Scene) -> Outcome:
    scene.box.as_superuser(_DELETE_LEAF)
    return checked(scene.verify_log(), "missing_entries", PLACE)


def delete_and_renumber(scene: Scene) -> Outcome:
    scene.box.as_superuser(_DELETE_LEAF, _SHIFT.format(first=PLACE), _BACK.format(by=1_000_001))
    return checked(scene.verify_log(), "missing_entries", PLACE)


def swap_two(scene: Scene) -> Outcome:
    first, second = _event_of(PLACE), _event_of(PLACE + 1)
    change = 'UPDATE audit_leaf SET event_id = %s WHERE "index" = %s'
    free = (change, (-1, PLACE))
    scene.box.as_superuser(free, (change, (first, PLACE + 1)), (change, (second, PLACE)))
    return checked(scene.verify_log(), "leaf_differs", PLACE)


def insert(scene: Scene) -> Outcome:
    event_id = "0badc0de-0000-4000-8000-000000000001"
    _put_in(scene, edited(record_at(PLACE), event_id=event_id), PLACE)
    return checked(scene.verify_log(), "surplus_entries", PLACE)


def duplicate(scene: Scene) -> Outcome:
    _put_in(scene, record_at(PLACE), PLACE + 1)
    return checked(scene.verify_log(), "duplicate_event", PLACE + 1)


def truncate(scene: Scene) -> Outcome:
    """Nothing is left to verify, but the checkpoints elsewhere: the sequencer refuses to begin anew."""
    from appliance.audit.log.starting_check import check_tree
    from appliance.audit.log.stored_tree import TreeDamaged

    scene.box.as_superuser("TRUNCATE " + ", ".join(f"audit_{table}" for table in (*GROWING, "stagedrecord")))
    expected, said = Found("refuses to begin anew", scene.newest), ""
    try:
        check_tree()
    except TreeDamaged as error:
        said = str(error)
    return Outcome(expected, expected if f"{scene.newest} entries is anchored" in said else Found(said, None))


def cut_behind_checkpoint(scene: Scene) -> Outcome:
    """What stands behind the newest checkpoint is vouched for by nothing but the objects that it is about."""
    tail = f'SELECT event_id FROM audit_leaf WHERE "index" > {scene.newest}'
    events = f"DELETE FROM audit_auditevent WHERE id IN ({tail}) OR id IN (SELECT event_id FROM audit_stagedrecord)"
    leaves = f'DELETE FROM audit_leaf WHERE "index" > {scene.newest}'
    scene.box.as_superuser(events, "DELETE FROM audit_stagedrecord", leaves)
    return reconciled("Person frida was changed 1 times and has 0 records")


def cut_to_earlier_checkpoint(scene: Scene) -> Outcome:
    kept = scene.sizes[1]
    scene.box.as_superuser(
        "DELETE FROM audit_stagedrecord",
        f'DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_leaf WHERE "index" > {kept})',
        f'DELETE FROM audit_leaf WHERE "index" > {kept}',
        f'DELETE FROM audit_tile WHERE ("index" + 1) * power(256, level + 1) > {kept}',
        "DELETE FROM audit_cosignature",
        f"DELETE FROM audit_checkpoint WHERE size > {kept}",
    )
    return checked(scene.verify_log(anchors=scene.anchor_files()), "cut", kept)


def restore_backup(scene: Scene) -> Outcome:
    scene.box.go_back(EARLY)
    return checked(scene.verify_log(anchors=scene.anchor_files()), "cut", scene.sizes[1])


def drop_checkpoint(scene: Scene) -> Outcome:
    size = scene.sizes[1]
    scene.box.as_superuser(f"DELETE FROM audit_checkpoint WHERE size = {size}")
    return checked(scene.verify_log(), "checkpoint_dropped", size)


def swap_signature(scene: Scene) -> Outcome:
    from appliance.audit.models import Checkpoint

    first, second = (Checkpoint.objects.get(size=size).note.rpartition("\n\n") for size in scene.sizes[:2])
    note = second[0] + "\n\n" + first[2]
    scene.box.as_superuser(("UPDATE audit_checkpoint SET note = %s WHERE size = %s", (note, scene.sizes[1])))
    return checked(scene.verify_log(), "bad_signature", scene.sizes[1])


def strip_cosignature(scene: Scene) -> Outcome:
    scene.box.as_superuser("DELETE FROM audit_cosignature")
    return checked(scene.verify_log(), "cosignature_missing", scene.newest)


def edit_staged(scene: Scene) -> Outcome:
    """The mac does not fit any more: the row stays out of the tree, and the tree says so, with the row's number."""
    from appliance.audit.models import AuditEvent, StagedRecord

    forged, row = edited(_staged_record(), actor="mallory"), StagedRecord.objects.order_by("pk")[0].pk
    scene.box.as_superuser(("UPDATE audit_auditevent SET record = %s WHERE id = %s", (forged, row)))
    sequence(sign=True)
    told = AuditEvent.objects.filter(action="record_forged", leaf__isnull=False).values_list("object_id", flat=True)
    return Outcome(Found("record_forged", row), Found("record_forged", int(told[0]) if told else None))


def delete_staged(scene: Scene) -> Outcome:
    from appliance.audit.models import StagedRecord

    row = StagedRecord.objects.order_by("pk")[0].pk
    scene.box.as_superuser(f"DELETE FROM audit_stagedrecord WHERE event_id = {row}")
    return reconciled(f"Entry {row} is neither in the signed tree nor on its way there")


def rewrite_escapes(scene: Scene) -> Outcome:
    """The same record in another spelling, its hashes made to fit: a lenient parser would read the same."""
    record = record_at(PLACE).replace(b'"clara"', b'"\\u0063lara"')
    scene.box.as_superuser(_edit(record), *_rehash(record, above=True))
    return checked(scene.verify_log(), "not_canonical", PLACE)


def _event_of(index: int) -> int:
    from appliance.audit.models import Leaf

    return Leaf.objects.get(index=index).event_id


def _staged_record() -> bytes:
    from appliance.audit.models import StagedRecord

    return bytes(StagedRecord.objects.order_by("pk").select_related("event")[0].event.record)


def _put_in(scene: Scene, record: bytes, place: int) -> None:
    """A row of its own for the record, and a place between the others."""
    columns = "actor, actor_role, address, action, object_type, object_id, object_version, outcome, reason, request_id"
    event = (
        f"INSERT INTO audit_auditevent (id, event_id, recorded_at, record, {columns})"
        f" SELECT 90000000, gen_random_uuid(), recorded_at, %s, {columns} FROM audit_auditevent WHERE id = ({_EVENT})"
    )
    leaf = 'INSERT INTO audit_leaf ("index", event_id, leaf_hash) VALUES (%s, 90000000, %s)'
    scene.box.as_superuser(
        (event, (record, PLACE)),
        _SHIFT.format(first=place),
        _BACK.format(by=999_999),
        (leaf, (place, hashlib.sha256(b"\x00" + record).digest())),
    )


_INSERT = f'INSERT INTO audit_leaf SELECT {PLACE}, 90000000, leaf_hash FROM audit_leaf WHERE "index" = {PLACE}'
_DELETE_EVENTS = "DELETE FROM audit_auditevent"

KINDS = (
    Kind("edit one field", edit_field, (_CHANGE_EVENT,)),
    Kind("edit, leaf hash rewritten", edit_and_rewrite_leaf, (_CHANGE_EVENT, _CHANGE_LEAF)),
    Kind("edit, all tiles rewritten", edit_and_rewrite_tiles, (_CHANGE_EVENT, _CHANGE_LEAF, _CHANGE_TILE)),
    Kind("delete in the middle", delete_middle, (_DELETE_LEAF, _DELETE_EVENTS)),
    Kind("delete and renumber", delete_and_renumber, (_DELETE_LEAF, _SHIFT.format(first=PLACE))),
    Kind("swap two", swap_two, (_SHIFT.format(first=PLACE),)),
    Kind("insert", insert, (_INSERT, _SHIFT.format(first=PLACE))),
    Kind("duplicate", duplicate, (_INSERT, _SHIFT.format(first=PLACE))),
    Kind("truncate", truncate, ("TRUNCATE audit_leaf", "TRUNCATE audit_auditevent CASCADE")),
    Kind("cut behind the newest checkpoint", cut_behind_checkpoint, (_DELETE_EVENTS, "DELETE FROM audit_leaf")),
    Kind("cut to an earlier checkpoint", cut_to_earlier_checkpoint, ("DELETE FROM audit_checkpoint",)),
    Kind("restore an old backup silently", restore_backup),
    Kind("drop a checkpoint", drop_checkpoint, ("DELETE FROM audit_checkpoint",)),
    Kind("swap a signature", swap_signature, ("UPDATE audit_checkpoint SET note = ''",)),
    Kind("strip a counter-signature", strip_cosignature, ("DELETE FROM audit_cosignature",)),
    Kind("edit a staged row", edit_staged, (_CHANGE_EVENT,)),
    Kind("delete a staged row", delete_staged, ("DELETE FROM audit_stagedrecord",)),
    Kind("rewrite JSON in another spelling", rewrite_escapes, (_CHANGE_EVENT,)),
)
