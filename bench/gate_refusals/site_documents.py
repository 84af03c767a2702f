"""A site's own papers: haulage bills as no factory of this project writes them, with labels that are true.

Each sender prints its own layout; the words beside the values are the trade's, three wordings to a field, and two of
the amounts and two of the dates are easily taken for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from extraction.labels import Label
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

TYPE = DocumentTypeSpec(
    name="haulage_bill",
    fields=(
        FieldSpec(name="haulier", description="who carried the goods"),
        FieldSpec(name="bill_number", kind=Kind.IDENTIFIER, description="number of the bill"),
        FieldSpec(name="loaded_on", kind=Kind.DATE, description="day of loading"),
        FieldSpec(name="unloaded_on", kind=Kind.DATE, description="day of unloading"),
        FieldSpec(name="freight", kind=Kind.AMOUNT, description="freight without surcharges"),
        FieldSpec(name="to_pay", kind=Kind.AMOUNT, description="what has to be paid"),
        FieldSpec(name="plate", kind=Kind.IDENTIFIER, description="number plate of the lorry"),
    ),
    date_order="DMY",
)
_WORDS = {
    "bill_number": ("Fb.", "Docket", "Slip no"),
    "loaded_on": ("Laden", "Up", "Ex works"),
    "unloaded_on": ("Gel.", "Down", "At ramp"),
    "freight": ("Fr.", "Haul", "Run"),
    "to_pay": ("Zahlb.", "Owed", "Comes to"),
    "plate": ("Kfz", "Lorry", "Tractor"),
}
_NAMES = ("Brandt", "Okafor", "Lindqvist", "Moreau", "Petrov", "Castro", "Nguyen", "Haas", "Silva", "Kowal", "Duarte")
_FORMS = ("& Sons", "Transport", "Haulage", "Cartage", "Logistik")
_GOODS = ("pallets", "gravel", "timber", "drums", "coils", "crates", "cement", "feed")
_NO_PLATE = 0.25
"""Of the bills, those that print no plate."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A haulier and how its bills are printed. `order`: the fields down the page."""

    name: str
    words: dict[str, str]
    order: tuple[str, ...]
    colon: str
    side_by_side: bool


def senders(count: int, seed: int) -> list[Sender]:
    random = Random(f"senders {seed}")
    names = [f"{name} {form}" for name in _NAMES for form in _FORMS]
    return [_sender(name, random) for name in random.sample(names, count)]


def labels(known: Sequence[Sender], count: int, seed: int) -> list[Label]:
    """So many bills, the senders in turn. The same seed gives the same ones."""
    random = Random(f"bills {seed}")
    return [_bill(known[number % len(known)], random, f"{seed}-{number}") for number in range(count)]


def _sender(name: str, random: Random) -> Sender:
    order = random.sample(list(_WORDS), len(_WORDS))
    words = {field: random.choice(options) for field, options in _WORDS.items()}
    return Sender(name, words, tuple(order), random.choice((":", "", " .")), random.random() < 0.4)


def _bill(sender: Sender, random: Random, name: str) -> Label:
    values = _values(sender, random)
    text = "\n".join(_lines(sender, values, random))
    original = hashlib.sha256(text.encode()).hexdigest()
    return Label(id=name, text=text, path=None, fields=values, sender=sender.name, original=original)


def _values(sender: Sender, random: Random) -> dict[str, object]:
    day, month, freight = random.randint(1, 27), random.randint(1, 12), random.randint(200, 4000)
    plate = f"{random.choice('KLMNPRST')}{random.choice('ABCDEF')} {random.randint(100, 9999)}"
    return {
        "haulier": sender.name,
        "bill_number": f"{random.choice('ABHKTX')}{random.randint(1000, 99999)}",
        "loaded_on": f"{day:02}.{month:02}.2026",
        "unloaded_on": f"{day + 1:02}.{month:02}.2026",
        "freight": f"{freight}.00",
        "to_pay": f"{freight + random.randint(20, 190)}.{random.randint(0, 99):02}",
        "plate": None if random.random() < _NO_PLATE else plate,
    }


def _lines(sender: Sender, values: dict[str, object], random: Random) -> Iterator[str]:
    yield sender.name
    yield f"{random.randint(2, 30)} {random.choice(_GOODS)}, {random.randint(1, 24)}.{random.randint(0, 9)} t"
    pairs = [f"{sender.words[field]}{sender.colon} {values[field]}" for field in sender.order if values[field]]
    if sender.side_by_side:
        yield from ("   ".join(pairs[start : start + 2]) for start in range(0, len(pairs), 2))
    else:
        yield from pairs
    yield f"{random.randint(40, 900)} km"
