"""Answers as rows keep them, and whether two say the same.

{"by": 3, "value": "12.50", "spans": {"total": [45, 50]}, "regions": [[1, 0.1, 0.2, 0.18, 0.25]]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from extraction.compare import letters_and_digits

Stored = Mapping[str, Any]
SAME = 0.5
"""Nearly equal texts that agree on more of their answers are one document; else one form, filled in twice."""


def said(value: Any) -> Any:
    """What an answer says without marks, blanks and case: two answers are the same when this is equal."""
    if isinstance(value, Mapping):
        return {name: said(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [said(inner) for inner in value]
    return (letters_and_digits(value) or value.strip()) if isinstance(value, str) else value


def distinct(answers: Iterable[Stored]) -> list[Stored]:
    """The first of each that says something of its own."""
    found: list[Stored] = []
    for answer in answers:
        if all(said(answer["value"]) != said(other["value"]) for other in found):
            found.append(answer)
    return found


def agreement(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Of the fields that both answer, and one of them not with "not in the document": the share they agree on, 0..1."""
    pairs = [(said(one[name]), said(other[name])) for name in one.keys() & other.keys()]
    told = [first == second for first, second in pairs if not (_is_absent(first) and _is_absent(second))]
    return sum(told) / len(told) if told else 1.0


def _is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and all(map(_is_absent, value.values())))


def text_of_value(value: Any) -> str | None:
    """For people: "12.50", "2 rows: Office chair, black · 2; Desk lamp LED · 4", None for "not in the document"."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return " · ".join(text for inner in value.values() if (text := text_of_value(inner)) is not None)
    if isinstance(value, list):
        rows = "; ".join(text_of_value(row) or "" for row in value)
        return f"{len(value)} row{'s' if len(value) != 1 else ''}: {rows}"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def without(fields: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The fields without the one at this path of names ("seller.name"): it is not asked."""
    name, _, rest = path.partition(".")
    if not rest:
        return {key: value for key, value in fields.items() if key != name}
    inner = fields.get(name)
    return {**fields, name: without(inner, rest)} if isinstance(inner, Mapping) else dict(fields)


def with_value(fields: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    inner = fields.get(name)
    return {**fields, name: with_value(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}


def unit_of(path: str) -> str:
    """What is asked as a whole: the list that "line_items[0].amount" is part of."""
    return path.partition("[")[0]


def spans_outside(spans: Mapping[str, list[int]], path: str) -> dict[str, list[int]]:
    """Those that belong to other fields than the one at `path`."""
    inside = (f"{path}.", f"{path}[")
    return {at: place for at, place in spans.items() if at != path and not at.startswith(inside)}
