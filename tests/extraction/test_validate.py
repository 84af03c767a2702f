from __future__ import annotations

import pytest

from extraction.records import FieldValue, Reading, ValuePath
from extraction.schema import ChecksumRule, DocumentTypeSpec, FieldSpec, Kind
from extraction.validate import validate
from tests.extraction.example_types import EVERYTHING, sums


def _value(path: ValuePath, raw: str | None, normal: str | None = None) -> FieldValue:
    reading = None if raw is None else Reading(normal or raw, "test")
    return FieldValue(path, raw, reading=reading)


def _sentences(document_type: DocumentTypeSpec, *values: FieldValue) -> list[str]:
    return [issue.sentence for issue in validate(values, document_type)]


def _sums(net: str | None, tax: str | None, gross: str | None) -> list[str]:
    values = [_value((name,), raw) for name, raw in (("net", net), ("tax", tax), ("gross", gross))]
    return _sentences(sums(), *values)


def test_parts_that_add_up_are_no_issue() -> None:
    assert _sums("10.00", "2.00", "12.00") == []
    assert _sums("10.00", "2.00", "12.01") == []


def test_parts_that_do_not_add_up_are_an_issue() -> None:
    assert _sums("10.00", "2.00", "12.50") == ["The net and tax add up to 12.00, but the gross says 12.50."]


@pytest.mark.parametrize("values", [(None, "2.00", "12.50"), ("10.00", "2.00", None)])
def test_an_unknown_part_is_no_contradiction(values: tuple[str | None, ...]) -> None:
    assert _sums(*values) == []


def _rows(*amounts: str | None) -> list[FieldValue]:
    return [_value(("line_items", n, "amount"), amount) for n, amount in enumerate(amounts)]


COMPANY = _value(("company",), "ACME")


def test_rows_that_miss_the_total_are_an_issue_that_names_all_places() -> None:
    (issue,) = validate([COMPANY, _value(("total",), "12.50"), *_rows("2.40", "10.00")], EVERYTHING)
    assert issue.sentence == "The line items add up to 12.40, but the total amount says 12.50."
    assert issue.paths == (("line_items", 0, "amount"), ("line_items", 1, "amount"), ("total",))


def test_rows_with_an_unknown_amount_are_not_summed() -> None:
    assert _sentences(EVERYTHING, COMPANY, _value(("total",), "12.50"), *_rows("2.40", None)) == []


def test_dates_in_the_wrong_order_are_an_issue() -> None:
    values = [COMPANY, _value(("date",), "x", "2024-03-04"), _value(("due",), "y", "2024-03-01")]
    assert _sentences(EVERYTHING, *values) == ["The due (2024-03-01) is before the date (2024-03-04)."]
    assert _sentences(EVERYTHING, COMPANY, values[2]) == []


def test_a_required_field_must_be_there_in_each_row() -> None:
    rows = FieldSpec(name="rows", kind=Kind.LIST, fields=(FieldSpec(name="name", required=True),))
    document_type = DocumentTypeSpec(name="t", fields=(rows,))
    values = [_value(("rows", 0, "name"), "a"), _value(("rows", 1, "name"), None)]
    assert [issue.paths for issue in validate(values, document_type)] == [(("rows", 1, "name"),)]
    assert _sentences(document_type) == []


def test_a_required_list_must_have_rows() -> None:
    rows = FieldSpec(name="rows", label="Line items", kind=Kind.LIST, required=True, fields=(FieldSpec(name="a"),))
    document_type = DocumentTypeSpec(name="t", fields=(rows,))
    assert _sentences(document_type) == ["Line items is required, but was not found."]
    assert _sentences(document_type, _value(("rows", 0, "a"), "x")) == []


def test_a_value_that_is_no_option_is_an_issue() -> None:
    wrong = _value(("payment",), "cheque")
    assert _sentences(EVERYTHING, COMPANY, wrong) == [
        'Payment is cheque, but must be one of: cash, credit "card".',
    ]
    assert _sentences(EVERYTHING, COMPANY, _value(("payment",), "cash")) == []


@pytest.mark.parametrize(
    ("scheme", "good", "bad"),
    [
        ("iban", "DE89370400440532013000", "DE89370400440532013001"),
        ("vat", "ATU13585627", "ATU13585628"),
        ("luhn", "79927398713", "79927398710"),
        ("isin", "US0378331005", "US0378331006"),
        ("lei", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D16"),
        ("bic", "DEUTDEFF", "DEUTDEF"),
    ],
)
def test_check_digits_are_checked(scheme: str, good: str, bad: str) -> None:
    rule = ChecksumRule.model_validate({"rule": "checksum", "field": "code", "scheme": scheme})
    document_type = DocumentTypeSpec(name="t", fields=(FieldSpec(name="code", label="Code"),), rules=(rule,))
    assert _sentences(document_type, _value(("code",), good)) == []
    assert _sentences(document_type, _value(("code",), bad)) == [f"The check digits of the code are wrong: {bad}."]
