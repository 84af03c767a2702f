"""Made-up slips of one house: the store of a hospital hands out material. Its wordings are its own abbreviations.

Every ward has a form of its own, with the same abbreviations in another order and shape, so a split by ward asks
whether the wordings were learnt rather than the places. Some fields are left out on some slips.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

WARDS = 24
_WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))

DOCUMENT_TYPE = DocumentTypeSpec(
    name="material_slip",
    fields=(
        FieldSpec(name="slip", kind=Kind.IDENTIFIER, description="number of the slip"),
        FieldSpec(name="ward", kind=Kind.TEXT, description="who takes the material"),
        FieldSpec(name="cost_centre", kind=Kind.IDENTIFIER, description="account that is charged"),
        FieldSpec(name="taken_by", kind=Kind.TEXT, description="person who fetched it"),
        FieldSpec(name="article", kind=Kind.TEXT, description="what was handed out"),
        FieldSpec(name="quantity", kind=Kind.NUMBER, description="how many pieces"),
        FieldSpec(name="batch", kind=Kind.IDENTIFIER, description="production batch"),
        FieldSpec(name="taken_on", kind=Kind.DATE, description="day of handing out"),
        FieldSpec(name="due_back", kind=Kind.DATE, description="day by which it must be back"),
        FieldSpec(name="cleared_by", kind=Kind.TEXT, description="person who allowed it"),
    ),
)


@dataclass(frozen=True, slots=True)
class HouseDocument:
    """`fields`: what is printed, None where the slip does not say."""

    id: str
    sender: str
    text: str
    fields: dict[str, str | None]


def house_documents(count: int, *, seed: int) -> list[HouseDocument]:
    """The same seed gives the same slips; wards take turns."""
    wards = [_Ward(number, seed) for number in range(WARDS)]
    return [wards[number % WARDS].slip(number) for number in range(count)]


class _Ward:
    """One form: which order, how labels and values stand, what else is printed."""

    def __init__(self, number: int, seed: int) -> None:
        self._seed, self._number = seed, number
        random, places = Random(f"{seed} ward {number}"), _WORDS["wards"]
        self._name = f"{places[number % len(places)]} {'AB'[number // len(places) % 2]}{random.randint(1, 9)}"
        self._order = random.sample(list(_WORDS["labels"]), len(_WORDS["labels"]))
        self._separator = random.choice(_WORDS["separators"])
        self._upper = random.random() < 0.3
        self._by_two = random.random() < 0.4 and self._separator != "\n"
        self._head = random.sample(_WORDS["clutter"], 3)
        self._foot = random.sample(_WORDS["clutter"], 2)
        self._dates = random.choice(("{:02d}.{:02d}.{}", "{}.{}.{}", "{:02d}/{:02d}/{}", "{:02d}-{:02d}-{}"))

    def slip(self, number: int) -> HouseDocument:
        random = Random(f"{self._seed} slip {number}")
        fields = self._fields(random)
        lines = ["Zentrallager", *(self._clutter(line, random) for line in self._head), ""]
        pairs = [self._pair(name, fields[name]) for name in self._order]
        printed = [pair for pair in pairs if pair]
        if self._by_two:
            printed = ["    ".join(printed[at : at + 2]) for at in range(0, len(printed), 2)]
        lines += [*printed, "", *(self._clutter(line, random) for line in self._foot)]
        return HouseDocument(f"slip-{number:04d}", self._name, "\n".join(lines) + "\n", fields)

    def _pair(self, name: str, value: str | None) -> str:
        label: str = _WORDS["labels"][name]
        label = label.upper() if self._upper else label
        return "" if value is None else f"{label}{self._separator}{value}"

    def _fields(self, random: Random) -> dict[str, str | None]:
        fields: dict[str, str | None] = {
            "slip": f"{random.randint(10, 99)}-{random.randint(1000, 9999)}",
            "ward": self._name,
            "cost_centre": str(random.randint(10000, 99999)),
            "taken_by": _person(random),
            "article": f"{random.choice(_WORDS['articles'])} {random.choice(_WORDS['kinds'])}",
            "quantity": str(random.randint(1, 40)),
            "batch": f"{random.choice('ABCDEFGH')}{random.randint(100, 999)}/{random.randint(10, 99)}",
            "taken_on": self._date(random),
            "due_back": self._date(random),
            "cleared_by": _person(random),
        }
        for name, share in _WORDS["absent"].items():
            if random.random() < share:
                fields[name] = None
        return fields

    def _date(self, random: Random) -> str:
        return self._dates.format(random.randint(1, 28), random.randint(1, 12), random.randint(2022, 2026))

    def _clutter(self, line: str, random: Random) -> str:
        return line.format(a=random.randint(10, 99), b=random.randint(100, 999), d=self._date(random))


def _person(random: Random) -> str:
    return f"{random.choice(_WORDS['initials'])} {random.choice(_WORDS['names'])}"
