"""Removing models, their other names, and what all of it takes on the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from models_store import lineage, store
from models_store.card import ModelCard, ModelState
from models_store.store import StoreError
from models_store.weights import add_weights, has_weights


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store with blanks"


def put(root: Path, text: str, *, base: str = "", weights: str = "", adapter: str = "") -> str:
    root.parent.mkdir(exist_ok=True)
    model, beside = root.parent / "made.gguf", root.parent / "made.adapter"
    model.write_text(text)
    beside.write_text(adapter)
    card = ModelCard(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        name=text,
        base=base,
        weights=weights,
        adapter_file=hashlib.sha256(adapter.encode()).hexdigest() if adapter else "",
        context_tokens=1,
        made_at=f"2026-11-21T08:00:00Z {text}",
    )
    return store.add(model, card, root=root, adapter=beside if adapter else None)


def checkpoint(folder: Path, text: str = "tensors") -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_text(text)
    return folder


def test_removed_model_is_gone_but_its_card_stays_for_lineage(root: Path) -> None:
    first, second = put(root, "first"), put(root, "second")
    assert store.remove(first, root=root) >= len("first")
    assert [model.card.digest for model in store.list_models(root=root)] == [second]
    assert store.state_of(first, root=root) is ModelState.REMOVED
    assert set(lineage.cards(root=root)) == {second}
    assert set(lineage.cards(root=root, with_removed=True)) == {first, second}
    with pytest.raises(StoreError, match="no model"):
        store.model_path(first, root=root)
    assert not (root / first).exists()


def test_removed_model_can_come_back(root: Path) -> None:
    digest = put(root, "first")
    store.remove(digest, root=root)
    put(root, "first")
    assert store.state_of(digest, root=root) is ModelState.IMPORTED
    store.verify(digest, root=root)
    assert store.removed_cards(root=root) == []


def test_models_that_are_needed_stay(root: Path) -> None:
    base = put(root, "base")
    first, second = put(root, "first", base=base), put(root, "second")
    store.promote(first, root=root)
    store.promote(second, root=root)
    for digest, why in ((second, "in force"), (first, "go back to"), (base, "first .* was made from it")):
        with pytest.raises(StoreError, match=why):
            store.remove(digest, root=root)
        store.verify(digest, root=root)
    store.remove(base, root=root, protect_bases=False)
    assert [ancestor.digest for ancestor in lineage.ancestry(first, lineage.cards(root=root))] == [first, base]


def test_a_model_that_is_not_there_cannot_be_removed(root: Path) -> None:
    put(root, "first")
    with pytest.raises(StoreError, match="cannot be read"):
        store.remove("a" * 64, root=root)


def test_removal_that_was_cut_short_leaves_no_model(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = put(root, "first")
    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            store.remove(digest, root=root)
    assert store.list_models(root=root) == []
    assert store.disk_use(root).other > len("first")
    put(root, "first")
    store.verify(digest, root=root)


def _power_cut(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_trainable_weights_go_with_the_last_model_made_from_them(root: Path, tmp_path: Path) -> None:
    weights = add_weights(checkpoint(tmp_path / "checkpoint"), root=root)
    first, second = put(root, "first", weights=weights), put(root, "second", weights=weights)
    store.remove(first, root=root)
    assert has_weights(weights, root=root)
    store.remove(second, root=root)
    assert not has_weights(weights, root=root)


def test_shared_weights_count_once(root: Path, tmp_path: Path) -> None:
    weights = add_weights(checkpoint(tmp_path / "checkpoint", "t" * 5000), root=root)
    digests = {put(root, text * 1000, weights=weights) for text in "ab"}
    use = store.disk_use(root)
    assert set(use.models) == digests
    assert all(1000 < size < 6000 for size in use.models.values())
    assert 5000 < use.weights[weights] < 6000
    assert use.total == sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    assert use.free > 0


def test_an_empty_store_takes_nothing(root: Path) -> None:
    assert store.disk_use(root).total == 0


def test_the_adapter_is_kept_beside_the_model(root: Path) -> None:
    digest = put(root, "tuned", adapter="what changed")
    assert store.adapter_path(digest, root=root).read_text() == "what changed"
    with pytest.raises(StoreError, match="not kept by itself"):
        store.adapter_path(put(root, "merged"), root=root)


def test_a_card_names_no_adapter_that_is_not_kept(root: Path) -> None:
    digest = put(root, "tuned", adapter="what changed")
    card = store.read_card(digest, root=root)
    store.remove(digest, root=root)
    (root.parent / "made.gguf").write_text("tuned")
    store.add(root.parent / "made.gguf", card, root=root)
    assert store.read_card(digest, root=root).adapter_file == ""


def test_an_adapter_that_is_not_the_cards_is_refused(root: Path) -> None:
    card = ModelCard(digest=hashlib.sha256(b"x").hexdigest(), name="x", adapter_file="b" * 64, context_tokens=1)
    model = root.parent / "x.gguf"
    model.write_bytes(b"x")
    with pytest.raises(StoreError, match="its card says"):
        store.add(model, card, root=root, adapter=model)
    assert store.list_models(root=root) == []


def test_a_copy_is_one_more_name_of_the_same_bytes(root: Path) -> None:
    digest = put(root, "first")
    before = store.disk_use(root).models
    assert store.copy(digest, "invoices:best", root=root) == "invoices:best"
    store.copy(digest, "invoices:best", root=root)
    store.copy(digest, "another", root=root)
    assert store.names_of(digest, root=root) == ("another", "invoices:best")
    assert store.disk_use(root).models == before
    store.drop_name("another", root=root)
    assert store.names_of(digest, root=root) == ("invoices:best",)
    with pytest.raises(StoreError, match="No model was given"):
        store.drop_name("another", root=root)


def test_a_name_belongs_to_one_model_and_goes_with_it(root: Path) -> None:
    first, second = put(root, "first"), put(root, "second")
    store.copy(first, "best", root=root)
    with pytest.raises(StoreError, match="taken by another"):
        store.copy(second, "best", root=root)
    store.remove(first, root=root)
    assert store.read_names(root=root) == {}
    store.copy(second, "best", root=root)


@pytest.mark.parametrize("name", ["", " ", "../x", "a b", "-x", "x" * 81, "ä", "x\n", "0" * 64])
def test_what_is_no_name_is_refused(root: Path, name: str) -> None:
    with pytest.raises(StoreError, match="letters, digits"):
        store.copy(put(root, "first"), name, root=root)


def test_a_name_needs_a_model(root: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        store.copy("a" * 64, "best", root=root)


def test_models_are_found_by_digest_its_beginning_or_a_name(root: Path) -> None:
    first, second = put(root, "first"), put(root, "second")
    store.copy(second, "best", root=root)
    found = [store.resolve(name, root=root) for name in (first, first[:6], "first", "best")]
    assert found == [first, first, first, second]
    store.copy(second, "first", root=root)
    assert store.resolve("first", root=root) == second


@pytest.mark.parametrize("name", ["", "none", "../..", "a" * 64])
def test_a_name_of_nothing_is_said_so(root: Path, name: str) -> None:
    put(root, "first")
    with pytest.raises(StoreError, match="No model of the store"):
        store.resolve(name, root=root)


def test_a_name_of_several_is_said_so(root: Path, tmp_path: Path) -> None:
    digests = []
    for text in ("one", "two"):
        (tmp_path / text).write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        digests.append(digest[:12])
        store.add(tmp_path / text, ModelCard(digest=digest, name="same", context_tokens=1), root=root)
    with pytest.raises(StoreError, match=f"{digests[1]}|{digests[0]}"):
        store.resolve("same", root=root)


@pytest.mark.parametrize("content", ["", "[]", "{", "1"])
def test_unreadable_names_are_a_store_error(root: Path, content: str) -> None:
    put(root, "first")
    (root / "names.json").write_text(content)
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_names(root=root)
