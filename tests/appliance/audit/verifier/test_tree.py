"""The verifier's tree: published roots, the kinds of proofs that must pass and fail, and a second implementation.

The leaves, roots and kinds of corruption are those of the reference tests of Certificate Transparency (the vectors of
transparency-dev/merkle are made of them): 98 proofs of inclusion, of which 92 must be refused, and the same number of
consistency. The proofs themselves are made here, by RFC 6962's own recursion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from appliance.audit.verifier.strongroom_verify import Tree, is_continued, leaf_hash, root_by_path
from tests.appliance.audit.verifier.made_log import consistency_of, leaf_of, path_of, root_of

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = hashlib.sha256(b"").digest()
SOME = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")
HASHES = [leaf_of(leaf) for leaf in LEAVES]
Inclusion = tuple[str, bool, int, int, bytes, bytes, list[bytes]]
Consistency = tuple[str, bool, int, int, bytes, bytes, list[bytes]]


def _flipped(path: list[bytes], place: int, mask: int) -> list[bytes]:
    changed = bytes([path[place][0] ^ mask]) + path[place][1:]
    return [*path[:place], changed, *path[place + 1 :]]


def inclusion_vectors() -> Iterator[Inclusion]:
    """What it is, whether it holds, index, size, root, leaf hash, path."""
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (1, 5)):
        path, root, leaf = path_of(index, HASHES[:size]), root_of(HASHES[:size]), HASHES[index]
        name = f"{index} of {size}"
        yield f"{name}, right", True, index, size, root, leaf, path
        for changed in (index - 1, index + 1, index ^ 2):
            yield f"{name}, index {changed}", False, changed, size, root, leaf, path
        for changed in (size * 2, size // 2):
            yield f"{name}, size {changed}", False, index, changed, root, leaf, path
        yield f"{name}, wrong leaf", False, index, size, root, b"WrongLeaf", path
        yield f"{name}, empty root", False, index, size, EMPTY, leaf, path
        yield f"{name}, random root", False, index, size, SOME, leaf, path
        for extra in (b"", root):
            yield f"{name}, {len(extra)} bytes behind", False, index, size, root, leaf, [*path, extra]
            yield f"{name}, {len(extra)} bytes in front", False, index, size, root, leaf, [extra, *path]
        for place in range(len(path)):
            yield f"{name}, bit in step {place}", False, index, size, root, leaf, _flipped(path, place, 8)
        if path:
            yield f"{name}, step removed", False, index, size, root, leaf, path[:-1]
        if len(path) > 1:
            yield f"{name}, step put in", False, index, size, root, leaf, [path[0], SOME, *path[1:]]
    for index, size in ((0, 0), (0, 1), (1, 0), (2, 1)):
        yield f"nothing {index} of {size}, empty root", False, index, size, b"", SOME, []
        yield f"nothing {index} of {size}, empty leaf", False, index, size, EMPTY, b"", []
        yield f"nothing {index} of {size}, both random", False, index, size, EMPTY, SOME, []
    single = leaf_of(b"data")
    yield "one leaf, right", True, 0, 1, single, single, []
    yield "one leaf, empty leaf", False, 0, 1, single, b"", []
    yield "one leaf, empty root", False, 0, 1, b"", single, []
    yield "one leaf, both empty", False, 0, 1, b"", b"", []


def consistency_vectors() -> Iterator[Consistency]:
    """What it is, whether it holds, old size, new size, old root, new root, path."""
    for old, new in ((1, 1), (1, 8), (6, 8), (2, 5), (6, 7)):
        path, first, second = consistency_of(old, HASHES[:new]), root_of(HASHES[:old]), root_of(HASHES[:new])
        name = f"{old} to {new}"
        yield f"{name}, right", True, old, new, first, second, path
        if not path:
            continue
        for changed in (old - 1, old + 1, old ^ 2):
            yield f"{name}, old size {changed}", False, changed, new, first, second, path
        for changed in (new * 2, new // 2):
            yield f"{name}, new size {changed}", False, old, changed, first, second, path
        yield f"{name}, wrong old root", False, old, new, b"WrongRoot", second, path
        yield f"{name}, wrong new root", False, old, new, first, b"WrongRoot", path
        yield f"{name}, roots swapped", False, old, new, second, first, path
        yield f"{name}, no path", False, old, new, first, second, []
        for word, extra in (("garbage", b""), ("old root", first), ("new root", second)):
            yield f"{name}, {word} behind", False, old, new, first, second, [*path, extra]
            yield f"{name}, {word} in front", False, old, new, first, second, [extra, *path]
        yield f"{name}, first step twice", False, old, new, first, second, [path[0], *path]
        yield f"{name}, cut", False, old, new, first, second, path[:-1]
        for place in range(len(path)):
            yield f"{name}, bit in step {place}", False, old, new, first, second, _flipped(path, place, 16)
    one, other = b"don't care 1", b"don't care 2"
    for old, new, first, second, path in (
        (0, 0, one, other, []),
        (1, 1, one, other, []),
        (0, 1, one, other, []),
        (1, 0, one, other, []),
        (2, 1, one, other, []),
        (1, 2, one, other, []),
        (0, 0, EMPTY, other, []),
        (1, 1, EMPTY, other, []),
        (0, 0, EMPTY, EMPTY, [EMPTY]),
        (0, 1, EMPTY, EMPTY, [EMPTY]),
        (0, 1, EMPTY, EMPTY, []),
        (1, 1, EMPTY, EMPTY, [EMPTY]),
        (2, 1, EMPTY, EMPTY, [EMPTY]),
    ):
        yield f"{old} to {new}, {len(path)} steps, roots {first[:12]!r}", False, old, new, first, second, path
    yield "1 to 1, equal roots", True, 1, 1, other, other, []


INCLUSION, CONSISTENCY = list(inclusion_vectors()), list(consistency_vectors())


def test_there_are_as_many_vectors_of_each_kind_as_in_the_reference() -> None:
    assert [len(INCLUSION), len(CONSISTENCY)] == [98, 98]
    assert [sum(not vector[1] for vector in vectors) for vectors in (INCLUSION, CONSISTENCY)] == [92, 92]


@pytest.mark.parametrize("number", range(len(INCLUSION)), ids=lambda number: INCLUSION[number][0])
def test_inclusion(number: int) -> None:
    _, holds, index, size, root, leaf, path = INCLUSION[number]
    found = root_by_path(index, size, leaf, path)
    assert (found is not None and found == root) is holds


@pytest.mark.parametrize("number", range(len(CONSISTENCY)), ids=lambda number: CONSISTENCY[number][0])
def test_consistency(number: int) -> None:
    _, holds, old, new, first, second, path = CONSISTENCY[number]
    assert is_continued((old, first), (new, second), path) is holds


def test_published_roots_come_out_of_both_implementations() -> None:
    tree, found = Tree(), []
    for leaf in LEAVES:
        tree.append(leaf_hash(leaf))
        found.append(tree.root().hex())
    assert found == PUBLISHED_ROOTS
    assert [root_of(HASHES[:size]).hex() for size in range(1, 9)] == PUBLISHED_ROOTS
    assert Tree().root() == root_of([]) == EMPTY


def test_every_proof_of_every_small_tree_is_accepted() -> None:
    leaves = [leaf_of(str(number).encode()) for number in range(33)]
    for size in range(1, 34):
        root = root_of(leaves[:size])
        for index in range(size):
            assert root_by_path(index, size, leaves[index], path_of(index, leaves[:size])) == root
        for old in range(1, size + 1):
            path = consistency_of(old, leaves[:size])
            assert is_continued((old, root_of(leaves[:old])), (size, root), path)


def test_a_node_passes_for_no_leaf() -> None:
    """The second preimage: in a tree without prefixes, left and right joined would be a record."""
    leaves = [leaf_of(bytes([number])) for number in range(4)]
    forged = leaf_of(leaves[0] + leaves[1])
    assert root_by_path(0, 2, forged, [root_of(leaves[2:])]) != root_of(leaves)


def test_tiles_come_out_of_a_growing_tree() -> None:
    tree, found = Tree(), {}
    leaves = [leaf_of(str(number).encode()) for number in range(600)]
    for leaf in leaves:
        for level, hashed in tree.append(leaf):
            found.setdefault(level, []).append(hashed)
    assert found == {0: leaves, 1: [root_of(leaves[:256]), root_of(leaves[256:512])]}
