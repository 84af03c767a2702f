"""Sheets of labels and values with labels of any words, in all the layouts that forms have, and bare look-up drills.

Nothing but the label tells here which value is meant: this teaches reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extraction.schema import Kind
from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.layout import beside, notes, pairs, wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, Concept, is_alike

_TRAITS = (
    "colour weight width height depth length age rank grade status origin batch owner shape finish speed voltage "
    "count volume density capacity rating version series model material texture flavour language rhythm temperature "
    "pressure angle distance purpose mood season direction strength value level order size position risk"
).split()
_THINGS = (
    "door roof engine bridge tank lamp garden kitchen wheel pump valve boat tower cellar window carpet guitar helmet "
    "kettle ladder mirror needle oven pillow quilt rocket saddle tunnel violin wagon yacht zip anchor basket candle "
    "drawer easel fence glove hammer island jacket kiosk lantern mast nozzle orchard paddle quarry ribbon sail trolley"
).split()
_UNITS = "kg cm mm m² l % °C V kW h min km pcs € USD dB bar ppm".split()
_QUESTIONS = (
    "What is the {}?", "{}?", "State the {}:", "Please give the {}:", "How would you describe the {}?", "Your {}:",
    "Which {} was recorded?", "Enter {} here:", "Was ist: {}?", "Quel est le {} ?",
    "What was the {} at the last check?", "Tell us the {}", "Do you know the {}? If so:",
)  # fmt: skip
_SENTENCES = (
    "The {} is {}.", "The {} was found to be {}.", "As {} we noted {}.", "For the {}, {} was entered.", "{}: it is {}.",
    "With regard to {}, the answer is {}.", "Our {} stands at {} now.", "{} has been recorded as {}.",
    "Under {} one reads {}.",
)  # fmt: skip
_HEADINGS = ("{}", "{}:", "== {} ==", "Section {}", "[{}]", "{} data", "About the {}", "* {} *", "Part: {}", "-- {}")
_JOINTS = (": ", ": ", " : ", "  ", ":  ", " = ", " - ", " -> ", "\t", " | ", ":")
_BLANKS = ("", "", "____", "________", "......", "( )", "[          ]")
_YES_NO = {
    "true": ("Yes", "yes", "Ja", "true", "[x]", "Oui", "Y", "Sí", "TRUE", "On", "✓"),
    "false": ("No", "no", "Nein", "false", "[ ]", "Non", "N", "FALSE", "Off", "✗"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A label and its marked value as they are printed. The value is empty where the page leaves it blank."""

    label: str
    value: str


def write_sheet(desk: Desk) -> None:
    """One to four sections, each in a layout of its own, some known labels among the made-up ones."""
    random, draft = desk.random, desk.draft
    draft.add(*notes(random.randint(0, desk.size), random))
    for _ in range(random.randint(1, 1 + desk.size)):
        if desk.chance(0.3):
            draft.add(_heading(desk, desk.values.words(1, 2)))
        form = random.random()
        if form < 0.16:
            _table(desk)
        elif form < 0.26:
            _nested(desk)
        elif form < 0.34:
            _several(desk)
        else:
            items = [item for _ in range(random.randint(2, 4 + 3 * desk.size)) if (item := _made_up(desk))]
            items += _known(desk) if desk.chance(0.35) else []
            random.shuffle(items)
            _lay(desk, items)
    draft.add(*notes(random.randint(0, 1), random))


def write_drill(desk: Desk) -> None:
    """Nothing but made-up labels, printed as the schema names them, and values: the easiest look-up there is."""
    joint = desk.random.choice((": ", " ", "  ", "=", " : ", "\n", " - "))
    for _ in range(desk.random.randint(3, 8)):
        label = desk.values.words(1, 1 if desk.chance(0.7) else 2)
        if (concept := _named(desk, label)) is not None:
            value = desk.draft.state(concept, desk.values.anything() if desk.chance(0.6) else desk.values.words(1, 4))
            desk.draft.add(*f"{label}{joint}{value}".split("\n"))


def _label(desk: Desk) -> str:
    """Random words of many languages, or a trait of a thing."""
    if desk.chance(0.6):
        return desk.values.words(1, 3 if desk.chance(0.3) else 2)
    trait, thing = desk.random.choice(_TRAITS), desk.random.choice(_THINGS)
    return desk.values.one(f"{thing} {trait}|{thing} {trait}|{trait} of the {thing}|{trait}|{thing}")


