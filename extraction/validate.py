"""The rules of a document type, checked on normal forms. Pure: values in, issues out, nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from stdnum import bic, iban, isin, lei, luhn
from stdnum.eu import vat

from extraction.records import FieldValue, Issue, ValuePath
from extraction.schema import AddRule, ChecksumRule, DocumentTypeSpec, FieldSpec, Kind, OrderRule, Rule, SumRule

_SCHEMES: Mapping[str, Callable[[str], bool]] = {
    "iban": iban.is_valid,
    "bic": bic.is_valid,
    "vat": vat.is_valid,
    "luhn": luhn.is_valid,
    "lei": lei.is_valid,
    "isin": isin.is_valid,
}
_Values = Mapping[ValuePath, FieldValue]


def validate(values: Sequence[FieldValue], document_type: DocumentTypeSpec) -> tuple[Issue, ...]:
    """What is missing, out of range or contradictory, in sentences for the clerk."""
    by_path = {value.path: value for value in values}
    titles = {spec.name: spec.title for spec in document_type.fields}
    issues = [*_missing(document_type.fields, by_path), *_closed(document_type.fields, by_path)]
    for rule in document_type.rules:
        issues += _check(rule, by_path, titles)
    return tuple(issues)


def _missing(fields: Sequence[FieldSpec], values: _Values, base: ValuePath = ()) -> Iterator[Issue]:
    """Required fields without a value. Inside a list each row is asked."""
    for spec in fields:
        path = (*base, spec.name)
        rows = _row_numbers(values, path)
        if spec.kind is Kind.GROUP:
            yield from _missing(spec.fields, values, path)
        elif spec.kind is Kind.LIST:
            for row in rows:
                yield from _missing(spec.fields, values, (*path, row))
        if spec.required and not _is_filled(values, path):
            yield Issue("required_missing", f"{spec.title} is required, but was not found.", (path,))


def _closed(fields: Sequence[FieldSpec], values: _Values) -> Iterator[Issue]:
    """Enum values that are no option: possible after a correction by hand."""
    specs = dict(_enums(fields, ()))
    for path, value in values.items():
        spec = specs.get(tuple(part for part in path if isinstance(part, str)))
        if spec and value.raw is not None and value.raw not in spec.options:
            options = ", ".join(spec.options)
            yield Issue("not_an_option", f"{spec.title} is {value.raw}, but must be one of: {options}.", (path,))


def _enums(fields: Sequence[FieldSpec], base: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], FieldSpec]]:
    for spec in fields:
        if spec.kind is Kind.ENUM:
            yield (*base, spec.name), spec
        yield from _enums(spec.fields, (*base, spec.name))


def _check(rule: Rule, values: _Values, titles: Mapping[str, str]) -> Iterator[Issue]:
    match rule:
        case SumRule():
            yield from _check_sum(rule, values, titles)
        case AddRule():
            yield from _check_add(rule, values, titles)
        case OrderRule():
            yield from _check_order(rule, values, titles)
        case ChecksumRule():
            yield from _check_digits(rule, values, titles)


def _check_sum(rule: SumRule, values: _Values, titles: Mapping[str, str]) -> Iterator[Issue]:
    """Silent while a part or the total is unknown: that has its own issue or reason."""
    paths: list[ValuePath] = [(rule.rows, row, rule.part) for row in _row_numbers(values, (rule.rows,))]
    parts = [number for path in paths if (number := _number(values, path)) is not None]
    total = _number(values, (rule.total,))
    if total is None or not parts or len(parts) < len(paths):
        return
    if abs(sum(parts) - total) > Decimal(str(rule.tolerance)):
        sentence = (
            f"The {_lower(titles[rule.rows])} add up to {sum(parts)}, but {_the(titles[rule.total])} says {total}."
        )
        yield Issue("sum", sentence, (*paths, (rule.total,)))


def _check_add(rule: AddRule, values: _Values, titles: Mapping[str, str]) -> Iterator[Issue]:
    parts = [_number(values, (name,)) for name in rule.parts]
    total = _number(values, (rule.total,))
    known = [part for part in parts if part is not None]
    if total is None or len(known) < len(parts):
        return
    if abs(sum(known) - total) > Decimal(str(rule.tolerance)):
        names = " and ".join(_lower(titles[name]) for name in rule.parts)
        sentence = f"The {names} add up to {sum(known)}, but {_the(titles[rule.total])} says {total}."
        yield Issue("add", sentence, (*((name,) for name in rule.parts), (rule.total,)))


def _check_order(rule: OrderRule, values: _Values, titles: Mapping[str, str]) -> Iterator[Issue]:
    earlier, later = (_date(values, (name,)) for name in (rule.earlier, rule.later))
    if earlier and later and later < earlier:
        first, second = _the(titles[rule.later]), _the(titles[rule.earlier])
        sentence = f"{first.capitalize()} ({later}) is before {second} ({earlier})."
        yield Issue("order", sentence, ((rule.earlier,), (rule.later,)))


def _check_digits(rule: ChecksumRule, values: _Values, titles: Mapping[str, str]) -> Iterator[Issue]:
    value = values.get((rule.field,))
    if value is None or value.raw is None:
        return
    text = value.reading.normal if value.reading else value.raw
    if not _SCHEMES[rule.scheme]("".join(text.split())):
        sentence = f"The check digits of {_the(titles[rule.field])} are wrong: {value.raw}."
        yield Issue("checksum", sentence, ((rule.field,),))


def _row_numbers(values: _Values, base: ValuePath) -> list[int]:
    size = len(base)
    rows = {path[size] for path in values if path[:size] == base and len(path) > size}
    return sorted(row for row in rows if isinstance(row, int))


def _is_filled(values: _Values, path: ValuePath) -> bool:
    return any(value.raw is not None for key, value in values.items() if key[: len(path)] == path)


def _number(values: _Values, path: ValuePath) -> Decimal | None:
    value = values.get(path)
    return Decimal(value.reading.normal) if value and value.reading else None


def _date(values: _Values, path: ValuePath) -> date | None:
    value = values.get(path)
    return date.fromisoformat(value.reading.normal) if value and value.reading else None


def _lower(title: str) -> str:
    """For the middle of a sentence; abbreviations such as VAT stay as they are."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _the(title: str) -> str:
    return f"the {_lower(title)}"
