"""Schemas in words: kinds, normal forms, rules. What the pages, the diff and the editor say."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.schema import (
    AddRule,
    ChecksumRule,
    DocumentTypeSpec,
    FieldSpec,
    Kind,
    NormalForm,
    OrderRule,
    SumRule,
)

KINDS: Mapping[Kind, str] = {
    Kind.TEXT: "Text",
    Kind.DATE: "Date",
    Kind.AMOUNT: "Amount",
    Kind.NUMBER: "Number",
    Kind.IDENTIFIER: "Identifier",
    Kind.ENUM: "One of a list",
    Kind.BOOLEAN: "Yes or no",
    Kind.GROUP: "Group of fields",
    Kind.LIST: "Line items",
}
NORMAL_FORMS: Mapping[NormalForm, str] = {
    NormalForm.NONE: "As printed",
    NormalForm.IBAN: "IBAN",
    NormalForm.BIC: "BIC",
    NormalForm.VAT: "VAT number",
    NormalForm.PHONE: "Phone number",
    NormalForm.EMAIL: "E-mail address",
    NormalForm.COUNTRY: "Country code",
    NormalForm.CURRENCY: "Currency code",
    NormalForm.UPPER: "Capital letters",
}
DATE_ORDERS: Mapping[str, str] = {
    "": "Keep both readings and ask",
    "DMY": "Day first: 04/03 is 4 March",
    "MDY": "Month first: 04/03 is 3 April",
    "YMD": "Year first: 24/03/04 is 4 March 2024",
}
SCHEMES: Mapping[str, str] = {
    "iban": "IBAN",
    "vat": "VAT number",
    "bic": "BIC",
    "luhn": "Luhn (card numbers)",
    "lei": "LEI",
    "isin": "ISIN",
}
RULES: Mapping[str, str] = {
    "sum": "Lines add up to a total",
    "add": "Amounts add up",
    "order": "Dates in order",
    "checksum": "Check digits",
}


def rule_in_words(rule: SumRule | AddRule | OrderRule | ChecksumRule, spec: DocumentTypeSpec) -> str:
    titles = {field.name: field.title for field in spec.fields}
    match rule:
        case SumRule(rows=rows, part=part, total=total, tolerance=tolerance):
            inner = {f.name: f.title for field in spec.fields if field.name == rows for f in field.fields}
            return f"The sum of {inner[part]} over {titles[rows]} is {titles[total]}{_within(tolerance)}."
        case AddRule(parts=parts, total=total, tolerance=tolerance):
            return f"{' + '.join(titles[p] for p in parts)} = {titles[total]}{_within(tolerance)}."
        case OrderRule(earlier=earlier, later=later):
            return f"{titles[later]} is not before {titles[earlier]}."
        case ChecksumRule(field=field, scheme=scheme):
            return f"{titles[field]} has the right check digits ({SCHEMES[scheme]})."


def kind_in_words(field: FieldSpec) -> str:
    """E.g. "Identifier, several, read as IBAN"."""
    words = KINDS[field.kind]
    if field.many:
        words += ", several"
    if field.normal_form is not NormalForm.NONE:
        words += f", read as {NORMAL_FORMS[field.normal_form]}"
    return words


def _within(tolerance: float) -> str:
    return f" (within {tolerance:g})" if tolerance else " (exactly)"
