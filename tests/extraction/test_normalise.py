from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.normalise import normalise
from extraction.normalise.dates import read_date
from extraction.normalise.identifiers import read_identifier
from extraction.normalise.numbers import read_number
from extraction.records import Reading
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind, NormalForm
from tests.extraction.example_types import one_field


def _shown(readings: tuple[Reading, ...]) -> str:
    return " | ".join(f"{reading.normal} {reading.rule}" for reading in readings)


DATES = {
    "2024-03-04": "2024-03-04 date:iso",
    "2024-03-04T10:00:00": "2024-03-04 date:iso",
    "20240304": "2024-03-04 date:iso",
    "25/12/2018 8:13:39 PM": "2018-12-25 date:dmy",
    "11/12/2026": "2026-12-11 date:dmy | 2026-11-12 date:mdy",
    "12/31/2024": "2024-12-31 date:mdy",
    "31.12.26": "2026-12-31 date:dmy",
    "2018/01/05": "2018-01-05 date:ymd",
    "March 4, 2024": "2024-03-04 date:words",
    "05-JAN-2018": "2018-01-05 date:words",
}


@pytest.mark.parametrize("raw", DATES)
def test_a_date_is_read_and_its_rule_named(raw: str) -> None:
    assert _shown(read_date(raw, languages=("en",), date_order="")) == DATES[raw]


AROUND_DATES = {
    "Dated 12 May 2020": "2020-05-12 date:words+around",
    "Dated:12 May 2020": "2020-05-12 date:words+around",
    "this 12th day of May 2020": "2020-05-12 date:words+around",
    "12 May 2020 10:33": "2020-05-12 date:words",
    "Date 14/03/2024 09:41": "2024-03-14 date:dmy+around",
    "Issued 2024-03-04": "2024-03-04 date:iso+around",
    "2024-03-04T10:00": "2024-03-04 date:iso",
    "12 May 2020.": "2020-05-12 date:words",
    "May 12, 2020 (due)": "2020-05-12 date:words+around",
    "Due: 11/12/2026,": "2026-12-11 date:dmy+around | 2026-11-12 date:mdy+around",
}


@pytest.mark.parametrize("raw", AROUND_DATES)
def test_words_around_a_date_are_taken_off(raw: str) -> None:
    assert _shown(read_date(raw, languages=("en",), date_order="")) == AROUND_DATES[raw]


@pytest.mark.parametrize(
    "raw",
    [
        "12 May 2020 to 13 June 2020",
        "12 May 2020 to June",
        "12/05/2020 | 13/05/2020",
        "Invoice 4711 12.05.2020",
        "Date 30/02/2024",
        "in May 2020",
        "one two three four five six seven eight nine ten eleven twelve 12/05/2020",
    ],
)
def test_a_date_beside_another_number_has_no_reading(raw: str) -> None:
    assert read_date(raw, languages=("en",), date_order="") == ()


@pytest.mark.parametrize("raw", ["30/02/2024", "2024-13-45", "Mar 2024", "10:30", "12", "tomorrow", "", "1e5", "12.50"])
def test_what_is_no_date_has_no_reading(raw: str) -> None:
    assert read_date(raw, languages=("en",), date_order="") == ()


def test_the_type_decides_the_order() -> None:
    assert _shown(read_date("11/12/2026", languages=("en",), date_order="MDY")) == "2026-11-12 date:mdy"
    assert _shown(read_date("11/12/2026", languages=("en",), date_order="DMY")) == "2026-12-11 date:dmy"


def test_month_names_follow_the_languages() -> None:
    assert _shown(read_date("4. März 2024", languages=("de",), date_order="DMY")) == "2024-03-04 date:words"
    assert read_date("4. März 2024", languages=("en",), date_order="DMY") == ()


NUMBERS = {
    "12.50": "12.50 decimal:en",
    "1,234.56": "1234.56 decimal:en",
    "1.234,56": "1234.56 decimal:de",
    "1.234": "1.234 decimal:en | 1234 decimal:de",
    "1,000": "1000 decimal:en",
    "1 234,50": "1234.50 decimal:fr",
    "1'234.50": "1234.50 decimal:de_CH",
    "1,23,456.00": "123456.00 decimal:en_IN",
    "RM 12.50": "12.50 decimal:en",
    "RM12.50": "12.50 decimal:en",
    "$8.20": "8.20 decimal:en",
    "USD 1,000": "1000 decimal:en",
    "12.50 EUR": "12.50 decimal:en",
    "-$5.00": "-5.00 decimal:en",
    "12.50-": "-12.50 decimal:en",
    "(12.50)": "-12.50 decimal:en",
    "20 %": "20 percent:en",
    "٣٤": "34 decimal:en",
}


@pytest.mark.parametrize("raw", NUMBERS)
def test_a_number_is_read_and_its_rule_named(raw: str) -> None:
    assert _shown(read_number(raw, languages=("en",))) == NUMBERS[raw]


AROUND_NUMBERS = {
    "Total GBP 17.80": "17.80 decimal:en+around",
    "Total:17.80": "17.80 decimal:en+around",
    "Total (GBP) 17.80 EUR": "17.80 decimal:en+around",
    "Total 1 234,50": "1234.50 decimal:fr+around",
    "17.80.": "17.80 decimal:en+around",
    "Rs. 500/-": "500 decimal:en+around",
    "Total -5.00": "-5.00 decimal:en+around",
    "Total (5.00)": "-5.00 decimal:en+around",
    "VAT 20%": "20 percent:en+around",
    "Total 1.234": "1.234 decimal:en+around | 1234 decimal:de+around",
}


