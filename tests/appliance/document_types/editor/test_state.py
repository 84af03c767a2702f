"""What a browser posts becomes rows, whatever it posts."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from appliance.document_types.editor.state import (
    EditorState,
    FieldRow,
    RuleRow,
    name_from,
    state_from_post,
)


def posted(query: str) -> EditorState:
    return state_from_post(QueryDict(query))


def test_state_from_post_reads_fields_rules_and_the_type() -> None:
    state = posted(
        "name=ticket&label=Ticket&languages=en&date_order=DMY"
        "&field-0-name=price&field-0-kind=amount&field-0-required=on&field-0-depth=0"
        "&field-1-name=fees&field-1-kind=amount&field-1-many=on"
        "&rule-0-rule=add&rule-0-parts=price&rule-0-parts=fees&rule-0-total=price&rule-0-tolerance=0"
    )
    assert state == EditorState(
        name="ticket",
        label="Ticket",
        date_order="DMY",
        fields=(
            FieldRow(name="price", kind="amount", required=True, was="price"),
            FieldRow(name="fees", kind="amount", many=True, was="fees"),
        ),
        rules=(RuleRow("add", parts=("price", "fees"), total="price", tolerance="0", scheme=""),),
    )


def test_state_from_post_allows_no_depth_without_a_parent() -> None:
    state = posted("field-0-name=a&field-0-depth=2&field-1-name=b&field-1-depth=9&field-2-name=c&field-2-depth=-1")
    assert [row.depth for row in state.fields] == [0, 1, 0]


def test_rules_follow_a_renamed_field() -> None:
    state = posted(
        "field-0-name=lines&field-0-was=rows&field-0-kind=list&field-1-name=price&field-1-was=cost&field-1-depth=1"
        "&field-2-name=sum&field-2-was=total&rule-0-rule=sum&rule-0-source=rows.cost&rule-0-total=total"
    )
    assert (state.rules[0].source, state.rules[0].total) == ("lines.price", "sum")


def test_two_fields_that_swap_names_swap_in_the_rules() -> None:
    state = posted(
        "field-0-name=b&field-0-was=a&field-1-name=a&field-1-was=b&rule-0-rule=order&rule-0-earlier=a&rule-0-later=b"
    )
    assert (state.rules[0].earlier, state.rules[0].later) == ("b", "a")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("PO number", "po_number"),
        ("  VAT-ID (seller) ", "vat_id_seller"),
        ("2nd date", "nd_date"),
        ("税", ""),
        ("", ""),
    ],
)
def test_name_from_suggests_a_name(label: str, name: str) -> None:
    assert name_from(label) == name


def test_a_name_that_was_typed_wins_over_the_label() -> None:
    state = posted("field-0-name=total&field-0-label=Sum&field-1-name=&field-1-label=Due+date")
    assert [row.name for row in state.fields] == ["total", "due_date"]
