"""Two versions compared, in words and line by line."""

from __future__ import annotations

from appliance.document_types.diff import Change, ChangeKind, changes, unified_diff
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind, NormalForm, OrderRule
from extraction.shipped_types import shipped_types

OLD = DocumentTypeSpec(
    name="ticket",
    fields=(
        FieldSpec(name="price", kind=Kind.AMOUNT),
        FieldSpec(name="day", kind=Kind.DATE),
        FieldSpec(name="until", kind=Kind.DATE),
        FieldSpec(name="zone", kind=Kind.ENUM, options=("a", "b")),
        FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="name"), FieldSpec(name="phone"))),
    ),
)
NEW = DocumentTypeSpec(
    name="ticket",
    label="Travel ticket",
    date_order="DMY",
    fields=(
        FieldSpec(name="day", kind=Kind.DATE, required=True, label="Travel day"),
        FieldSpec(name="price", kind=Kind.AMOUNT, description="what it cost"),
        FieldSpec(name="until", kind=Kind.DATE),
        FieldSpec(name="zone", kind=Kind.ENUM, options=("b", "c")),
        FieldSpec(
            name="seller",
            kind=Kind.GROUP,
            fields=(FieldSpec(name="name"), FieldSpec(name="iban", normal_form=NormalForm.IBAN)),
        ),
    ),
    rules=(OrderRule(earlier="day", later="until"),),
)


def test_changes_name_every_difference() -> None:
    assert changes(OLD, NEW) == [
        Change(ChangeKind.CHANGED, "day", "label “Day” became “Travel day”"),
        Change(ChangeKind.CHANGED, "day", "is required now"),
        Change(ChangeKind.CHANGED, "price", "description is now “what it cost”"),
        Change(ChangeKind.CHANGED, "zone", "options added: c"),
        Change(ChangeKind.CHANGED, "zone", "options removed: a"),
        Change(ChangeKind.ADDED, "seller.iban", "Text, read as IBAN"),
        Change(ChangeKind.REMOVED, "seller.phone", "Text"),
        Change(ChangeKind.CHANGED, "order", "The fields stand in another order"),
        Change(ChangeKind.ADDED, "rule", "Until is not before Travel day."),
        Change(ChangeKind.CHANGED, "type", "label “Ticket” became “Travel ticket”"),
        Change(
            ChangeKind.CHANGED, "type", "date order “Keep both readings and ask” became “Day first: 04/03 is 4 March”"
        ),
    ]


def test_a_version_has_no_difference_to_itself() -> None:
    assert [(changes(spec, spec), unified_diff(spec, spec)) for spec in shipped_types()] == [([], [])] * 5


def test_unified_diff_marks_lines() -> None:
    new = OLD.model_copy(update={"description": "A ticket."})
    marked = [(line.mark, line.text.strip()) for line in unified_diff(OLD, new) if line.mark in "+-"]
    assert marked == [("+", '"description": "A ticket.",')]
