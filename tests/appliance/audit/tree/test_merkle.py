"""The tree against a naive recursive one: all small sizes, sizes at the edges of tiles, and drawn ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audit.tree.merkle import EMPTY_ROOT, TILE_WIDTH, GrowingTree, leaf_hash, root_of
from appliance.audit.tree.proofs import (
    consistency_path,
    inclusion_path,
    is_consistent,
    root_from_inclusion,
)
from appliance.audit.tree.tiles import edge_widths, tile_path
from tests.appliance.audit.tree import naive

SIZES = [*range(20), 31, 32, 33, 63, 64, 65, 255, 256, 257, 511, 512, 513, 700]


def records(count: int) -> list[bytes]:
    return [f"record {number}".encode() for number in range(count)]


def hashes_of(count: int):
    """`tree.proofs.Hashes` over made-up records."""
    leaves = [leaf_hash(record) for record in records(count)]

    def look_up(height: int, index: int) -> bytes:
        part = leaves[index << height : (index + 1) << height]
        assert len(part) == 1 << height, "only full subtrees may be asked for"
        return root_of(part)

    return look_up


@pytest.mark.parametrize("size", SIZES)
def test_root_is_that_of_the_naive_tree(size):
    assert root_of([leaf_hash(record) for record in records(size)]) == naive.mth(records(size))


@pytest.mark.parametrize("size", SIZES)
def test_growing_tree_has_the_same_root_in_any_steps(size):
    tree = GrowingTree()
    leaves = [leaf_hash(record) for record in records(size)]
    for start in range(0, size, 100):
        tree.extend(leaves[start : start + 100])

    assert (tree.size, tree.root()) == (size, naive.mth(records(size)))


def test_empty_tree_has_the_hash_of_nothing():
    assert GrowingTree().root() == EMPTY_ROOT == naive.mth([])


def test_full_tiles_hold_the_leaves_and_the_roots_of_the_tiles_below():
    tree = GrowingTree()
    leaves = [leaf_hash(record) for record in records(TILE_WIDTH * TILE_WIDTH + 1)]
    full = tree.extend(leaves)

    assert [(tile.level, tile.index) for tile in full] == [*((0, n) for n in range(256)), (1, 0)]
    assert full[3].hashes == b"".join(leaves[768:1024])
    assert full[-1].hashes == b"".join(tile.root for tile in full[:256])
    assert full[-1].root == root_of(leaves[:-1])
    assert [len(row) for row in tree.edge] == [1, 0, 1]


@given(st.integers(1, 300), st.data())
def test_inclusion_path_is_the_naive_one_and_leads_to_the_root(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, hashes_of(size))

    assert path == naive.path(index, records(size))
    leaf = leaf_hash(records(size)[index])
    assert root_from_inclusion(index, size, leaf, path) == naive.mth(records(size))


@given(st.integers(1, 300), st.data())
def test_consistency_path_is_the_naive_one_and_is_accepted(new, data):
    old = data.draw(st.integers(1, new))
    path = consistency_path(old, new, hashes_of(new))

    assert path == naive.proof(old, records(new))
    assert is_consistent((old, naive.mth(records(old))), (new, naive.mth(records(new))), path)


@given(st.integers(2, 120), st.data())
def test_control_a_changed_path_proves_nothing(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, hashes_of(size))
    bad = data.draw(st.sampled_from(["flipped", "cut", "longer", "other place", "node as leaf"]))
    leaf = leaf_hash(records(size)[index])
    if bad == "flipped":
        place = data.draw(st.integers(0, len(path) - 1))
        path[place] = bytes([path[place][0] ^ 1]) + path[place][1:]
    elif bad == "cut":
        path.pop()
    elif bad == "longer":
        path.append(path[-1])
    elif bad == "other place":
        index = (index + 1) % size
    else:
        leaf = naive.sha(b"\x00" + leaf + path.pop(0))

    assert root_from_inclusion(index, size, leaf, path) != naive.mth(records(size))


@given(st.integers(2, 120), st.data())
def test_control_another_history_is_not_consistent(new, data):
    old = data.draw(st.integers(1, new - 1))
    path = consistency_path(old, new, hashes_of(new))
    changed = records(old)
    changed[data.draw(st.integers(0, old - 1))] += b"!"

    assert not is_consistent((old, naive.mth(changed)), (new, naive.mth(records(new))), path)
    assert not is_consistent((old, naive.mth(records(old))), (new, naive.mth(records(new))), path[:-1])
    assert not is_consistent((old, naive.mth(records(old))), (new, naive.mth(records(new))), [*path, path[0]])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 3)])
def test_leaf_outside_of_the_tree_has_no_path(index, size):
    with pytest.raises(ValueError, match="is not in a tree"):
        inclusion_path(index, size, hashes_of(size))


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_proof_leads_from_nothing_or_back(old, new):
    with pytest.raises(ValueError, match="no proof leads"):
        consistency_path(old, new, hashes_of(new))


def test_tile_names_are_those_of_the_standard():
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path(0, 1067) == "tile/0/x001/067"
    assert tile_path(2, 1_234_067) == "tile/2/x001/x234/067"
    assert tile_path(0, 1, 7) == "tile/0/001.p/7"


def test_edge_names_every_tile_that_is_not_full():
    assert edge_widths(0) == []
    assert edge_widths(256) == [(1, 0, 1)]
    assert edge_widths(70_000) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
