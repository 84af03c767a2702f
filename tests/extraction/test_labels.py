"""Labelled documents as lines of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.errors import LabelsError
from extraction.labels import Label, path_text, read_labels
from extraction.records import Span


def _read(**record: object) -> Label:
    line = json.dumps({"id": "a", "text": "Total 12.50", "fields": {"total": "12.50"}} | record)
    return read_labels([line], Path())[0]


def test_a_line_of_our_own_form() -> None:
    label = _read(spans={"total": [6, 11], "goods[0].price": None}, weight=0.3, sender="ACME", original="f" * 64)
    assert label.spans == {"total": Span(6, 11)}
    assert (label.weight, label.sender, label.original) == (0.3, "ACME", "f" * 64)


def test_what_a_line_need_not_say() -> None:
    label = _read(sender=None, spans=None)
    assert (label.spans, label.weight, label.sender, label.original) == ({}, 1.0, "", "")
    assert Label("a", "", None, {}).weight == 1.0


@pytest.mark.parametrize(
    "record",
    [
        {"weight": 0},
        {"weight": 1.5},
        {"weight": -0.1},
        {"weight": "0.3"},
        {"weight": True},
        {"weight": float("nan")},
        {"weight": None},
        {"spans": [1, 2]},
        {"spans": {"total": [5, 5]}},
        {"spans": {"total": [-1, 5]}},
        {"spans": {"total": [1, 2, 3]}},
        {"spans": {"total": "1-2"}},
        {"spans": {"total": [1.0, 2.0]}},
        {"fields": None},
        {"text": 5},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_its_line(record: dict[str, object]) -> None:
    with pytest.raises(LabelsError, match="line 1"):
        _read(**record)


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "5", "null"], ids=["broken", "deep", "number", "null"])
def test_what_is_no_object_is_refused(line: str) -> None:
    with pytest.raises(LabelsError, match="line 2"):
        read_labels(['{"text": "", "fields": {}}', line], Path())


@pytest.mark.parametrize(
    ("path", "text"),
    [(("total",), "total"), (("seller", "name"), "seller.name"), (("goods", 0, "price"), "goods[0].price"),
     (("notes", 2), "notes[2]")],
    ids=str,
)  # fmt: skip
def test_paths_as_text(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text
