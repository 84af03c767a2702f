"""From a value to what made it, and from a model to what it made."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.dossier.lineage import NOT_KEPT, Step, origin_of
from appliance.audit.dossier.made_by_model import MadeOfType, made_by
from appliance.audit.models import AuditEvent
from appliance.documents.models import DigestText, Document, Extraction, FieldValue
from appliance.documents.stored_runs import keep_texts, text_digest
from models_store.card import ModelCard
from models_store.store import CARD, add, remove
from tests.appliance.audit.made import corrected
from tests.appliance.documents.made import to_review


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    return tmp_path / "models"


@pytest.fixture
def document(clara: Person) -> Document:
    return to_review(clara)


def put(root: Path, name: str, **facts: object) -> str:
    """A model whose weights are its name."""
    weights = root.parent / f"{name}.gguf"
    weights.write_bytes(name.encode())
    digest = hashlib.sha256(name.encode()).hexdigest()
    return add(weights, ModelCard(digest=digest, name=name, context_tokens=1024, **facts), root=root)


def steps(path: str = "total") -> list[Step]:
    return list(origin_of(FieldValue.objects.get(path=path)).steps)


def test_chain_leads_from_the_model_through_its_line_to_the_file(document: Document, root: Path) -> None:
    base = put(root, "base", base="f" * 64)
    tuned = put(root, "tuned", base=base, adapter="a" * 64, dataset_digest="d" * 64, documents=("e" * 64,))
    Extraction.objects.update(model_digest=tuned)
    chain = steps()

    assert [(step.name, step.digest) for step in chain] == [
        ("Model", tuned),
        ("Adapter", "a" * 64),
        ("Data set", "d" * 64),
        ("Base model", base),
        ("Base model", "f" * 64),
        ("Prompt", "p" * 64),
        ("Schema", "s" * 64),
        ("Grammar and decoding", "g" * 64),
        ("Reader", "r" * 64),
        ("Original", document.sha256),
    ]
    assert chain[2].words.endswith("; 1 document")
    assert chain[4].words.startswith("Not in the store")


def test_a_removed_model_still_says_what_it_was(document: Document, root: Path) -> None:
    base = put(root, "base")
    tuned = put(root, "tuned", base=base, adapter="a" * 64)
    Extraction.objects.update(model_digest=tuned)
    before = steps()
    remove(tuned, root=root)

    assert steps() == before
    assert made_by(tuned).state == "removed"
    assert [card.name for card in made_by(base).descendants] == ["tuned"]


def test_text_behind_a_digest_is_shown_and_held_against_it(document: Document) -> None:
    keep_texts({text_digest("reader 7"): "reader 7"})
    Extraction.objects.update(reader_digest=text_digest("reader 7"))
    reader = next(step for step in steps() if step.name == "Reader")
    assert (reader.text, reader.fits) == ("reader 7", True)

    DigestText.objects.update(text="reader 8")
    assert not next(step for step in steps() if step.name == "Reader").fits


def test_run_whose_texts_were_not_kept_says_so(document: Document) -> None:
    assert next(step for step in steps() if step.name == "Prompt").words.endswith(NOT_KEPT)


def test_schema_that_does_not_hash_to_its_digest_shows(document: Document) -> None:
    run = document.extractions.get()
    assert not next(step for step in steps() if step.name == "Schema").fits  # the made-up run claims another one

    Extraction.objects.update(schema_digest=run.type_version.spec.digest)
    assert next(step for step in steps() if step.name == "Schema").fits


def test_every_link_of_the_chain_leads_to_a_page(document: Document, root: Path, olga: Person, client_for) -> None:
    """A base that the store does not hold has none; nor has one that a card names by something else than a digest."""
    odd = put(root, "odd", base="from elsewhere")
    tuned = put(root, "tuned", base=odd)
    Extraction.objects.update(model_digest=tuned)
    links = [step.link for step in steps() if step.link]

    assert len(links) == 2
    assert {client_for(olga).get(link).status_code for link in links} == {200}
    Extraction.objects.update(model_digest="f" * 64)
    (gone,) = [step.link for step in steps() if step.link]
    assert "The store does not hold this model" in client_for(olga).get(gone).text


def test_damaged_store_hides_no_lineage(document: Document, root: Path) -> None:
    digest = put(root, "broken")
    (root / digest / CARD).write_text("{}")

    assert steps()[0].name == "Model"


def test_page_of_a_value_tells_decisions_and_is_recorded(
    document: Document, clara: Person, olga: Person, client_for
) -> None:
    corrected(document, clara)
    value = FieldValue.objects.get(path="total")
    text = client_for(olga).get(f"/dossier/values/{value.pk}/").text
    event = AuditEvent.objects.get(actor="olga")

    assert "this counts" in text
    assert document.sha256 in text
    assert (event.action, event.object_id, event.reason) == ("lineage_viewed", str(document.pk), "total")


def test_model_tells_what_it_made_and_how_often_it_was_corrected(document: Document, clara: Person) -> None:
    corrected(document, clara)
    made = made_by("m" * 64)

    assert made.by_type == (MadeOfType("receipt", 1, 1, 1, 1),)
    assert [run.document for run in made.runs] == [document]
    assert (made.card, made.is_known, made.runs_total) == (None, True, 1)


def test_training_document_leads_to_models_and_their_results(document: Document, root: Path) -> None:
    tuned = put(root, "tuned", documents=(document.sha256, "e" * 64))
    child = put(root, "child", base=tuned)
    Extraction.objects.update(model_digest=child)

    made = made_by(tuned)
    assert [(taught.original, taught.document) for taught in made.taught_with] == [
        (document.sha256, document),
        ("e" * 64, None),
    ]
    assert [card.name for card in made.descendants] == ["child"]
    assert [run.document for run in made_by(child).runs] == [document]


def test_runs_of_a_model_go_on_where_the_page_ends(
    document: Document, clara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.audit.dossier.made_by_model.PAGE_SIZE", 1)
    second = to_review(clara, b"another")
    first_page = made_by("m" * 64)
    second_page = made_by("m" * 64, before=first_page.older or 0)

    assert [run.document for run in (*first_page.runs, *second_page.runs)] == [second, document]
    assert second_page.older is None


def test_officer_reads_names_of_documents_and_the_administrator_does_not(
    document: Document, olga: Person, adam: Person, client_for
) -> None:
    address = f"/dossier/models/{'m' * 64}/"
    assert client_for(olga).get(address.replace("m" * 64, "a" * 64)).status_code == 404

    Extraction.objects.update(model_digest="a" * 64)
    assert "scan.txt" in client_for(olga).get(f"/dossier/models/{'a' * 64}/").text
    text = client_for(adam).get(f"/dossier/models/{'a' * 64}/").text
    assert "scan.txt" not in text
    assert str(document.pk) in text


def test_view_of_a_model_is_recorded(document: Document, adam: Person, client_for) -> None:
    Extraction.objects.update(model_digest="a" * 64)
    client_for(adam).get(f"/dossier/models/{'a' * 64}/")

    assert [(e.action, e.object_type, e.object_id) for e in AuditEvent.objects.filter(actor="adam")] == [
        ("lineage_viewed", "model", "a" * 64)
    ]