@pytest.mark.parametrize("raw", AROUND_NUMBERS)
def test_words_before_a_number_are_taken_off(raw: str) -> None:
    assert _shown(read_number(raw, languages=("en",))) == AROUND_NUMBERS[raw]


@pytest.mark.parametrize(
    "raw",
    ["2 x 8.90", "VAT 20% 3.50", "page 3 of 7", "17.80-20.00", "T-17", "Total - 5", "minus 5", "Total 12:50", "a 5 mg"],
)
def test_a_number_that_words_may_change_has_no_reading(raw: str) -> None:
    assert read_number(raw, languages=("en",)) == ()


@pytest.mark.parametrize("raw", ["12.345.67", "5 mg", "--5", "", "RM", "1.2.3", "12:50", "12,3,4.5"])
def test_what_is_no_number_has_no_reading(raw: str) -> None:
    assert read_number(raw, languages=("en",)) == ()


def test_the_language_decides_the_decimal_sign() -> None:
    assert _shown(read_number("1.234", languages=("de",))) == "1234 decimal:de"
    assert _shown(read_number("1,234", languages=("de",))) == "1.234 decimal:de | 1234 decimal:en"


IDENTIFIERS = {
    (NormalForm.IBAN, "DE89 3704 0044 0532 0130 00"): "DE89370400440532013000 iban",
    (NormalForm.IBAN, "DE89 3704 0044 0532 0130 01"): "",
    (NormalForm.BIC, "deutdeff"): "DEUTDEFF bic",
    (NormalForm.VAT, "ATU 13585627"): "ATU13585627 vat",
    (NormalForm.VAT, "ATU13585628"): "",
    (NormalForm.PHONE, "+49 30 123456"): "+4930123456 phone",
    (NormalForm.PHONE, "0049 30 123456"): "+4930123456 phone",
    (NormalForm.PHONE, "030 901820"): "+4930901820 phone:de",
    (NormalForm.PHONE, "12"): "",
    (NormalForm.EMAIL, "A.b@EXAMPLE.com"): "A.b@example.com email",
    (NormalForm.EMAIL, "a@b"): "",
    (NormalForm.COUNTRY, "Deutschland"): "DE country:de",
    (NormalForm.COUNTRY, "Germany"): "DE country:en",
    (NormalForm.COUNTRY, "de"): "DE country",
    (NormalForm.COUNTRY, "Atlantis"): "",
    (NormalForm.CURRENCY, "EUR"): "EUR currency",
    (NormalForm.CURRENCY, "RM"): "MYR currency:de",
    (NormalForm.UPPER, "ab  1"): "AB 1 upper",
    (NormalForm.NONE, "ab  1"): "ab 1 verbatim",
}


@pytest.mark.parametrize(("form", "raw"), IDENTIFIERS)
def test_an_identifier_is_checked_and_its_rule_named(form: NormalForm, raw: str) -> None:
    assert _shown(read_identifier(raw, form, languages=("de", "en"))) == IDENTIFIERS[form, raw]


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (Kind.DATE, "2024-03-04", "2024-03-04 date:iso"),
        (Kind.AMOUNT, "RM 5", "5 decimal:en"),
        (Kind.NUMBER, "5", "5 decimal:en"),
        (Kind.TEXT, "a b", "a b verbatim"),
        (Kind.BOOLEAN, "true", "true boolean"),
    ],
)
def test_the_kind_decides_the_rule(kind: Kind, raw: str, expected: str) -> None:
    document_type = one_field(kind)
    assert _shown(normalise(document_type.fields[0], raw, document_type)) == expected


PIECES = ["1", "12", "2020", "-", "/", ".", ",", " ", "E", "e", "+", "%", "(", ")", "€", "GBP", "0" * 30, "9" * 40]
PIECES += [
    "٣",
    "²",
    "½",
    "Ⅷ",
    "१",
    "〇",
    "𝟙",
    "12 May 2020",
    "10:33",
    "T",
    "@",
    "+49",
    "DE",
    "NaN",
    "Infinity",
    "\u2212",
]
ANYTHING = st.one_of(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.text(max_size=20))
FIELDS = [FieldSpec(name="value", kind=kind) for kind in (Kind.DATE, Kind.AMOUNT, Kind.NUMBER)]
FIELDS += [FieldSpec(name="value", normal_form=form) for form in NormalForm]
LANGUAGES = [("en",), ("de", "fr"), ("ar", "hi"), ("zh", "ja"), ("xx",)]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    spec=st.sampled_from(FIELDS),
    raw=ANYTHING,
    languages=st.sampled_from(LANGUAGES),
    order=st.sampled_from(["", "DMY", "MDY", "YMD"]),
)
def test_any_text_is_answered(spec: FieldSpec, raw: str, languages: tuple[str, ...], order: str) -> None:
    document_type = DocumentTypeSpec(name="any", fields=(spec,), languages=languages, date_order=order)
    for reading in normalise(spec, raw, document_type):
        assert reading.rule
        if spec.kind is Kind.DATE:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", reading.normal)
        elif spec.kind is not Kind.TEXT:
            assert re.fullmatch(r"-?\d+(\.\d+)?", reading.normal)


@pytest.mark.parametrize("raw", ["9" * 40, "1" * 29 + ".5", "0" * 400])
def test_numbers_of_any_length_are_answered(raw: str) -> None:
    assert len(read_number(raw, languages=("en",))) <= 1


def test_an_unknown_language_falls_back_to_english() -> None:
    assert _shown(read_date("4 March 2024", languages=("xx",), date_order="")) == "2024-03-04 date:words"
    assert _shown(read_number("12.50", languages=("xx",))) == "12.50 decimal:en"
    assert _shown(read_identifier("Germany", NormalForm.COUNTRY, languages=("xx",))) == "DE country:en"
