"""Two models side by side: from measurements on the same documents alone, with what chance would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from appliance.retraining.registry.comparing import comparison
from models_store import store
from tests.appliance.retraining.registry.made import measured, snapshot
from tests.appliance.retraining.stored import put

pytestmark = pytest.mark.django_db


def test_the_one_in_force_stands_beside_the_newest_other_one(root: Path) -> None:
    put(root, "older", made_at="2026-01-01T00:00:00+00:00")
    newer = put(root, "newer", made_at="2026-02-01T00:00:00+00:00")
    production = put(root, "production", made_at="2025-01-01T00:00:00+00:00")
    store.promote(production, root=root)
    page = comparison("", "")
    assert page.a is not None
    assert page.b is not None
    assert (page.a.card.digest, page.b.card.digest, page.fields) == (production, newer, ())


def test_fields_are_compared_on_the_same_documents(root: Path) -> None:
    a, b, on = put(root, "a"), put(root, "b"), snapshot(documents=8)
    measured(on, a, [False] * 8)
    measured(on, b, [True] * 8)
    page = comparison(a, b)
    assert [(row.name, row.n, row.only_a, row.only_b, row.winner) for row in page.fields] == [
        ("All fields", 16, 0, 8, "B"),
        ("date", 8, 0, 8, "B"),
        ("total", 8, 0, 0, ""),
    ]
    assert page.fields[1].p == pytest.approx(2 * 0.5**8)
    assert (page.fields[1].a.value, page.fields[2].a.value) == (0, 100)


def test_few_documents_make_no_winner(root: Path) -> None:
    a, b, on = put(root, "a"), put(root, "b"), snapshot(documents=3)
    measured(on, a, [False] * 3)
    measured(on, b, [True] * 3)
    page = comparison(a, b)
    assert ([row.winner for row in page.fields], page.is_small) == (["", "", ""], True)


def test_measurements_on_different_documents_are_not_compared(root: Path) -> None:
    a, b = put(root, "a"), put(root, "b")
    measured(snapshot(digest="5" * 64), a, [True, True])
    measured(snapshot(digest="6" * 64), b, [True, True])
    assert comparison(a, b).fields == ()


def test_the_page_shows_both_and_says_what_is_missing(browser: Client, root: Path) -> None:
    url = reverse("retraining:registry:compare")
    assert "nothing to compare yet" in browser.get(url).content.decode()
    a, b = put(root, "alpha"), put(root, "beta")
    assert "Not measured on the same documents yet" in browser.get(url, {"a": a, "b": b}).content.decode()
    on = snapshot()
    measured(on, a, [True, False])
    measured(on, b, [True, True])
    html = browser.get(url, {"a": a, "b": b}).content.decode()
    assert [text in html for text in ("All fields", "no clear difference", "p = 1.000", "alpha", "beta")] == [True] * 5
