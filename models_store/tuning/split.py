"""Records -> two parts that share no group: a model is measured on sellers that it has never seen."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from extraction.labels import Label

_Record = TypeVar("_Record")
_FIRST_WORDS = 2


def split(
    records: Sequence[_Record], group_of: Callable[[_Record], str], *, share: float, seed: int = 1
) -> tuple[list[_Record], list[_Record]]:
    """(train, held out); about `share` of the records are held out, whole groups only. The order is kept.

    `group_of` names a record's group; it is compared by `group_name`. A record without one is a group of its own.
    The same records give the same parts.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        groups[group_name(group_of(record)) or f"#{at}"].append(at)
    held_out: set[int] = set()
    for name in sorted(groups, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest()):
        if len(held_out) + len(groups[name]) / 2 > share * len(records):
            continue
        held_out.update(groups[name])
    numbered = list(enumerate(records))
    return [r for at, r in numbered if at not in held_out], [r for at, r in numbered if at in held_out]


def by_field(name: str) -> Callable[[Label], str]:
    """Groups labels by what they say of this field; "" where they say nothing."""

    def group_of(label: Label) -> str:
        value = label.fields.get(name)
        return str(value[0] if isinstance(value, list) and value else value or "")

    return group_of


def group_name(text: str) -> str:
    """Letters and digits of the first words, in lower case: "ACME Foods, Inc." and "ACME FOODS LLC" are one group."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold())[:_FIRST_WORDS])