def _named(desk: Desk, label: str, heading: str = "") -> Concept | None:
    """A concept whose key is the label, behind that of its heading; None where the label makes no new key, or one of
    the same words as another label."""
    key = re.sub(r"[^a-z0-9]+", "_", f"{heading} {label}".encode("ascii", "ignore").decode().lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", key):
        return None
    words = set(key.split("_"))
    if any(words == set(name.split("_")) for name in desk.draft.facts):
        return None
    if heading:
        told = (f"{label} of {heading}", f"{label} ({heading})", f"{heading}: {label}", f"{label} under {heading}")
        return Concept(key, Kind.TEXT, (key,), told)
    return Concept(key, Kind.TEXT, (key,), _descriptions(label), labels=(label,))


def _descriptions(label: str) -> tuple[str, ...]:
    """Ways to say the label: as it is, in another order, in the plural."""
    told = ["", "", label, f"the {label}", f"value of {label}", f"what stands at {label}", f"{label}, as entered"]
    first, _, rest = label.partition(" ")
    if rest and " " not in rest:
        told += [f"{rest} of {first}", f"the {rest} of the {first}", f"{rest} ({first})"]
    if " of the " in label:
        trait, _, thing = label.partition(" of the ")
        told += [f"{thing} {trait}", f"the {thing}'s {trait}", f"which {trait} the {thing} has"]
    return (*told, f"{label}s", f"{label}?", label.upper())


def _value(desk: Desk) -> str:
    """A value of any sort: words, names, dates, codes, numbers with units, long texts."""
    random, values = desk.random, desk.values
    form = random.random()
    if form < 0.55:
        return values.anything()
    if form < 0.68:
        return values.words(3, 15).capitalize() + values.one("||.|!")
    number = f"{random.randint(0, 99999) / random.choice((1, 10, 100)):g}"
    if form < 0.8:
        return f"{number}{values.one(' ||')}{random.choice(_UNITS)}"
    word = values.words(1, 1)
    return values.one(
        f"{number}-{random.randint(1, 99)}|{values.words(1, 2)} ({number})|#{values.code()}|{number}/{values.digits(2)}"
        f"|v{random.randint(1, 9)}.{values.digits(2)}|{word}, {values.words(1, 1)} & {values.words(1, 1)}"
        f"|{values.time()}|{values.email()}|{values.phone()}|{values.date()} - {values.date()}|<{number}|+{number}%"
        f"|“{values.words()}”|{word}_{values.digits(3)}|{values.word_of('goods')} x{random.randint(1, 9)}"
    )


def _made_up(desk: Desk, heading: str = "", label: str = "") -> Item | None:
    """A fresh label with a value, or without one: then the answer is null."""
    label = label or _label(desk)
    if (concept := _named(desk, label, heading)) is None:
        return None
    shown = desk.random.choice((label, label, label.title(), label.upper(), label.capitalize()))
    form = desk.random.random()
    if form < 0.08:
        return Item(shown, _yes_or_no(desk, concept))
    if form < 0.15:
        return Item(shown, _choice(desk, concept))
    value = desk.draft.state(concept, _value(desk))
    return Item(shown, "" if form < 0.24 else value)


def _yes_or_no(desk: Desk, concept: Concept) -> str:
    """An answer, or two boxes of which one is ticked."""
    concept = replace(concept, kind=Kind.BOOLEAN)
    option = desk.random.choice(list(_YES_NO))
    if desk.chance(0.7):
        return desk.draft.state(concept, desk.random.choice(_YES_NO[option]), option)
    words = {"true": "Yes", "false": "No"}
    ticked, empty = desk.random.choice((("[x]", "[ ]"), ("☒", "☐"), ("(x)", "( )"), ("X", "_")))
    marked = {option: desk.draft.state(concept, words[option], option)}
    return "  ".join(f"{ticked if name == option else empty} {marked.get(name, words[name])}" for name in words)


def _choice(desk: Desk, concept: Concept) -> str:
    """One of some options, alone or ticked among the others."""
    random = desk.random
    options = sorted({desk.values.words(1, 1) for _ in range(random.randint(2, 4))})
    chosen = random.choice(options)
    concept = replace(concept, kind=Kind.ENUM, options=tuple(options))
    if desk.chance(0.7):
        return desk.draft.state(concept, random.choice((chosen, chosen.title(), chosen.upper())), chosen)
    ticked, empty = random.choice((("[x]", "[ ]"), ("☒", "☐"), ("(x)", "( )")))
    marked = desk.draft.state(concept, chosen, chosen)
    return "  ".join(f"{ticked} {marked}" if option == chosen else f"{empty} {option}" for option in options)


def _known(desk: Desk) -> list[Item]:
    """Some known labels, no two that could be mistaken for each other."""
    chosen: list[Concept] = []
    for name in desk.random.sample(sorted(CONCEPTS), 4):
        if name not in desk.draft.facts and not is_alike(CONCEPTS[name], chosen) and CONCEPTS[name].labels:
            chosen.append(CONCEPTS[name])
    known = [fact.concept for fact in desk.draft.facts.values()]
    return [Item(*desk.pair(one.name)) for one in chosen[: desk.random.randint(1, 3)] if not is_alike(one, known)]


def _lay(desk: Desk, items: Sequence[Item]) -> None:
    """The items in one of the layouts; a fifth of them is kept for evaluation."""
    blank = desk.random.choice(_BLANKS)
    full = [Item(item.label, item.value or blank) for item in items]
    lines = [Item(item.label, item.value or "____") for item in items]
    random, joint = desk.random, desk.random.choice(_JOINTS)

    def put(texts: Sequence[str]) -> Callable[[], None]:
        return lambda: desk.draft.add(*(part for text in texts for part in text.split("\n")))

    plain = [f"{item.label}{joint}{item.value}" for item in full]
    marks = random.choice(("{}. ", "{}) ", "({}) ", "{} ", "No. {} "))
    width = random.choice((2, 2, 3))
    desk.variant(
        {
            "usual": lambda: desk.draft.add(*pairs([(item.label, item.value) for item in lines], random)),
            "label left": put(plain),
            "numbered": put([marks.format(n) + text for n, text in enumerate(plain, start=1)]),
            "dotted": put([f"{item.label} {'.' * random.randint(3, 20)} {item.value}" for item in full]),
            "above": put([f"{item.label}\n{item.value}" for item in lines]),
            "value first": put([f"{item.value}  ({item.label})" for item in lines]),
            "several a line": put(["  ".join(plain[i : i + width]) for i in range(0, len(plain), width)]),
            "grid": put(_grid(lines, width)),
            "beside": put(beside(plain[: len(plain) // 2], plain[len(plain) // 2 :])),
            "units": put([f"{item.label} ({random.choice(_UNITS)}){joint}{item.value}" for item in full]),
            "questions": put([f"{desk.phrase(_QUESTIONS).format(item.label)} {item.value}" for item in full]),
            "asked above": put([f"{desk.phrase(_QUESTIONS).format(item.label)}\n{item.value}" for item in lines]),
            "sentences": put(_sentences(desk, items)),
        }
    )


def _grid(items: Sequence[Item], width: int) -> list[str]:
    """A line of labels, under it a line of values, and so on."""
    lines: list[str] = []
    for start in range(0, len(items), width):
        part = items[start : start + width]
        lines += ["  ".join(item.label for item in part), "  ".join(item.value for item in part)]
    return lines


def _sentences(desk: Desk, items: Sequence[Item]) -> list[str]:
    """A running text of sentences, with words in between that say nothing."""
    told = [desk.phrase(_SENTENCES).format(item.label, item.value) for item in items if item.value]
    told += [desk.values.sentence() for _ in range(desk.random.randint(0, 2))]
    desk.random.shuffle(told)
    return wrapped(" ".join(told), desk.random) if desk.chance(0.6) else told


def _heading(desk: Desk, text: str) -> str:
    shown = desk.random.choice((text, text.title(), text.upper()))
    return desk.phrase(_HEADINGS).format(shown)


def _nested(desk: Desk) -> None:
    """The same labels under two or three headings."""
    labels = [_label(desk) for _ in range(desk.random.randint(2, 4))]
    joint = desk.random.choice(_JOINTS)
    for heading in sorted({_label(desk) for _ in range(desk.random.randint(2, 3))}):
        items = [item for label in labels if (item := _made_up(desk, heading, label))]
        desk.draft.add(_heading(desk, heading), *(f"{item.label}{joint}{item.value}" for item in items))


def _several(desk: Desk) -> None:
    """One label with several values: behind it, or each on a line of its own."""
    label = _label(desk)
    if (concept := _named(desk, label)) is None:
        return
    kinds = desk.values.one("words|person|code|date|company")
    made = desk.many(concept, [desk.values.of(kinds) for _ in range(desk.random.randint(1, 6))])
    if desk.chance(0.5):
        desk.draft.add(f"{label.capitalize()}: " + desk.values.one("; | / |  | + ").join(made))
    else:
        bullet = desk.values.one("- |* |• |> |")
        desk.draft.add(f"{label.title()}:", *(bullet + value for value in made))


def _table(desk: Desk) -> None:
    """A list with made-up columns: a header row, one to twelve rows, now and then an empty cell."""
    random, draft = desk.random, desk.draft
    if (concept := _named(desk, _label(desk))) is None:
        return
    count = random.randint(2, 6)
    titles = sorted({desk.values.words(1, 1) if desk.chance(0.6) else random.choice(_TRAITS) for _ in range(count)})
    columns = [made for title in titles if (made := _named(desk, title))]
    random.shuffle(columns)
    makers = {column.name: random.choice(_CELLS) for column in columns}
    gap = random.choice(("  ", "  ", "  ", " | ", " ; "))
    shown = random.choice((str.title, str.upper, str.lower, str.capitalize))
    if desk.chance(0.7):
        draft.add(_heading(desk, concept.name.replace("_", " ")))
    numbered = desk.chance(0.2)
    header = gap.join(shown(column.descriptions[2]) for column in columns)
    draft.add(f"#{gap}{header}" if numbered else header)
    rows: list[Row] = []
    for number in range(1, random.randint(1, (4, 7, 12, 12)[desk.size]) + 1):
        row = {column.name: draft.mark(_cell(desk, makers[column.name])) for column in columns if desk.chance(0.94)}
        rows.append(row)
        cells = gap.join(row.get(column.name, "-") for column in columns)
        draft.add(f"{number}{gap}{cells}" if numbered else cells)
    desk.rows(replace(concept, kind=Kind.LIST, columns=tuple(columns)), rows)


_CELLS = ("words", "code", "date", "money", "person", "small", "company", "goods", "time")


def _cell(desk: Desk, maker: str) -> str:
    return desk.values.word_of(maker) if maker in WORDS else desk.values.of(maker)
