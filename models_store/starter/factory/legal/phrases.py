"""Sentence patterns with variation inside: "This Agreement [shall be|is] governed by the laws of {law}."

Square brackets hold alternatives, in each other too; braces name a slot, which the writer of the page fills. A slot
with `^` behind its name begins with a capital, one with `'s` is possessive, one with `:nom` is a German nominative.
A fifth of the patterns (by hash) is kept for evaluation, as labels are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from models_store.starter.factory.wordings import is_held_out

_TOKENS = re.compile(r"[\[\]|]|\{[^}]*\}|[^\[\]|{}]+")
Fill = Callable[[str], str]


class Slot(NamedTuple):
    name: str


class Choice(NamedTuple):
    options: tuple[tuple[Part, ...], ...]


Part = str | Slot | Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sentence, heading or block. `needs` are the slots that it fills in any case or perhaps."""

    parts: tuple[Part, ...]
    needs: frozenset[str]

    def write(self, fill: Fill, random: Random) -> str:
        return " ".join(_written(self.parts, fill, random).split(" ")).replace("  ", " ").strip(" ")


@dataclass(frozen=True, slots=True)
class Patterns:
    """Ways to say one thing, the trained on and the kept ones."""

    trained: tuple[Pattern, ...]
    kept: tuple[Pattern, ...]

    def side(self, *, held_out: bool) -> tuple[Pattern, ...]:
        """The wanted side, the other one where it is empty."""
        return (self.kept or self.trained) if held_out else (self.trained or self.kept)


def patterns(texts: Sequence[str]) -> Patterns:
    """Compiled patterns, sorted by side."""
    made = [(is_held_out(text), pattern(text)) for text in texts]
    return Patterns(tuple(p for kept, p in made if not kept), tuple(p for kept, p in made if kept))


def pattern(text: str) -> Pattern:
    """One compiled pattern. Raises ValueError on brackets that do not match."""
    tokens = _TOKENS.findall(text)[::-1]
    options = _options(tokens)
    if tokens or len(options) != 1:
        raise ValueError(f"brackets do not match: {text}")
    return Pattern(options[0], frozenset(_slots(options[0])))


def book(path: Path) -> dict[str, Any]:
    """A TOML file of patterns: each list of texts is compiled, tables stay tables."""
    return {name: _compiled(value) for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def _compiled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _compiled(inner) for name, inner in value.items()}
    return patterns(value)


def _options(tokens: list[str]) -> tuple[tuple[Part, ...], ...]:
    """Alternatives up to the closing bracket or the end; `tokens` is read from its end."""
    options: list[tuple[Part, ...]] = []
    parts: list[Part] = []
    while tokens and tokens[-1] != "]":
        piece = tokens.pop()
        if piece == "|":
            options.append(tuple(parts))
            parts = []
        elif piece == "[":
            parts.append(Choice(_options(tokens)))
            if not tokens:
                return ()
            tokens.pop()
        else:
            parts.append(Slot(piece[1:-1]) if piece[0] == "{" else piece)
    return (*options, tuple(parts))


def _slots(parts: Sequence[Part]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Slot):
            found.add(part.name.removesuffix("'s").removesuffix("^").removesuffix(":nom"))
        elif isinstance(part, Choice):
            found.update(*(_slots(option) for option in part.options))
    return found


def _written(parts: Sequence[Part], fill: Fill, random: Random) -> str:
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Slot):
            out.append(fill(part.name))
        else:
            out.append(_written(random.choice(part.options), fill, random))
    return "".join(out)
