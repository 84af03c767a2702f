from __future__ import annotations

from pathlib import Path

from models_store.card import ModelCard
from models_store.lineage import Ancestor, Taught, ancestry, cards, descendants, taught_by
from models_store.store import add, file_digest

A, B, C, GONE = "a" * 64, "b" * 64, "c" * 64, "d" * 64
ORIGINAL = "e" * 64


def card(digest: str, base: str = "", *documents: str) -> ModelCard:
    return ModelCard(
        digest=digest, name=digest[:1], base=base, documents=documents, context_tokens=1, made_at=digest[:1]
    )


KNOWN = {A: card(A, GONE), B: card(B, A, ORIGINAL), C: card(C, B)}


def test_line_goes_back_to_the_first_model_that_is_not_there() -> None:
    assert ancestry(C, KNOWN) == (
        Ancestor(C, KNOWN[C]),
        Ancestor(B, KNOWN[B]),
        Ancestor(A, KNOWN[A]),
        Ancestor(GONE, None),
    )


def test_cards_that_name_each_other_end_somewhere() -> None:
    circle = {A: card(A, B), B: card(B, A)}
    assert [step.digest for step in ancestry(A, circle)] == [A, B]
    assert descendants(A, circle) == (circle[B],)


def test_descendants_are_those_made_from_a_model_also_through_others() -> None:
    assert descendants(A, KNOWN) == (KNOWN[B], KNOWN[C])
    assert descendants(C, KNOWN) == ()


def test_document_taught_the_model_whose_card_names_it_and_all_made_from_that() -> None:
    assert taught_by(ORIGINAL, KNOWN) == (Taught(KNOWN[B]), Taught(KNOWN[C], through=B))
    assert taught_by(GONE, KNOWN) == ()


def test_cards_of_the_store_carry_their_documents(tmp_path: Path) -> None:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"weights")
    digest = file_digest(weights)
    add(weights, card(digest, "", ORIGINAL), root=tmp_path / "store")
    assert cards(root=tmp_path / "store")[digest].documents == (ORIGINAL,)
