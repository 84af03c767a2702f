"""What a document type is: its fields, their kinds and its rules.

The admin's page, the prompt, the grammar, the validation, the export and the evaluation all read this one model.
JSON Schema in and out stands in `json_schema.py`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

MAX_DEPTH = 3
MAX_FIELDS = 100
MAX_OPTIONS = 100
MAX_RULES = 50
MAX_LANGUAGES = 20
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _one_line(text: str) -> str:
    """A line of text as it looks: the prompt holds one line a field, and a database no character 0."""
    if any(unicodedata.category(letter) == "Cc" or letter in _TURNS_TEXT for letter in text):
        raise ValueError("line breaks and control characters are not allowed")
    return text


Line = Annotated[str, AfterValidator(_one_line)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class Kind(StrEnum):
    """What a field holds. All but enum, boolean, group and list are verbatim spans of the document."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"
    IDENTIFIER = "identifier"
    ENUM = "enum"
    BOOLEAN = "boolean"
    GROUP = "group"
    LIST = "list"

    @property
    def is_span(self) -> bool:
        return self in _SPAN_KINDS

    @property
    def has_fields(self) -> bool:
        return self in (Kind.GROUP, Kind.LIST)


_SPAN_KINDS = frozenset({Kind.TEXT, Kind.DATE, Kind.AMOUNT, Kind.NUMBER, Kind.IDENTIFIER})


class NormalForm(StrEnum):
    """How the span of an identifier or text is normalised. Dates, amounts and numbers follow their kind."""

    NONE = ""
    IBAN = "iban"
    BIC = "bic"
    VAT = "vat"
    PHONE = "phone"
    EMAIL = "email"
    COUNTRY = "country"
    CURRENCY = "currency"
    UPPER = "upper"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Model):
    """One field. `many` makes a list of values of a span kind; a LIST is a list of groups (line items)."""

    name: Name
    label: Line = Field(default="", max_length=120)
    description: Line = Field(default="", max_length=500)
    kind: Kind = Kind.TEXT
    required: bool = False
    many: bool = False
    options: tuple[Annotated[Line, Field(min_length=1, max_length=120)], ...] = Field(
        default=(), max_length=MAX_OPTIONS
    )
    normal_form: NormalForm = NormalForm.NONE
    fields: tuple[FieldSpec, ...] = Field(default=(), max_length=MAX_FIELDS)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.kind is Kind.ENUM) != bool(self.options):
            raise ValueError(f"field {self.name}: options belong to an enum, and an enum needs them")
        if self.kind.has_fields != bool(self.fields):
            raise ValueError(f"field {self.name}: a group or list needs fields, and only they have them")
        if self.many and not self.kind.is_span:
            raise ValueError(f"field {self.name}: only text-like kinds can be repeated; use a list of groups")
        _refuse_twins([f.name for f in self.fields], f"field {self.name}: two fields are named")
        _refuse_twins(self.options, f"field {self.name}: two options are")
        return self

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ").capitalize()


class SumRule(_Model):
    """The sum of `part` over the rows of `rows` is `total`, within `tolerance`."""

    rule: Literal["sum"] = "sum"
    rows: Name
    part: Name
    total: Name
    tolerance: float = Field(default=0.01, ge=0, allow_inf_nan=False)


class AddRule(_Model):
    """The fields of `parts` add up to `total`, e.g. net + tax = gross."""

    rule: Literal["add"] = "add"
    parts: tuple[Name, ...] = Field(min_length=2, max_length=MAX_FIELDS)
    total: Name
    tolerance: float = Field(default=0.01, ge=0, allow_inf_nan=False)


class OrderRule(_Model):
    """The date `later` is not before the date `earlier`."""

    rule: Literal["order"] = "order"
    earlier: Name
    later: Name


class ChecksumRule(_Model):
    """The check digits of `field` are right for `scheme`."""

    rule: Literal["checksum"] = "checksum"
    field: Name
    scheme: Literal["iban", "vat", "bic", "luhn", "lei", "isin"]


Rule = Annotated[SumRule | AddRule | OrderRule | ChecksumRule, Field(discriminator="rule")]


class DocumentTypeSpec(_Model):
    """A document type. `date_order` decides 04/03/2024 where the page does not; empty means both readings are kept."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    label: Line = Field(default="", max_length=120)
    description: Line = Field(default="", max_length=500)
    fields: tuple[FieldSpec, ...] = Field(min_length=1, max_length=MAX_FIELDS)
    rules: tuple[Rule, ...] = Field(default=(), max_length=MAX_RULES)
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = Field(
        default=("en",), max_length=MAX_LANGUAGES
    )
    date_order: Literal["", "DMY", "MDY", "YMD"] = ""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        _refuse_twins([f.name for f in self.fields], "document type: two fields are named")
        if _depth(self.fields) > MAX_DEPTH:
            raise ValueError(f"fields may be nested {MAX_DEPTH} deep at most")
        if _count(self.fields) > MAX_FIELDS:
            raise ValueError(f"a document type may have {MAX_FIELDS} fields at most")
        names = {f.name: f for f in self.fields}
        for rule in self.rules:
            _check_rule(rule, names)
        return self

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ").capitalize()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of this type."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def _refuse_twins(words: Sequence[str], complaint: str) -> None:
    twins = sorted(word for word, count in Counter(words).items() if count > 1)
    if twins:
        raise ValueError(f"{complaint} {', '.join(twins)}")


def _depth(fields: tuple[FieldSpec, ...]) -> int:
    return 1 + max((_depth(f.fields) for f in fields if f.fields), default=0)


def _count(fields: tuple[FieldSpec, ...]) -> int:
    return sum(1 + _count(f.fields) for f in fields)


def _check_rule(rule: SumRule | AddRule | OrderRule | ChecksumRule, fields: dict[str, FieldSpec]) -> None:
    match rule:
        case SumRule(rows=rows, part=part, total=total):
            if rows not in fields or fields[rows].kind is not Kind.LIST:
                raise ValueError(f"rule sum: {rows} is not a list")
            if part not in {f.name for f in fields[rows].fields}:
                raise ValueError(f"rule sum: {rows} has no field {part}")
            wanted: tuple[str, ...] = (total,)
        case AddRule(parts=parts, total=total):
            wanted = (*parts, total)
        case OrderRule(earlier=earlier, later=later):
            wanted = (earlier, later)
        case ChecksumRule(field=field):
            wanted = (field,)
    missing = [n for n in wanted if n not in fields]
    if missing:
        raise ValueError(f"rule {rule.rule}: no field {', '.join(missing)}")
