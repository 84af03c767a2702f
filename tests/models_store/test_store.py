"""The store of models: whole or absent, verified, and a pointer that moves in one step."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from pathlib import Path

import pytest
from pydantic import ValidationError

from models_store import store
from models_store.card import ModelCard, ModelState
from models_store.store import Pointer, StoreError


def _model(folder: Path, text: str = "weights") -> tuple[Path, ModelCard]:
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{text}.gguf"
    weights.write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    card = ModelCard(digest=digest, name=text, context_tokens=2048, made_at=f"2026-11-21T08:00:00Z {text}")
    return weights, card


def _put(root: Path, text: str) -> str:
    return store.add(*_model(root.parent / "incoming", text), root=root)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store with blanks"


def test_empty_store_has_no_model_in_force(root: Path) -> None:
    assert store.current(root=root) is None
    assert store.list_models(root=root) == []


def test_added_model_can_be_read_back(root: Path) -> None:
    weights, card = _model(root.parent, "first")
    digest = store.add(weights, card, root=root)
    assert digest == card.digest
    assert store.model_path(digest, root=root).read_text() == "first"
    assert store.read_card(digest, root=root) == card
    assert store.state_of(digest, root=root) is ModelState.IMPORTED


def test_adding_twice_changes_nothing(root: Path) -> None:
    digest = _put(root, "first")
    written = store.model_path(digest, root=root).stat().st_mtime_ns
    assert _put(root, "first") == digest
    assert store.model_path(digest, root=root).stat().st_mtime_ns == written


def test_weights_that_are_not_the_cards_are_refused(root: Path) -> None:
    weights, card = _model(root.parent, "first")
    weights.write_text("other")
    with pytest.raises(StoreError, match="its card says"):
        store.add(weights, card, root=root)
    assert store.list_models(root=root) == []


def test_weights_without_a_card_do_not_exist(root: Path) -> None:
    digest = _put(root, "first")
    (root / digest / store.CARD).unlink()
    assert store.list_models(root=root) == []
    with pytest.raises(StoreError, match="no model"):
        store.model_path(digest, root=root)


def test_an_addition_that_was_cut_short_is_completed_by_the_next(root: Path) -> None:
    weights, card = _model(root.parent, "first")
    (root / card.digest).mkdir(parents=True)
    (root / card.digest / "model.gguf.part").write_text("half")
    store.add(weights, card, root=root)
    store.verify(card.digest, root=root)
    assert sorted(path.name for path in (root / card.digest).iterdir()) == ["card.json", "model.gguf", "state.json"]


def test_promotion_moves_the_pointer_and_keeps_the_one_before(root: Path) -> None:
    first, second, third = (_put(root, name) for name in ("first", "second", "third"))
    for digest in (first, second, third):
        store.promote(digest, root=root)
    states = {model.card.digest: model.state for model in store.list_models(root=root)}
    assert states == {third: ModelState.PRODUCTION, second: ModelState.PREVIOUS, first: ModelState.RETIRED}
    card = store.current(root=root)
    assert card is not None
    assert card.digest == third


def test_promoting_the_model_in_force_keeps_the_way_back(root: Path) -> None:
    first, second = _put(root, "first"), _put(root, "second")
    store.promote(first, root=root)
    before = store.promote(second, root=root)
    assert store.promote(second, root=root) == before


def test_the_previous_model_put_in_force_again_exchanges_the_two(root: Path) -> None:
    first, second = _put(root, "first"), _put(root, "second")
    store.promote(first, root=root)
    store.promote(second, root=root)
    pointer = store.promote(first, root=root)
    assert (pointer.production, pointer.previous) == (first, second)


def test_damaged_weights_are_never_put_in_force(root: Path) -> None:
    first, second = _put(root, "first"), _put(root, "second")
    store.promote(first, root=root)
    store.model_path(second, root=root).write_text("seconD")
    with pytest.raises(StoreError, match="damaged"):
        store.promote(second, root=root)
    pointer = store.read_pointer(root=root)
    assert pointer is not None
    assert pointer.production == first


def test_state_of_the_model_in_force_cannot_be_written(root: Path) -> None:
    digest = _put(root, "first")
    with pytest.raises(StoreError, match="promote it instead"):
        store.set_state(digest, ModelState.PRODUCTION, root=root)
    store.set_state(digest, ModelState.CANDIDATE, root=root)
    assert store.state_of(digest, root=root) is ModelState.CANDIDATE


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "/" * 64])
def test_only_a_digest_names_a_model(root: Path, digest: str) -> None:
    with pytest.raises(StoreError, match="64 hexadecimal digits"):
        store.model_path(digest, root=root)


def test_a_card_of_another_model_is_refused(root: Path) -> None:
    digest = _put(root, "first")
    other = _put(root, "second")
    (root / digest / store.CARD).write_bytes((root / other / store.CARD).read_bytes())
    with pytest.raises(StoreError, match="speaks of"):
        store.read_card(digest, root=root)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "x"}', "\x00"])
def test_an_unreadable_card_or_pointer_is_a_store_error(root: Path, content: str) -> None:
    digest = _put(root, "first")
    (root / digest / store.CARD).write_text(content)
    (root / store.POINTER).write_text(content)
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_card(digest, root=root)
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_pointer(root=root)


def test_cards_are_frozen_and_keep_what_they_do_not_know() -> None:
    card = ModelCard.model_validate({"digest": "a" * 64, "name": "n", "context_tokens": 1, "from_the_future": 7})
    assert card.model_dump()["from_the_future"] == 7
    with pytest.raises(ValidationError):
        card.name = "other"


def _starter(folder: Path) -> ModelCard:
    weights, card = _model(folder, "starter")
    weights.rename(folder / store.STARTER_WEIGHTS)
    (folder / store.CARD).write_text(card.model_dump_json())
    return card


def test_starter_is_installed_and_put_in_force_once(root: Path, tmp_path: Path) -> None:
    card = _starter(tmp_path / "starter")
    assert store.install_starter(root=root, starter=tmp_path / "starter") == card
    assert store.current(root=root) == card
    other = _put(root, "better")
    store.promote(other, root=root)
    store.install_starter(root=root, starter=tmp_path / "starter")
    assert store.read_pointer(root=root) == Pointer(other, card.digest, _since(root))


def test_a_copy_without_starter_is_no_error(root: Path, tmp_path: Path) -> None:
    assert store.install_starter(root=root, starter=tmp_path) is None


def _since(root: Path) -> str:
    return str(json.loads((root / store.POINTER).read_text())["since"])


def _promote_often(root: str, digest: str) -> None:
    for _ in range(30):
        store.promote(digest, root=Path(root))


def test_readers_see_a_whole_pointer_while_writers_compete(root: Path) -> None:
    digests = {_put(root, "first"), _put(root, "second")}
    store.promote(min(digests), root=root)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_promote_often, args=(str(root), digest)) for digest in digests]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        pointer = store.read_pointer(root=root)
        assert pointer is not None
        seen.add(pointer.production)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen <= digests
