"""Inclusion and consistency proofs of RFC 6962, from any source of hashes, and their verification.

A proof names O(log n) full subtrees and at most one ragged right edge; `Hashes` looks a full subtree up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from appliance.audit.tree.merkle import node_hash

Hashes = Callable[[int, int], bytes]
"""(height, index) -> root of the full subtree of 2**height leaves that begins at leaf index * 2**height."""


def subtree_root(start: int, end: int, hashes: Hashes) -> bytes:
    """Root over the leaves start … end - 1, where `start` is a multiple of the greatest power of two in the range."""
    if end <= start:
        raise ValueError("an empty range has no root here")
    width = end - start
    height = width.bit_length() - 1
    if width == 1 << height:
        return hashes(height, start >> height)
    split = start + (1 << height)
    return node_hash(hashes(height, start >> height), subtree_root(split, end, hashes))


def inclusion_path(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """Audit path of a leaf in the tree of `size` leaves, its sibling first. Raises ValueError for 0 > index >= size."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(subtree_root(split, end, hashes))
            end = split
        else:
            path.append(subtree_root(start, split, hashes))
            start = split
    return path[::-1]


def consistency_path(old: int, new: int, hashes: Hashes) -> list[bytes]:
    """RFC 6962 2.1.2. Empty for equal sizes. Raises ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from size {old} to {new}")
    path: list[bytes] = []
    start, end, known = 0, new, True  # known: the verifier has the root of the old tree in this range already
    while old != end:
        split = start + _split(end - start)
        if old <= split:
            path.append(subtree_root(split, end, hashes))
            end = split
        else:
            path.append(subtree_root(start, split, hashes))
            start, known = split, False
    if not known:
        path.append(subtree_root(start, end, hashes))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to; None when the path has not the length that index and size ask for."""
    if not 0 <= index < size:
        return None
    node, place, last, rest = leaf, index, size - 1, list(path)
    while last:
        if place & 1 or place == last:
            if not rest:
                return None
            node = node_hash(rest.pop(0), node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            if not rest:
                return None
            node = node_hash(node, rest.pop(0))
        place, last = place >> 1, last >> 1
    return None if rest else node


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the path shows that the tree `new` (size, root) continues `old`."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    rest = list(path)
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not place:
        rest.insert(0, old_root)
    if not rest:
        return False
    of_old = of_new = rest.pop(0)
    for one in rest:
        if not last:
            return False
        if place & 1 or place == last:
            of_old, of_new = node_hash(one, of_old), node_hash(one, of_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            of_new = node_hash(of_new, one)
        place, last = place >> 1, last >> 1
    return not last and of_old == old_root and of_new == new_root


def _split(width: int) -> int:
    """The greatest power of two below `width`, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1
