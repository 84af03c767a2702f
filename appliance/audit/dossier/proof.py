"""Where an entry of the log stands in the signed tree: waiting, in it, or under a checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.audit.models import AuditEvent, Checkpoint, Leaf
from appliance.audit.tree.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class ProofState:
    """`index` in the tree, None while the entry waits for its place. `signed`: size of the newest checkpoint, None when
    the entry stands behind it. `fits`: the record makes the hash that stands in the tree."""

    index: int | None = None
    signed: int | None = None
    fits: bool = True

    @property
    def words(self) -> str:
        if self.index is None:
            return "waits for its place in the tree"
        if not self.fits:
            return "differs from the tree"
        return f"under checkpoint {self.signed}" if self.signed else "in the tree, waits for a checkpoint"


def proof_states(events: Iterable[AuditEvent]) -> dict[int, ProofState]:
    """By the events' primary keys."""
    wanted = {event.pk: event for event in events}
    leaves = {leaf.event_id: leaf for leaf in Leaf.objects.filter(event_id__in=wanted)}
    newest = newest_checkpoint()
    size = newest.size if newest else 0
    return {pk: _state(event, leaves.get(pk), size) for pk, event in wanted.items()}


def newest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def _state(event: AuditEvent, leaf: Leaf | None, size: int) -> ProofState:
    if leaf is None:
        return ProofState()
    signed = size if leaf.index < size else None
    return ProofState(leaf.index, signed, leaf_hash(bytes(event.record)) == bytes(leaf.leaf_hash))
