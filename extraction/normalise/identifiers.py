"""Codes with a published form: IBAN, BIC, VAT, phone, e-mail, country, currency."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import list_currencies
from stdnum import bic, iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from extraction.records import Reading
from extraction.schema import NormalForm

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "RM": "MYR", "₹": "INR", "zł": "PLN", "US$": "USD", "$": "USD"}


def read_identifier(raw: str, form: NormalForm, *, languages: tuple[str, ...]) -> tuple[Reading, ...]:
    """The normal form, or nothing when the text is not valid for it. Two readings where the text does not decide."""
    text = " ".join(raw.split())
    match form:
        case NormalForm.IBAN:
            return _checked(iban, text, "iban")
        case NormalForm.BIC:
            return _checked(bic, text, "bic")
        case NormalForm.VAT:
            return _checked(vat, text, "vat")
        case NormalForm.PHONE:
            return _phones(text, languages)
        case NormalForm.EMAIL:
            return _email(text)
        case NormalForm.COUNTRY:
            return _named(text, _countries, languages, "country")
        case NormalForm.CURRENCY:
            return _named(text, _currencies, languages, "currency")
        case NormalForm.UPPER:
            return (Reading(text.upper(), "upper"),)
        case NormalForm.NONE:
            return (Reading(text, "verbatim"),)


def _checked(scheme: Any, text: str, rule: str) -> tuple[Reading, ...]:
    """By a module of python-stdnum."""
    try:
        return (Reading(scheme.validate(text), rule),)
    except ValidationError:
        return ()


def _phones(text: str, languages: tuple[str, ...]) -> tuple[Reading, ...]:
    """E.164. Without a country code, one reading for each country that the languages suggest and the number fits."""
    regions = [None] if text.startswith(("+", "00")) else list(dict.fromkeys(_region(code) for code in languages))
    international = "+" + text[2:] if text.startswith("00") else text
    found: dict[str, str] = {}
    for region in regions:
        try:
            number = phonenumbers.parse(international, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            normal = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found.setdefault(normal, f"phone:{region.lower()}" if region else "phone")
    return tuple(Reading(normal, rule) for normal, rule in found.items())


def _region(language: str) -> str:
    """The country where most speakers live, by CLDR."""
    likely: str = get_global("likely_subtags").get(language, language)
    return likely.split("_")[-1].upper()


def _email(text: str) -> tuple[Reading, ...]:
    address = text.removeprefix("mailto:").strip("<>")
    if not _EMAIL.fullmatch(address):
        return ()
    name, _, domain = address.rpartition("@")
    return (Reading(f"{name}@{domain.lower()}", "email"),)


def _named(
    text: str, table: Callable[[str], dict[str, str]], languages: Iterable[str], rule: str
) -> tuple[Reading, ...]:
    """A code as it stands, or a name in one of the languages or in English."""
    key = text.strip(" .").casefold()
    for language in filter(localedata.exists, dict.fromkeys((*languages, "en"))):
        code = table(language).get(key)
        if code:
            return (Reading(code, f"{rule}:{language}" if key != code.casefold() else rule),)
    return ()


@cache
def _countries(language: str) -> dict[str, str]:
    names = Locale(language).territories
    codes = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
    return {name.casefold(): code for code, name in codes.items()} | {code.casefold(): code for code in codes}


@cache
def _currencies(language: str) -> dict[str, str]:
    codes = list_currencies()
    names = Locale(language).currencies
    table = {names[code].casefold(): code for code in codes if code in names}
    return table | {sign.casefold(): code for sign, code in _SIGNS.items()} | {code.casefold(): code for code in codes}
