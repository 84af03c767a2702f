"""The page is made of the results alone, and says what was not measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.accuracy.page import page, write_page
from bench.accuracy.results import load, main_figures, put, save

SHARES = {
    "f1": 0.5,
    "f1_interval": [0.4, 0.6],
    "precision": 0.5,
    "recall": 0.5,
    "f1_exact": 0.25,
    "values": 10,
    "values_right": 0.5,
    "values_interval": [0.3, 0.7],
    "nulls": 0,
    "nulls_right": None,
    "nulls_interval": None,
    "invented": None,
}
NULLS = {"nulls": 4, "nulls_right": 0.75, "nulls_interval": [0.3, 0.9], "invented": 0.25}
FIGURES = {"documents": 7, "refused": 1, "seconds_per_document": 0.5, **SHARES, "fields": {"total": SHARES}}


@pytest.fixture
def results() -> dict[str, Any]:
    card = {
        "parameters": 6_600_000,
        "quantization": "Q8_0",
        "digest": "ab" * 32,
        "context_tokens": 1024,
        "limits": "Few.",
    }
    model = {**FIGURES, **NULLS, "verbatim": 1.0, "schema_valid": 1.0, "model": "ab" * 32}
    sroie = {"floor": FIGURES, "zero_shot": {**model, "f1": 0.61}, "reading_seconds": 0.01}
    quantized = {"megabytes": 7.1, "sets": {"sroie": {"f1": 0.6, "documents": 7, "seconds_per_document": 0.1}}}
    full = {"megabytes": 27.0, "sets": {"sroie": {"f1": 0.8, "documents": 7, "seconds_per_document": 0.2}}}
    return {
        "card": card,
        "machine": "two cores",
        "sets": {"sroie": sroie, "aci_notes": {"zero_shot": model, "reading_seconds": 0.01}},
        "quantizations": {"F32": full, "Q8_0": quantized},
    }


def test_the_same_results_give_the_same_page(results: dict[str, Any]) -> None:
    assert page(results) == page(json.loads(json.dumps(results)))


def test_figures_stand_with_interval_n_and_goal(results: dict[str, Any]) -> None:
    made = page(results)
    assert "**0.610** (0.40–0.60; n=7, goal 0.70)" in made
    assert "–, goal 0.80" in made
    assert "0.750 (0.30–0.90; 4) | nulls 0.95 |" in made


def test_quantizations_say_what_is_kept(results: dict[str, Any]) -> None:
    assert "| Q8_0 | 7.1 | 0.600, 75.0%, 0.100 (n=7) |" in page(results)
    assert "Not measured here." in page({**results, "quantizations": {}})


def test_what_was_not_measured_is_named(results: dict[str, Any]) -> None:
    assert "Not measured here: Own documents" in page(results)


def test_figures_of_other_weights_are_named(results: dict[str, Any]) -> None:
    assert "earlier release" not in page(results)
    results["sets"]["aci_notes"]["zero_shot"]["model"] = "cd" * 32
    assert "of an earlier release: ACI visit notes (`cdcdcdcdcdcdcdcd`)." in page(results)


def test_a_fault_of_the_labels_stands_beside_the_figure_it_bounds(results: dict[str, Any]) -> None:
    made = page(results)
    assert "ACI visit notes: Of the 48 notes" in made
    del results["sets"]["aci_notes"]
    assert "Of the 48 notes" not in page(results)


def test_results_are_merged_column_by_column(tmp_path: Path, results: dict[str, Any]) -> None:
    path = tmp_path / "there" / "results.json"
    assert load(path) == {"sets": {}}
    put(results, "sroie", {"tuned_unseen": {**FIGURES, "f1": 0.9}})
    save(results, path)
    again = load(path)
    assert set(again["sets"]["sroie"]) == {"floor", "zero_shot", "reading_seconds", "tuned_unseen"}
    assert main_figures(again)["sroie"]["tuned_unseen"]["f1"] == 0.9
    write_page(again, tmp_path / "model.md")
    assert "**0.610**" in (tmp_path / "model.md").read_text()
