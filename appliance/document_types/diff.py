"""What changed from one version of a schema to another: in words, and line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from appliance.document_types.schema_files import type_text
from appliance.document_types.words import DATE_ORDERS, NORMAL_FORMS, kind_in_words, rule_in_words
from extraction.schema import DocumentTypeSpec, FieldSpec


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """`where` is a field's path, "rule" or "type"."""

    kind: ChangeKind
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`mark` is "+", "-", "@" (a jump) or " " (unchanged)."""

    mark: str
    text: str


def changes(old: DocumentTypeSpec, new: DocumentTypeSpec) -> list[Change]:
    """Fields first in the order of the page, then rules, then the type itself. Empty when the two are equal."""
    return [*_field_changes(old, new), *_rule_changes(old, new), *_type_changes(old, new)]


def unified_diff(old: DocumentTypeSpec, new: DocumentTypeSpec) -> list[DiffLine]:
    lines = list(difflib.unified_diff(_lines(old), _lines(new), lineterm="", n=3))[2:]
    return [DiffLine(line[0], line if line[0] == "@" else line[1:]) for line in lines]


def _lines(spec: DocumentTypeSpec) -> list[str]:
    return type_text(spec).splitlines()


def _flat(fields: tuple[FieldSpec, ...], prefix: str = "") -> Iterator[tuple[str, FieldSpec]]:
    for field in fields:
        yield prefix + field.name, field
        yield from _flat(field.fields, f"{prefix}{field.name}.")


def _field_changes(old: DocumentTypeSpec, new: DocumentTypeSpec) -> Iterator[Change]:
    before, after = dict(_flat(old.fields)), dict(_flat(new.fields))
    for path, field in after.items():
        if path not in before:
            needed = ", required" if field.required else ""
            yield Change(ChangeKind.ADDED, path, f"{kind_in_words(field)}{needed}")
        else:
            yield from (Change(ChangeKind.CHANGED, path, s) for s in _differences(before[path], field))
    for path, field in before.items():
        if path not in after:
            yield Change(ChangeKind.REMOVED, path, kind_in_words(field))
    stayed_before = [path for path in before if path in after]
    if stayed_before != [path for path in after if path in before]:
        yield Change(ChangeKind.CHANGED, "order", "The fields stand in another order")


def _differences(old: FieldSpec, new: FieldSpec) -> Iterator[str]:
    if old.label != new.label:
        yield f"label “{old.title}” became “{new.title}”"
    if old.kind is not new.kind or old.many != new.many:
        yield f"kind “{kind_in_words(old)}” became “{kind_in_words(new)}”"
    elif old.normal_form is not new.normal_form:
        yield f"read as {NORMAL_FORMS[new.normal_form]}, before: {NORMAL_FORMS[old.normal_form]}"
    if old.required != new.required:
        yield "is required now" if new.required else "is not required any more"
    if old.description != new.description:
        yield f"description is now “{new.description}”" if new.description else "description was removed"
    gained = [option for option in new.options if option not in old.options]
    lost = [option for option in old.options if option not in new.options]
    if gained:
        yield f"options added: {', '.join(gained)}"
    if lost:
        yield f"options removed: {', '.join(lost)}"
    if not gained and not lost and old.options != new.options:
        yield "the options stand in another order"


def _rule_changes(old: DocumentTypeSpec, new: DocumentTypeSpec) -> Iterator[Change]:
    for rule in new.rules:
        if rule not in old.rules:
            yield Change(ChangeKind.ADDED, "rule", rule_in_words(rule, new))
    for rule in old.rules:
        if rule not in new.rules:
            yield Change(ChangeKind.REMOVED, "rule", rule_in_words(rule, old))


def _type_changes(old: DocumentTypeSpec, new: DocumentTypeSpec) -> Iterator[Change]:
    pairs = (
        ("label", old.title, new.title),
        ("description", old.description, new.description),
        ("languages", ", ".join(old.languages), ", ".join(new.languages)),
        ("date order", DATE_ORDERS[old.date_order], DATE_ORDERS[new.date_order]),
    )
    for what, before, after in pairs:
        if before != after:
            yield Change(ChangeKind.CHANGED, "type", f"{what} “{before}” became “{after}”")
