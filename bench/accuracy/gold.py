"""What a label asks for: the values that are printed, and the fields that must stay empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Tree = Mapping[str, object]
"""Values by field name; a group's value is a tree of its own."""
_EMPTY: tuple[object, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Gold:
    """Two trees without a field in common. The leaves of `absent` are all null or empty lists."""

    printed: Tree
    absent: Tree

    @property
    def empty_fields(self) -> tuple[str, ...]:
        """Dotted names of the fields that must stay empty."""
        return tuple(_leaves(self.absent, ""))


def read_gold(fields: Tree, visible: object = None, *, nulls_are_sure: bool = False) -> Gold:
    """Of a labelled document. A value that `visible` calls not printed is in neither tree, and so is an empty label
    where nobody is sure of it; a list in `visible` stands for the labelled list."""
    shown = visible if isinstance(visible, Mapping) else {}
    printed: dict[str, object] = {}
    absent: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            inside = read_gold(value, nulls_are_sure=nulls_are_sure)
            printed |= {name: inside.printed} if inside.printed else {}
            absent |= {name: inside.absent} if inside.absent else {}
        elif value in _EMPTY:
            absent |= {name: value} if nulls_are_sure else {}
        else:
            seen = shown.get(name, True)
            printed |= {name: seen if isinstance(seen, list) else value} if seen else {}
    return Gold(printed, absent)


def _leaves(tree: Tree, prefix: str) -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name
