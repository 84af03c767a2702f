"""Small document types for tests."""

from __future__ import annotations

from extraction.schema import AddRule, DocumentTypeSpec, FieldSpec, Kind, OrderRule, SumRule

ITEMS = FieldSpec(
    name="line_items",
    kind=Kind.LIST,
    fields=(FieldSpec(name="description"), FieldSpec(name="amount", kind=Kind.AMOUNT)),
)
EVERYTHING = DocumentTypeSpec(
    name="everything",
    label="Everything",
    fields=(
        FieldSpec(name="company", description="who issued it", required=True),
        FieldSpec(name="date", kind=Kind.DATE),
        FieldSpec(name="due", kind=Kind.DATE),
        FieldSpec(name="total", label="Total amount", kind=Kind.AMOUNT),
        FieldSpec(name="number", kind=Kind.IDENTIFIER),
        FieldSpec(name="payment", kind=Kind.ENUM, options=("cash", 'credit "card"')),
        FieldSpec(name="paid", kind=Kind.BOOLEAN),
        FieldSpec(name="notes", many=True),
        FieldSpec(
            name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="city"), FieldSpec(name="rate", kind="number"))
        ),
        ITEMS,
    ),
    rules=(
        SumRule(rows="line_items", part="amount", total="total"),
        OrderRule(earlier="date", later="due"),
    ),
)
ABSENT: dict[str, object] = {
    "company": None,
    "date": None,
    "due": None,
    "total": None,
    "number": None,
    "payment": None,
    "paid": None,
    "notes": [],
    "seller": {"city": None, "rate": None},
    "line_items": [],
}


def one_field(kind: Kind = Kind.TEXT, **extra: object) -> DocumentTypeSpec:
    return DocumentTypeSpec(name="one", fields=(FieldSpec.model_validate({"name": "value", "kind": kind, **extra}),))


def sums() -> DocumentTypeSpec:
    fields = tuple(FieldSpec(name=name, kind=Kind.AMOUNT) for name in ("net", "tax", "gross"))
    return DocumentTypeSpec(name="sums", fields=fields, rules=(AddRule(parts=("net", "tax"), total="gross"),))
