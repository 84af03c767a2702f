"""Before a sequencer writes: do leaves, tiles, the newest checkpoint and its anchors still agree?

This finds a restored backup, a cut tail and damage near the edge at once, in little time. The whole log is checked by
the verifier and by reconciling.
"""

from __future__ import annotations

import json

from django.db.models import Count, F, Max

from appliance.audit.log.anchors import newest_anchor
from appliance.audit.log.key_history import key_for
from appliance.audit.log.stored_tree import StoredTree, TreeDamaged, size_of_tree
from appliance.audit.models import Checkpoint, Leaf, Tile
from appliance.audit.tree.merkle import TILE_WIDTH, leaf_hash
from appliance.audit.tree.notes import BadNote, CheckpointBody, Note

_WHAT_TO_DO = "Nothing is written into it any more. Tell the compliance officer, and keep the database as it is."


def check_tree() -> None:
    """Raises TreeDamaged with a sentence for people, KeysMissing."""
    try:
        _check()
    except (TreeDamaged, BadNote) as error:
        raise TreeDamaged(f"The audit log is damaged: {error} {_WHAT_TO_DO}") from error


def _check() -> None:
    size = size_of_tree()
    _check_count(size)
    _check_tiles(size)
    newest = Checkpoint.objects.order_by("-size").first()
    anchor = newest_anchor()
    if anchor is not None and (newest is None or anchor.size > newest.size):
        known = 0 if newest is None else newest.size
        raise TreeDamaged(f"a checkpoint over {anchor.size} entries is anchored, the log knows of {known} only.")
    if newest is not None:
        _check_checkpoint(newest, size)
    if newest is not None and anchor is not None:
        _check_anchor(anchor)


def _check_count(size: int) -> None:
    count = Leaf.objects.aggregate(n=Count("pk"))["n"]
    if count != size:
        raise TreeDamaged(f"it should have {size} places and has {count}.")


def _check_tiles(size: int) -> None:
    found = dict(Tile.objects.values_list("level").annotate(n=Count("pk"), last=Max("index")).values_list("level", "n"))
    level, count = 0, size // TILE_WIDTH
    while count:
        if found.pop(level, 0) != count:
            raise TreeDamaged(f"tiles of level {level} are missing or too many.")
        level, count = level + 1, count // TILE_WIDTH
    if found:
        raise TreeDamaged("there are tiles above its top.")


def _check_checkpoint(checkpoint: Checkpoint, size: int) -> None:
    note = Note.parse(checkpoint.note)
    body = CheckpointBody.parse(note.body)
    if not note.is_signed_by(key_for(checkpoint.size)):
        raise TreeDamaged(f"the signature of checkpoint {checkpoint.size} is not by its key.")
    if size <= body.size or (body.size, body.root) != (checkpoint.size, bytes(checkpoint.root)):
        raise TreeDamaged(f"it is shorter than checkpoint {checkpoint.size}, or that was changed.")
    if StoredTree(body.size).root() != body.root:
        raise TreeDamaged(f"its entries do not make the root of checkpoint {body.size}.")
    _check_tail(body)


def _check_tail(body: CheckpointBody) -> None:
    """The leaves behind the newest checkpoint are vouched for by nothing else yet."""
    tail = Leaf.objects.filter(index__gte=body.size).order_by("index").annotate(record=F("event__record"))
    for leaf in tail.iterator():
        if leaf_hash(bytes(leaf.record)) != bytes(leaf.leaf_hash):
            raise TreeDamaged(f"entry {leaf.index} is not what was put into the tree.")
        if leaf.index == body.size:
            digests = json.loads(bytes(leaf.record))["digests"]
            if digests.get("body") != body.digest:
                raise TreeDamaged(f"entry {leaf.index} is not the record of checkpoint {body.size}.")


def _check_anchor(anchor: CheckpointBody) -> None:
    held = Checkpoint.objects.filter(size=anchor.size).first()
    if held is None or Note.parse(held.note).body != anchor.text:
        raise TreeDamaged(f"the anchored checkpoint over {anchor.size} entries is not the one that the log holds.")
