"""An adapter as a model of its own: kept, named by both files, in force for its one type, and guarded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from extraction.language_model import adapted_digest
from models_store import store
from models_store.card import ModelCard, ModelState
from models_store.pointers import TYPE_POINTERS
from models_store.store import Pointer, StoreError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def base(root: Path) -> str:
    """In force for all types."""
    digest = put(root, "base")
    store.promote(digest, root=root)
    return digest


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def put(root: Path, text: str) -> str:
    root.parent.mkdir(exist_ok=True)
    file = root.parent / "made.gguf"
    file.write_text(text)
    return store.add(file, ModelCard(digest=sha(text), name=text, context_tokens=1), root=root)


def card_of(base: str, text: str, document_type: str = "invoice", **changes: str) -> ModelCard:
    facts = {"digest": adapted_digest(base, sha(text)), "runs_on": base, "adapter_file": sha(text), **changes}
    return ModelCard(name=text, base=base, document_type=document_type, context_tokens=1, **facts)


def lay(root: Path, base: str, text: str, document_type: str = "invoice") -> str:
    file = root.parent / "made.adapter"
    file.write_text(text)
    return store.add_adapter(file, card_of(base, text, document_type), root=root, state=ModelState.CANDIDATE)


def answering(root: Path, document_type: str = "") -> str:
    card = store.current(root=root, document_type=document_type)
    return card.name if card else ""


def test_adapter_is_loaded_from_two_files(root: Path, base: str) -> None:
    digest = lay(root, base, "for invoices")

    files = store.files_of(digest, root=root)

    assert files.adapter is not None
    assert (files.model.read_text(), files.adapter.read_text(), files.size) == ("base", "for invoices", 12)
    assert store.files_of(base, root=root).adapter is None
    assert store.state_of(digest, root=root) is ModelState.CANDIDATE
    with pytest.raises(StoreError, match="no model"):
        store.model_path(digest, root=root)


def test_it_answers_its_type_and_leaves_the_others_alone(root: Path, base: str) -> None:
    digest = lay(root, base, "for invoices")

    store.promote(digest, root=root, document_type="invoice")

    assert [answering(root, name) for name in ("invoice", "receipt", "")] == ["for invoices", "base", "base"]
    assert store.answering("invoice", root=root)[1] == Pointer(digest, base, _since(root))
    assert store.state_of(digest, root=root) is ModelState.PRODUCTION


def test_it_stays_when_another_model_comes_in_force_for_all_types(root: Path, base: str) -> None:
    store.promote(lay(root, base, "for invoices"), root=root, document_type="invoice")

    store.promote(put(root, "better"), root=root)

    assert [answering(root, name) for name in ("invoice", "receipt")] == ["for invoices", "better"]


def test_a_type_goes_back_to_the_adapter_before_or_to_the_model_of_all(root: Path, base: str) -> None:
    first, second = lay(root, base, "first"), lay(root, base, "second")
    store.promote(first, root=root, document_type="invoice")
    store.promote(second, root=root, document_type="invoice")
    assert store.answering("invoice", root=root)[1] == Pointer(second, first, _since(root))
    assert store.state_of(first, root=root) is ModelState.PREVIOUS

    store.promote(base, root=root, document_type="invoice")

    assert answering(root, "invoice") == "base"
    assert store.state_of(first, root=root) is ModelState.RETIRED
    assert store.state_of(second, root=root) is ModelState.PREVIOUS
    pointer = store.read_pointer(root=root)
    assert pointer is not None
    assert pointer.production == base  # the others never noticed


@pytest.mark.parametrize("document_type", ["", "receipt"])
def test_it_is_never_in_force_for_another_type(root: Path, base: str, document_type: str) -> None:
    digest = lay(root, base, "for invoices")
    with pytest.raises(StoreError, match="invoice alone"):
        store.promote(digest, root=root, document_type=document_type)
    store.promote(digest, root=root, document_type="invoice")  # control


@pytest.mark.parametrize(
    "changes",
    [{"digest": "a" * 64}, {"document_type": ""}, {"runs_on": "b" * 64}, {"adapter_file": "c" * 64}],
    ids=["another name", "no type", "another base", "another file"],
)
def test_card_that_does_not_fit_is_refused(root: Path, base: str, changes: dict[str, str]) -> None:
    file = root.parent / "made.adapter"
    file.write_text("for invoices")
    with pytest.raises(StoreError):
        store.add_adapter(file, card_of(base, "for invoices").model_copy(update=changes), root=root)
    store.add_adapter(file, card_of(base, "for invoices"), root=root)  # control


def test_without_the_model_below_it_is_not_kept(root: Path) -> None:
    root.parent.mkdir(exist_ok=True)
    (root.parent / "made.adapter").write_text("for invoices")
    with pytest.raises(StoreError, match="no model"):
        store.add_adapter(root.parent / "made.adapter", card_of(sha("base"), "for invoices"), root=root)


@pytest.mark.parametrize("damaged", ["model", "adapter"])
def test_damaged_file_never_comes_in_force(root: Path, base: str, damaged: str) -> None:
    digest = lay(root, base, "for invoices")
    store.verify(digest, root=root)  # control
    file = getattr(store.files_of(digest, root=root), damaged)
    file.write_text("something else")

    with pytest.raises(StoreError, match="damaged"):
        store.promote(digest, root=root, document_type="invoice")
    assert answering(root, "invoice") == "base"


def test_model_below_an_adapter_stays(root: Path, base: str) -> None:
    adapter = lay(root, base, "for invoices")
    store.promote(put(root, "second"), root=root)
    store.promote(put(root, "third"), root=root)
    with pytest.raises(StoreError, match="an adapter that needs it"):
        store.remove(base, root=root, protect_bases=False)

    assert store.remove(adapter, root=root) >= len("for invoices")
    store.remove(base, root=root)  # control: nothing needs it any more


def test_adapter_in_force_and_the_one_before_stay(root: Path, base: str) -> None:
    first, second = lay(root, base, "first"), lay(root, base, "second")
    for digest in (first, second):
        store.promote(digest, root=root, document_type="invoice")
    for digest, why in ((second, "in force"), (first, "go back to")):
        with pytest.raises(StoreError, match=why):
            store.remove(digest, root=root)


def test_list_of_types_that_cannot_be_read_is_told(root: Path, base: str) -> None:
    (root / TYPE_POINTERS).write_text("[")
    with pytest.raises(StoreError, match="adapters in force"):
        store.current(root=root, document_type="invoice")
    assert answering(root) == "base"


def _since(root: Path) -> str:
    return store.type_pointers(root=root)["invoice"].since
