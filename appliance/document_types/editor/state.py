"""The rows of the form: what a browser posts, what a schema becomes when it is opened for editing.

A tree of fields is a flat list of rows with a depth each, in the order of the page; children follow their parent.
Controls are named "field-3-label" and "rule-0-total".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from extraction.schema import (
    MAX_DEPTH,
    MAX_FIELDS,
    AddRule,
    ChecksumRule,
    DocumentTypeSpec,
    FieldSpec,
    Kind,
    OrderRule,
    SumRule,
)

MAX_ROWS = 2 * MAX_FIELDS  # more than a schema may hold, so that one field too many is explained, not cut off
MAX_RULES = 50
_REPEATABLE = frozenset(kind.value for kind in Kind if kind.is_span)


class Posted(Protocol):
    """What we need of Django's QueryDict."""

    def __contains__(self, key: object, /) -> bool: ...

    def get(self, key: str, default: str) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as typed. `options` has one option a line; `was` is its name when the form was drawn."""

    depth: int = 0
    name: str = ""
    label: str = ""
    description: str = ""
    kind: str = "text"
    required: bool = False
    many: bool = False
    options: str = ""
    normal_form: str = ""
    was: str = ""

    @property
    def holds_fields(self) -> bool:
        return self.kind in (Kind.GROUP, Kind.LIST)

    @property
    def can_repeat(self) -> bool:
        return self.kind in _REPEATABLE

    @property
    def title(self) -> str:
        return self.label or self.name or "new field"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as typed; each kind of rule uses some of these. `source` is "line_items.amount"."""

    rule: str
    source: str = ""
    parts: tuple[str, ...] = ()
    total: str = ""
    tolerance: str = "0.01"
    earlier: str = ""
    later: str = ""
    field: str = ""
    scheme: str = "iban"


@dataclass(frozen=True, slots=True)
class EditorState:
    name: str = ""
    label: str = ""
    description: str = ""
    languages: str = "en"
    date_order: str = ""
    fields: tuple[FieldRow, ...] = (FieldRow(),)
    rules: tuple[RuleRow, ...] = ()


def state_of(spec: DocumentTypeSpec) -> EditorState:
    return EditorState(
        name=spec.name,
        label=spec.label,
        description=spec.description,
        languages=", ".join(spec.languages),
        date_order=spec.date_order,
        fields=tuple(_rows_of(spec.fields, 0)),
        rules=tuple(_rule_row(rule) for rule in spec.rules),
    )


def state_from_post(post: Posted) -> EditorState:
    """Whatever was posted, as rows. Nothing is refused here: problems are found by `check`, next to their control."""
    fields = tuple(_posted_rows(post))
    rules = tuple(_posted_rule(post, f"rule-{i}") for i in range(MAX_RULES) if f"rule-{i}-rule" in post)
    return _follow_renames(
        EditorState(
            name=post.get("name", "").strip() or name_from(post.get("label", "")),
            label=post.get("label", "").strip(),
            description=post.get("description", "").strip(),
            languages=post.get("languages", "").strip(),
            date_order=post.get("date_order", ""),
            fields=fields,
            rules=rules,
        )
    )


def name_from(label: str) -> str:
    """The name that a label suggests: "PO number" is po_number. Empty where nothing of it can stand in a name."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_").lstrip("0123456789_")[:64]


def _rows_of(fields: tuple[FieldSpec, ...], depth: int) -> Iterator[FieldRow]:
    for spec in fields:
        yield FieldRow(
            depth=depth,
            name=spec.name,
            label=spec.label,
            description=spec.description,
            kind=spec.kind.value,
            required=spec.required,
            many=spec.many,
            options="\n".join(spec.options),
            normal_form=spec.normal_form.value,
            was=spec.name,
        )
        yield from _rows_of(spec.fields, depth + 1)


def _rule_row(rule: SumRule | AddRule | OrderRule | ChecksumRule) -> RuleRow:
    match rule:
        case SumRule(rows=rows, part=part, total=total, tolerance=tolerance):
            return RuleRow("sum", source=f"{rows}.{part}", total=total, tolerance=f"{tolerance:g}")
        case AddRule(parts=parts, total=total, tolerance=tolerance):
            return RuleRow("add", parts=parts, total=total, tolerance=f"{tolerance:g}")
        case OrderRule(earlier=earlier, later=later):
            return RuleRow("order", earlier=earlier, later=later)
        case ChecksumRule(field=field, scheme=scheme):
            return RuleRow("checksum", field=field, scheme=scheme)


def _posted_rows(post: Posted) -> Iterator[FieldRow]:
    ceiling = 0
    for i in range(MAX_ROWS):
        at = f"field-{i}-"
        if at + "name" not in post:
            return
        posted_depth = post.get(at + "depth", "0")
        depth = min(int(posted_depth) if posted_depth.isdecimal() else 0, ceiling)
        ceiling = min(depth + 1, MAX_DEPTH - 1)
        texts = {key: post.get(at + key, "").strip() for key in ("label", "description", "options", "was")}
        yield FieldRow(
            depth=depth,
            name=post.get(at + "name", "").strip() or name_from(texts["label"]),
            kind=post.get(at + "kind", "text"),
            normal_form=post.get(at + "normal_form", ""),
            required=at + "required" in post,
            many=at + "many" in post,
            **texts,
        )


def _posted_rule(post: Posted, at: str) -> RuleRow:
    keys = ("rule", "source", "total", "tolerance", "earlier", "later", "field", "scheme")
    return RuleRow(parts=tuple(post.getlist(f"{at}-parts")), **{key: post.get(f"{at}-{key}", "") for key in keys})


def _follow_renames(state: EditorState) -> EditorState:
    """A rule follows its field when the field gets another name; nobody wants to mend rules after a rename."""
    new_names: dict[str, str] = {}
    parent = FieldRow()
    for row in state.fields:
        parent = row if row.depth == 0 else parent
        if row.depth == 0 and row.was:
            new_names[row.was] = row.name
        elif row.depth == 1 and row.was:
            new_names[f"{parent.was}.{row.was}"] = f"{parent.name}.{row.name}"

    def now(name: str) -> str:
        return new_names.get(name, name)

    rules = tuple(
        replace(
            rule,
            source=now(rule.source),
            parts=tuple(map(now, rule.parts)),
            total=now(rule.total),
            earlier=now(rule.earlier),
            later=now(rule.later),
            field=now(rule.field),
        )
        for rule in state.rules
    )
    return replace(state, fields=tuple(replace(row, was=row.name) for row in state.fields), rules=rules)
