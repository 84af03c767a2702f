"""The models page and the card of one model, over a store of small files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types.models import DocumentTypeVersion
from appliance.document_types.services import publish_shipped_types
from appliance.documents.models import Document, Extraction
from appliance.retraining.queries import MadeBy, Score, check_integrity, model_page, scores_of, store
from models_store.card import ModelCard, ModelState
from models_store.store import promote
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.stored import put


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    return tmp_path / "models"


@pytest.fixture
def browser(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


def extraction_by(digest: str, by: Person, *, key: str) -> None:
    publish_shipped_types()
    digests = {f"{part}_digest": "0" * 64 for part in ("prompt", "schema", "reader", "grammar")}
    Extraction.objects.create(
        document=Document.objects.create(sha256="0" * 64, size=1, untrusted_name="a.txt", uploaded_by=by),
        type_version=DocumentTypeVersion.objects.get(document_type__name="receipt"),
        key=key,
        model_digest=digest,
        pages_total=1,
        pages_covered=1,
        windows=1,
        seconds=0.1,
        **digests,
    )


def test_an_empty_store_says_what_to_do(browser: Client) -> None:
    html = browser.get(reverse("retraining:models")).content.decode()
    assert ["No model is in force." in html, "The store of models is empty" in html] == [True, True]


def test_the_list_shows_each_model_with_its_state(browser: Client, root: Path) -> None:
    old = put(root, "starter", made_at="2026-11-01T10:00:00+00:00", quantization="Q8_0", scores={"F1": 0.9123})
    new = put(root, "tuned", made_at="2026-11-20T10:00:00+00:00")
    promote(old, root=root)
    found = store()
    assert [(row.card.name, row.state, row.size) for row in found.rows] == [
        ("tuned", ModelState.IMPORTED, 5),
        ("starter", ModelState.PRODUCTION, 7),
    ]
    html = browser.get(reverse("retraining:models")).content.decode()
    assert [text in html for text in ("In force", "F1 0.9123", old[:12], new[:12])] == [True] * 4
    assert "No model is in force" not in html


def test_a_damaged_store_is_named_not_hidden(browser: Client, root: Path) -> None:
    digest = put(root, "starter")
    (root / digest / "card.json").write_text("{")
    html = browser.get(reverse("retraining:models")).content.decode()
    assert f"The card of model {digest} cannot be read." in html


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"F1": 0.91234}, [Score("F1", "0.9123")]),
        (
            {"F1": {"value": 0.9, "n": 300, "interval": [0.88, 0.92]}},
            [Score("F1", "0.9", n="300", interval="0.88 to 0.92")],
        ),
        ({"receipt": {"F1": 0.9, "exact": 0.8}}, [Score("receipt: F1", "0.9"), Score("receipt: exact", "0.8")]),
        ({"passed": True}, [Score("passed", "True")]),
        ({}, []),
    ],
)
def test_scores_of_understands_numbers_figures_and_groups(scores: dict[str, Any], expected: list[Score]) -> None:
    assert scores_of(ModelCard(digest="0" * 64, name="m", context_tokens=1, scores=scores)) == expected


def test_the_card_shows_limits_lineage_and_what_is_new_in_it(browser: Client, root: Path) -> None:
    base = put(root, "base")
    tuned = put(root, "tuned", base=base, dataset_digest="d" * 64, limits=["Latin only"], intended_use="receipts")
    page = model_page(tuned)
    assert [step.digest for step in page.lineage] == [tuned, base]
    assert page.parents == (("Base model", base, True), ("Data set", "d" * 64, False))
    assert page.more == {"Intended use": "receipts"}
    html = browser.get(reverse("retraining:model", args=[tuned])).content.decode()
    assert [text in html for text in ("<li>Latin only</li>", "receipts", f'href="/models/{base}/"')] == [True] * 3


def test_the_card_counts_what_the_model_made(root: Path, clara: Person) -> None:
    digest = put(root, "starter")
    extraction_by(digest, clara, key="a")
    extraction_by(digest, clara, key="b")
    extraction_by("e" * 64, clara, key="c")
    assert (model_page(digest).made, store().rows[0].extractions) == ((MadeBy("receipt", 1, 2),), 2)


def test_integrity_is_checked_on_demand_and_changes_nothing(browser: Client, root: Path) -> None:
    digest = put(root, "starter")
    url = reverse("retraining:model", args=[digest])
    assert "exactly the ones" in browser.post(url).content.decode()
    (root / digest / "model.gguf").write_bytes(b"starteR")
    assert "are damaged" in browser.post(url).content.decode()
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
def test_integrity_of_a_model_without_weights_is_bad(root: Path) -> None:
    digest = put(root, "starter")
    (root / digest / "model.gguf").unlink()
    assert (check_integrity(digest).is_sound, store().rows[0].size) == (False, None)


def test_a_model_that_is_not_there_is_not_found(browser: Client) -> None:
    assert browser.get(reverse("retraining:model", args=["0" * 64])).status_code == 404


def test_the_list_costs_the_same_queries_for_any_number_of_models(browser: Client, root: Path) -> None:
    put(root, "first")
    browser.get(reverse("retraining:models"))  # the first request of a process asks for more
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("retraining:models"))
    for name in ("second", "third"):
        put(root, name)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("retraining:models"))
    assert len(many) == len(few)


@pytest.mark.parametrize(("person", "expected"), [("clara", 403), ("olga", 403), ("adam", 200)])
def test_only_the_admin_sees_models(
    request: pytest.FixtureRequest, client_for: ClientFor, root: Path, person: str, expected: int
) -> None:
    digest = put(root, "starter")
    browser = client_for(request.getfixturevalue(person))
    urls = (reverse("retraining:models"), reverse("retraining:model", args=[digest]))
    assert [browser.get(url).status_code for url in urls] == [expected] * 2
