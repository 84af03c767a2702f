"""Giving staged records their places in the tree, batch by batch. One writer at a time: see sequencer.py.

Every step is one transaction. What is remembered between two steps changes only after the commit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.key_files import forget_signing_key, log_id, signing_key
from appliance.audit.log import clock
from appliance.audit.log.key_history import earlier_keys, key_for
from appliance.audit.log.starting_check import check_tree
from appliance.audit.log.stored_tree import load_edge, size_of_tree
from appliance.audit.models import AuditEvent, Checkpoint, Epoch, StagedRecord, Tile
from appliance.audit.record import NOTHING, Evidence, Subject, write_event
from appliance.audit.staging import mac_fits
from appliance.audit.tree.merkle import GrowingTree, leaf_hash
from appliance.audit.tree.notes import CheckpointBody, Note, origin_of

BATCH = 5_000
CHECKPOINT_RECORDS = 1_000
CHECKPOINT_SECONDS = 60


class Superseded(Exception):
    """Another sequencer has begun an epoch of its own: this one must not write any more."""


@dataclass(slots=True)
class Writer:
    """`expected_distance`: see clock.py."""

    tree: GrowingTree
    epoch: int
    expected_distance: int | None

    def is_due(self) -> bool:
        """Whether a checkpoint must be signed now."""
        newest = Checkpoint.objects.order_by("-size").only("size", "time_us").first()
        if newest is None:
            return self.tree.size > 0
        age_us = time.time_ns() // 1000 - newest.time_us
        # A clock that was put back makes the age negative: then it is due as well.
        return self.tree.size - newest.size >= CHECKPOINT_RECORDS or not 0 <= age_us < CHECKPOINT_SECONDS * 1_000_000


@dataclass(frozen=True, slots=True)
class _Staged:
    pk: int
    mac: bytes
    event_id: str
    record: bytes
    has_leaf: bool

    @property
    def is_genuine(self) -> bool:
        return not self.has_leaf and mac_fits(self.record, self.mac) and _names_itself(self.record, self.event_id)


@transaction.atomic
def begin() -> Writer:
    """Check the tree and open a new epoch, which is recorded. Raises TreeDamaged, KeysMissing."""
    check_tree()
    newest = Epoch.objects.order_by("-number").values_list("number", flat=True).first() or 0
    epoch = Epoch.objects.create(number=newest + 1, started_at=timezone.now())
    writer = Writer(load_edge(size_of_tree()), epoch.number, clock.measure())
    behind = _behind_newest_checkpoint()
    if behind:
        _append_moved(writer.tree, writer, behind)
    started = _own_event(Action.SEQUENCER_STARTED, Subject("epoch", str(epoch.number)))
    append(writer.tree, [(started.pk, bytes(started.record))])
    if writer.expected_distance is None:
        writer.expected_distance = clock.distance_of(started)
    return writer


def resume() -> Writer:
    """A writer that goes on in the newest epoch: for one batch within somebody else's transaction."""
    epoch = Epoch.objects.order_by("-number").values_list("number", flat=True).first()
    return begin() if epoch is None else Writer(load_edge(size_of_tree()), epoch, clock.measure())


def integrate(writer: Writer, *, at_most: int = BATCH) -> int:
    """Put up to `at_most` staged records into the tree; returns how many. Raises Superseded."""
    with transaction.atomic():
        _check_epoch(writer)
        tree = writer.tree.copy()
        expected = _watch_clock(tree, writer)
        rows = _staged(at_most)
        genuine = [row for row in rows if row.is_genuine]
        append(tree, [(row.pk, row.record) for row in genuine])
        _unstage([row.pk for row in genuine])
        _set_aside(tree, [row for row in rows if not row.is_genuine])
    writer.tree, writer.expected_distance = tree, expected
    return len(genuine)


def sign(writer: Writer) -> Checkpoint:
    """Sign the tree as it is; the checkpoint's own record becomes the next leaf. Raises Superseded, KeysMissing."""
    with transaction.atomic():
        _check_epoch(writer)
        tree = writer.tree.copy()
        expected = _watch_clock(tree, writer)
        previous = Checkpoint.objects.order_by("-size").first()
        body = _body(tree, writer.epoch, previous)
        public = key_for(tree.size)
        note = signing_key(public.key_id).note(body.text)
        checkpoint = Checkpoint.objects.create(
            size=body.size, root=body.root, time_us=body.time_us, epoch=body.epoch, note=note.text
        )
        evidence = Evidence(digests={"root": body.root.hex(), "body": body.digest})
        event = _own_event(Action.CHECKPOINT_SIGNED, Subject("checkpoint", str(body.size)), evidence=evidence)
        append(tree, [(event.pk, bytes(event.record))])
    writer.tree, writer.expected_distance = tree, expected
    for earlier in earlier_keys(checkpoint.size):
        forget_signing_key(earlier.key_id)
    return checkpoint


