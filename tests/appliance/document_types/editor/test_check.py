"""Rows become a schema, or problems that stand at the control to mend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from appliance.document_types.editor.check import check
from appliance.document_types.editor.state import EditorState, FieldRow, RuleRow, state_of
from extraction.schema import DocumentTypeSpec
from extraction.shipped_types import shipped_types

GOOD = EditorState(name="ticket", fields=(FieldRow(name="price", kind="amount"), FieldRow(name="day", kind="date")))


def controls(state: EditorState) -> list[str]:
    return [problem.control for problem in check(state).problems]


@pytest.mark.parametrize("spec", shipped_types(), ids=lambda spec: spec.name)
def test_a_shipped_type_survives_the_editor_unchanged(spec: DocumentTypeSpec) -> None:
    checked = check(state_of(spec))
    assert (checked.spec, checked.problems) == (spec, ())


def with_rows(*rows: FieldRow) -> EditorState:
    return replace(GOOD, fields=rows)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (replace(GOOD, name="No Good"), ["name"]),
        (replace(GOOD, languages="english"), ["languages"]),
        (replace(GOOD, date_order="odd"), ["date_order"]),
        (replace(GOOD, label="x" * 121), ["label"]),
        (with_rows(), ["add-field"]),
        (with_rows(FieldRow(name="")), ["field-0-name"]),
        (with_rows(FieldRow(name="a"), FieldRow(name="9a")), ["field-1-name"]),
        (with_rows(FieldRow(name="a"), FieldRow(name="a")), ["field-0-name", "field-1-name"]),
        (with_rows(FieldRow(name="a", kind="nonsense")), ["field-0-kind"]),
        (with_rows(FieldRow(name="a", kind="enum")), ["field-0-options"]),
        (with_rows(FieldRow(name="a", kind="list")), ["field-0-kind"]),
        (with_rows(FieldRow(name="a"), FieldRow(depth=1, name="b")), ["field-0-kind"]),
        (with_rows(FieldRow(name="a", kind="group"), FieldRow(depth=1, name="b c")), ["field-1-name"]),
        (with_rows(FieldRow(name="a", normal_form="nonsense")), ["field-0-normal_form"]),
        (replace(GOOD, rules=(RuleRow("order"),)), ["rule-0-earlier", "rule-0-later"]),
        (replace(GOOD, rules=(RuleRow("order", earlier="day", later="gone"),)), ["rule-0-rule"]),
        (replace(GOOD, rules=(RuleRow("add", parts=("price",), total="price"),)), ["rule-0-parts-0"]),
        (replace(GOOD, rules=(RuleRow("nonsense"),)), ["rule-0-rule"]),
    ],
)
def test_check_leads_to_the_control_to_mend(state: EditorState, expected: list[str]) -> None:
    assert (check(state).spec, controls(state)) == (None, expected)


def test_control_the_state_that_the_cases_start_from_is_good() -> None:
    assert controls(GOOD) == []


def test_check_gives_a_sentence_and_says_where() -> None:
    problem = check(with_rows(FieldRow(name="status", label="Status", kind="enum"))).problems[0]
    assert (problem.where, problem.sentence) == ("Field 1 (Status)", "Write at least one option.")


def test_check_drops_what_another_kind_left_behind() -> None:
    row: dict[str, Any] = {"name": "paid", "kind": "boolean", "many": True, "options": "yes\nno"}
    spec = check(with_rows(FieldRow(**row))).spec
    assert spec is not None
    assert (spec.fields[0].many, spec.fields[0].options) == (False, ())
