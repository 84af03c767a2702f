"""The buttons of the editor: add, remove, up, down, with whole groups moving as one."""

from __future__ import annotations

import pytest

from appliance.document_types.editor.moves import move
from appliance.document_types.editor.state import EditorState, FieldRow, RuleRow


def tree(*names: str) -> EditorState:
    """Two dots before a name are one level of depth: "seller", "..name"."""
    rows = tuple(FieldRow(depth=n.count("..", 0, 4), name=n.lstrip("."), kind="group") for n in names)
    return EditorState(fields=rows)


def names(state: EditorState) -> list[str]:
    return [".." * row.depth + row.name for row in state.fields]


TREE = tree("number", "seller", "..name", "..address", "....street", "total")


@pytest.mark.parametrize(
    ("action", "expected", "focus"),
    [
        ("up:1", ["seller", "..name", "..address", "....street", "number", "total"], "field-0-down"),
        ("down:1", ["number", "total", "seller", "..name", "..address", "....street"], "field-2-up"),
        ("down:0", ["seller", "..name", "..address", "....street", "number", "total"], "field-4-down"),
        ("up:3", ["number", "seller", "..address", "....street", "..name", "total"], "field-2-down"),
        ("down:2", ["number", "seller", "..address", "....street", "..name", "total"], "field-4-up"),
        ("up:0", names(TREE), "field-0-name"),
        ("down:5", names(TREE), "field-5-name"),
        ("up:2", names(TREE), "field-2-name"),
        ("remove:1", ["number", "total"], "field-1-name"),
        ("remove:5", ["number", "seller", "..name", "..address", "....street"], "field-4-name"),
        ("add", [*names(TREE), ""], "field-6-label"),
        (
            "add-in:1",
            ["number", "seller", "..name", "..address", "....street", "..", "total"],
            "field-5-label",
        ),
        ("add-in:3", ["number", "seller", "..name", "..address", "....street", "....", "total"], "field-5-label"),
    ],
)
def test_move_gives_the_next_tree_and_the_control_to_focus(action: str, expected: list[str], focus: str) -> None:
    moved = move(TREE, action)
    assert (names(moved.state), moved.focus) == (expected, focus)


@pytest.mark.parametrize(
    "action", ["", "up", "up:99", "up:-1", "remove:x", "add-rule:nonsense", "add-in:4", "explode:1"]
)
def test_move_leaves_the_state_alone_for_what_it_does_not_know(action: str) -> None:
    assert move(TREE, action).state == TREE


def test_remove_of_the_last_field_leaves_the_add_button_in_focus() -> None:
    assert move(tree("only"), "remove:0").focus == "add-field"


def test_rules_are_added_and_removed() -> None:
    two = move(move(TREE, "add-rule:sum").state, "add-rule:order")
    assert (two.state.rules, two.focus) == ((RuleRow("sum"), RuleRow("order")), "rule-1-earlier")
    assert move(two.state, "remove-rule:0").state.rules == (RuleRow("order"),)