def append(tree: GrowingTree, rows: Sequence[tuple[int, bytes]]) -> None:
    """Add (event pk, record) as the next leaves, with the tiles that become full. `tree` grows in place."""
    if not rows:
        return
    start, hashes = tree.size, [leaf_hash(record) for _, record in rows]
    full = tree.extend(hashes)
    places = list(range(start, tree.size))
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO audit_leaf ("index", event_id, leaf_hash)'
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [places, [pk for pk, _ in rows], hashes],
        )
    Tile.objects.bulk_create(
        Tile(level=tile.level, index=tile.index, hashes=tile.hashes, root=tile.root) for tile in full
    )


def _staged(at_most: int) -> list[_Staged]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.event_id, s.mac, e.event_id::text, e.record, l.event_id IS NOT NULL"
            " FROM audit_stagedrecord s LEFT JOIN audit_auditevent e ON e.id = s.event_id"
            " LEFT JOIN audit_leaf l ON l.event_id = s.event_id"
            " WHERE s.forged_at IS NULL ORDER BY s.event_id LIMIT %s",
            [at_most],
        )
        rows = cursor.fetchall()
    return [
        _Staged(pk, bytes(mac), event_id or "", bytes(record or b""), leaf) for pk, mac, event_id, record, leaf in rows
    ]


def _names_itself(record: bytes, event_id: str) -> bool:
    """The id in the record is that of its row, so that one record cannot stand in the tree twice."""
    try:
        return bool(json.loads(record)["event_id"] == event_id)
    except (ValueError, KeyError, TypeError):
        return False


def _unstage(pks: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_stagedrecord WHERE event_id = ANY(%s)", [pks])
        if cursor.rowcount != len(pks):
            raise Superseded("Staged records went away while they were being put into the tree.")


def _set_aside(tree: GrowingTree, forged: list[_Staged]) -> None:
    """A record that the appliance did not write stays out of the tree, is kept as evidence, and is reported in it."""
    if not forged:
        return
    StagedRecord.objects.filter(pk__in=[row.pk for row in forged]).update(forged_at=timezone.now())
    events = [
        _own_event(Action.RECORD_FORGED, Subject("entry", str(row.pk)), outcome=Outcome.REFUSED) for row in forged
    ]
    append(tree, [(event.pk, bytes(event.record)) for event in events])


def _watch_clock(tree: GrowingTree, writer: Writer) -> int | None:
    """Records a clock that moved; returns the distance to expect from now on."""
    off = clock.moved_by(writer.expected_distance)
    return _append_moved(tree, writer, off) if off else writer.expected_distance


def _append_moved(tree: GrowingTree, writer: Writer, microseconds: int) -> int:
    event = _own_event(Action.CLOCK_MOVED, Subject("clock"), reason=f"by {microseconds}")
    append(tree, [(event.pk, bytes(event.record))])
    writer.expected_distance = clock.distance_of(event)
    return writer.expected_distance


def _behind_newest_checkpoint() -> int:
    """Microseconds, negative, when the clock stands before the newest checkpoint's time; else 0."""
    newest = Checkpoint.objects.order_by("-size").values_list("time_us", flat=True).first()
    return min(0, time.time_ns() // 1000 - newest) if newest is not None else 0


def _body(tree: GrowingTree, epoch: int, previous: Checkpoint | None) -> CheckpointBody:
    now = time.time_ns() // 1000
    if previous is None:
        return CheckpointBody(origin_of(log_id()), tree.size, tree.root(), now, epoch)
    if 0 < previous.time_us - now <= clock.MOVED_NS // 1000:
        now = previous.time_us  # a correction too small to be recorded; times of checkpoints still never go back
    digest = CheckpointBody.parse(Note.parse(previous.note).body).digest
    return CheckpointBody(origin_of(log_id()), tree.size, tree.root(), now, epoch, previous.size, digest)


def _check_epoch(writer: Writer) -> None:
    if Epoch.objects.filter(number__gt=writer.epoch).exists():
        raise Superseded(f"A later epoch than {writer.epoch} has begun.")


def _own_event(
    action: Action, subject: Subject, *, outcome: Outcome = Outcome.DONE, reason: str = "", evidence: Evidence = NOTHING
) -> AuditEvent:
    return write_event(action, subject=subject, outcome=outcome, reason=reason, evidence=evidence)
