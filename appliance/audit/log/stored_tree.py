"""The tree as the database holds it: any full subtree's hash by at most one tile, any edge by one query a level."""

from __future__ import annotations

from appliance.audit.models import Leaf, Tile
from appliance.audit.tree.merkle import TILE_WIDTH, GrowingTree, root_of
from appliance.audit.tree.proofs import subtree_root
from appliance.audit.tree.tiles import edge_widths

_HASH = 32
_LEVEL_HEIGHT = 8


class TreeDamaged(Exception):
    """Leaves or tiles that should be there are not, or do not agree with what was signed. The message is for people."""


class StoredTree:
    """Looks up hashes for proofs over the first `size` leaves; remembers the tiles that it has read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, height: int, index: int) -> bytes:
        """`tree.proofs.Hashes`. Raises TreeDamaged."""
        level, within = divmod(height, _LEVEL_HEIGHT)
        start = (index << within) % TILE_WIDTH
        tile = self._tile(level, (index << within) // TILE_WIDTH)
        hashes = tile[start : start + (1 << within)]
        if len(hashes) != 1 << within:
            raise TreeDamaged(f"The tree has no full subtree of height {height} at {index}.")
        return root_of(hashes)

    def root(self) -> bytes:
        return subtree_root(0, self.size, self) if self.size else root_of([])

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self._tiles:
            self._tiles[level, index] = tile_hashes(level, index)
        return self._tiles[level, index]


def tile_hashes(level: int, index: int) -> list[bytes]:
    """All hashes that there are of this tile. Level 0 comes from the leaves, higher ones from the tiles below."""
    start = index * TILE_WIDTH
    if level == 0:
        found = Leaf.objects.filter(index__gte=start, index__lt=start + TILE_WIDTH).order_by("index")
        rows = list(found.values_list("index", "leaf_hash"))
    else:
        below = Tile.objects.filter(level=level - 1, index__gte=start, index__lt=start + TILE_WIDTH).order_by("index")
        rows = list(below.values_list("index", "root"))
    if [place for place, _ in rows] != list(range(start, start + len(rows))):
        raise TreeDamaged(f"Tile {level}/{index} has a gap.")
    return [bytes(one) for _, one in rows]


def size_of_tree() -> int:
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def load_edge(size: int) -> GrowingTree:
    """The right edge of the tree of `size` leaves, ready to grow. Raises TreeDamaged."""
    levels = {level: (index, width) for level, index, width in edge_widths(size)}
    edge = []
    for level in range(max(levels, default=-1) + 1):
        index, width = levels.get(level, (0, 0))
        hashes = tile_hashes(level, index)[:width] if width else []
        if len(hashes) != width:
            raise TreeDamaged(f"Tile {level}/{index} should hold {width} hashes and holds {len(hashes)}.")
        edge.append(hashes)
    return GrowingTree(size, edge)
