"""The RFC 6962 tree: hashes, the root of a list, and a tree that grows at its right edge."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

TILE_WIDTH = 256
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes, which may be leaves or roots of full subtrees of one size."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        paired = [node_hash(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
        # An odd one out goes up as it is: that is where RFC 6962 splits.
        row = paired + row[len(row) - len(row) % 2 :]
    return row[0]


@dataclass(frozen=True, slots=True)
class FullTile:
    """256 hashes, joined, and the root over them."""

    level: int
    index: int
    hashes: bytes
    root: bytes


@dataclass(slots=True)
class GrowingTree:
    """A tree of `size` leaves as its right edge: `edge[level]` holds the hashes of that level's tile that is not full.

    What lies left of the edge never changes, so it need not be held.
    """

    size: int = 0
    edge: list[list[bytes]] = field(default_factory=list)

    def extend(self, leaves: Iterable[bytes]) -> list[FullTile]:
        """Append leaf hashes; returns the tiles that became full, lower levels first."""
        full: list[FullTile] = []
        for one in leaves:
            self._put(0, one, full)
            self.size += 1
        return full

    def root(self) -> bytes:
        right: bytes | None = None
        for hashes in self.edge:
            row = hashes if right is None else [*hashes, right]
            right = root_of(row) if row else right
        return EMPTY_ROOT if right is None else right

    def copy(self) -> GrowingTree:
        return GrowingTree(self.size, [list(hashes) for hashes in self.edge])

    def _put(self, level: int, one: bytes, full: list[FullTile]) -> None:
        while True:
            if level == len(self.edge):
                self.edge.append([])
            held = self.edge[level]
            held.append(one)
            if len(held) < TILE_WIDTH:
                return
            index = self.size // TILE_WIDTH ** (level + 1)
            tile = FullTile(level, index, b"".join(held), root_of(held))
            full.append(tile)
            held.clear()
            level, one = level + 1, tile.root
