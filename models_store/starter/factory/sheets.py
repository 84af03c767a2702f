"""Key/value sheets with labels of any words, and bare look-up drills that teach copying."""

from __future__ import annotations

import re
from dataclasses import replace

from extraction.schema import Kind
from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import Pair, notes, pairs
from models_store.starter.factory.wordings import CONCEPTS, Concept


def write_sheet(desk: Desk) -> None:
    """Some made-up labels among some known ones."""
    random = desk.random
    items = [item for _ in range(random.randint(2, 4 + 3 * desk.size)) if (item := _made_up(desk))]
    known = random.sample(sorted(set(CONCEPTS) - {"sex", "address"}), random.randint(0, 3))
    items += [desk.pair(name) for name in known]
    random.shuffle(items)
    desk.draft.add(
        *notes(random.randint(0, desk.size), random), *pairs(items, random), *notes(random.randint(0, 1), random)
    )


def write_drill(desk: Desk) -> None:
    """Nothing but made-up labels, printed as the schema names them, and values: the easiest look-up there is."""
    joint = desk.random.choice((": ", " ", "  ", "=", " : ", "\n", " - "))
    for _ in range(desk.random.randint(3, 8)):
        label = desk.values.words(1, 1 if desk.chance(0.7) else 2)
        if (concept := _named(desk, label)) is not None:
            value = desk.draft.state(concept, desk.values.anything() if desk.chance(0.6) else desk.values.words(1, 4))
            desk.draft.add(*f"{label}{joint}{value}".split("\n"))


def _named(desk: Desk, label: str) -> Concept | None:
    """A concept whose key is the label; None where the label makes no new key."""
    key = re.sub(r"[^a-z0-9]+", "_", label.encode("ascii", "ignore").decode().lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", key) or key in desk.draft.facts:
        return None
    return Concept(key, Kind.TEXT, (key,), ("", "", label, f"the {label}", f"value of {label}"))


def _made_up(desk: Desk) -> Pair | None:
    label = desk.values.words(1, 2)
    if (concept := _named(desk, label)) is None:
        return None
    shown = desk.random.choice((label, label.title(), label.upper()))
    form = desk.random.random()
    if form < 0.07:
        option = desk.random.choice(list(_YES_NO))
        return shown, desk.draft.state(replace(concept, kind=Kind.BOOLEAN), desk.random.choice(_YES_NO[option]), option)
    if form < 0.14:
        options = sorted({desk.values.words(1, 1) for _ in range(desk.random.randint(2, 4))})
        option = desk.random.choice(options)
        concept = replace(concept, kind=Kind.ENUM, options=tuple(options))
        return shown, desk.draft.state(concept, desk.random.choice((option, option.title())), option)
    return shown, desk.draft.state(concept, desk.values.anything())


_YES_NO = {
    "true": ("Yes", "yes", "Ja", "true", "[x]", "Oui", "Y"),
    "false": ("No", "no", "Nein", "false", "[ ]", "Non", "N"),
}
