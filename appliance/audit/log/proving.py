"""Proofs from the database, in a number of queries that grows with the height of the tree, not with its size."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from appliance.audit.log.stored_tree import StoredTree
from appliance.audit.models import AuditEvent, Checkpoint, Leaf
from appliance.audit.tree import proofs


class NotInTree(Exception):
    """No signed checkpoint covers the event yet. `sentence` is for people."""

    sentence = "This entry is not under a signed checkpoint yet. One is signed every minute: try again in a minute."


@dataclass(frozen=True, slots=True)
class SingleProof:
    """Contents of `<name>.json` and `<name>.tlog-proof`."""

    index: int
    record: bytes
    text: str


def leaf_of(event: AuditEvent) -> Leaf | None:
    """Where the event stands in the tree; None while it waits."""
    return Leaf.objects.filter(event=event.pk).first()


def inclusion_path(index: int, size: int) -> list[bytes]:
    """From the leaf's sibling upwards. Raises ValueError unless 0 <= index < size; TreeDamaged."""
    return proofs.inclusion_path(index, size, StoredTree(size))


def consistency_path(old_size: int, new_size: int) -> list[bytes]:
    """Raises ValueError unless 0 < old_size <= new_size; TreeDamaged."""
    return proofs.consistency_path(old_size, new_size, StoredTree(new_size))


def proof_of(event: AuditEvent) -> SingleProof:
    """Under the newest checkpoint. Raises NotInTree."""
    leaf = leaf_of(event)
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if leaf is None or checkpoint is None or leaf.index >= checkpoint.size:
        raise NotInTree
    lines = "".join(f"{_base64(one)}\n" for one in inclusion_path(leaf.index, checkpoint.size))
    # The log's signature alone: whoever gets this has the log's key and not those of counter-signers.
    text = f"c2sp.org/tlog-proof@v1\nindex {leaf.index}\n{lines}\n{checkpoint.note}"
    return SingleProof(leaf.index, bytes(event.record), text)


def consistency_text(old_size: int, new_size: int) -> str:
    """`strongroom-consistency/1` between two checkpoints' sizes. Raises as `consistency_path`."""
    lines = "".join(f"{_base64(one)}\n" for one in consistency_path(old_size, new_size))
    return f"strongroom-consistency/1\nfrom {old_size}\nto {new_size}\n{lines}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
