from __future__ import annotations

from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.shipped_types import FOLDER, shipped_type, shipped_types


def _all_fields(fields: tuple[FieldSpec, ...]) -> list[FieldSpec]:
    return [spec for field in fields for spec in (field, *_all_fields(field.fields))]


def test_the_five_types_ship() -> None:
    names = [spec.name for spec in shipped_types()]
    assert names == ["contract", "discharge_summary", "invoice", "lab_report", "receipt"]


def test_a_file_is_named_like_its_type() -> None:
    assert [file.stem for file in sorted(FOLDER.glob("*.json"))] == [spec.name for spec in shipped_types()]


def test_every_shipped_field_says_what_it_is() -> None:
    for spec in shipped_types():
        assert [f.name for f in _all_fields(spec.fields) if not f.description] == []


def test_every_shipped_type_requires_something() -> None:
    for spec in shipped_types():
        assert any(f.required for f in spec.fields), spec.name


def test_a_type_survives_a_round_trip_through_json() -> None:
    for spec in shipped_types():
        assert DocumentTypeSpec.model_validate_json(spec.model_dump_json()) == spec


def test_the_invoice_checks_its_sums_dates_and_iban() -> None:
    assert [rule.rule for rule in shipped_type("invoice").rules] == ["sum", "add", "order", "checksum"]
