"""Lays lists of values out: tables with columns in any order, bullets, runs, blocks and coded groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row, bare
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.vocabulary import code, code_in
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import LISTS, Concept

Cell = Callable[[Desk, Dates], str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a section lists. `rows` is the concept of its entries as rows, `name` the column of the values; `cells`
    makes the text of the other columns, `extras` names further columns that no field asks for."""

    rows: str
    name: str
    cells: dict[str, Cell]
    extras: tuple[str, ...] = ()
    groups: str = ""
    """Classes of the entries in coded tables: a list of words, or a pattern for the entry's own first words."""
    systems: tuple[str, ...] = ("SNOMED-CT", "ICD-10-CM", "ICD-9-CM")
    """The vocabularies that code such entries."""


def word_of(name: str) -> Cell:
    """Makes cells that are words of a list."""
    return lambda desk, _: desk.random.choice(WORDS[name])


def a_date(desk: Desk, dates: Dates) -> str:
    return dates.past() if desk.chance(0.85) else dates.with_time(dates.past())


def a_code(desk: Desk, _: Dates) -> str:
    return code(desk)


def a_provider(desk: Desk, _: Dates) -> str:
    pools, random = desk.values.pools, desk.random
    first, last = random.choice(pools.first), random.choice(pools.last)
    return random.choice((f"{last}, {first}", f"{first} {last} MD", f"Dr {first} {last}", f"{last}, {first[0]}. M.D."))


EXTRAS: dict[str, Cell] = {
    "clinic_heads_date": a_date,
    "clinic_heads_end": a_date,
    "clinic_heads_status": word_of("clinic_statuses"),
    "clinic_heads_provider": a_provider,
    "clinic_heads_comment": word_of("clinic_comments"),
    "clinic_heads_route": word_of("clinic_routes"),
    "clinic_heads_indication": word_of("clinic_conditions"),
    "clinic_heads_site": word_of("clinic_sites"),
    "clinic_heads_code": a_code,
    "clinic_heads_system": word_of("clinic_coding"),
}


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    cell: Cell
    asked: str = ""
    share: float = 1.0


def table(desk: Desk, dates: Dates, listing: Listing, names: Sequence[str]) -> list[str]:
    """A row a name, under a row of column heads. `names` are marked; the other cells are marked as rows."""
    concept = LISTS[listing.rows]
    columns = _columns(desk, concept, listing)
    place = desk.random.choice((0, 0, 0, len(columns), desk.random.randint(0, len(columns))))
    name_head = desk.phrase(_labels(concept, listing.name))
    heads = [column.head for column in columns]
    lines = ["  ".join([*heads[:place], name_head, *heads[place:]])] if desk.chance(0.93) else []
    rows: list[Row] = []
    for name in names:
        row: Row = {listing.name: name}
        cells = [_cell(desk, dates, column, row) for column in columns]
        rows.append(row)
        lines += _printed([*cells[:place], name, *cells[place:]], place, desk)
    desk.rows(concept, rows)
    return lines


def _columns(desk: Desk, concept: Concept, listing: Listing) -> list[_Column]:
    asked = [name for name in listing.cells if desk.chance(0.6)]
    columns = [
        _Column(
            desk.phrase(_labels(concept, name)), listing.cells[name], name, desk.random.choice((1.0, 1.0, 0.8, 0.5))
        )
        for name in asked
    ]
    extras = [name for name in listing.extras if desk.chance(0.25)]
    columns += [_Column(desk.phrase(WORDS[name]), EXTRAS[name], "", desk.random.choice((1.0, 0.7))) for name in extras]
    if desk.chance(0.5):
        desk.random.shuffle(columns)
    known: dict[str, _Column] = {}
    for column in columns:
        known.setdefault(column.head.lower(), column)
    return list(known.values())


def _labels(concept: Concept, column: str) -> tuple[str, ...]:
    return next(one.labels for one in concept.columns if one.name == column)


def _cell(desk: Desk, dates: Dates, column: _Column, row: Row) -> str:
    """The text of a cell, marked in its row where the column is asked for; empty now and then."""
    if not desk.chance(column.share):
        return ""
    text = column.cell(desk, dates)
    if column.asked:
        row[column.asked] = text = desk.draft.mark(text)
    return text


def _printed(cells: Sequence[str], place: int, desk: Desk) -> list[str]:
    """One line; a long last cell or a long comment goes on below, where nothing stands beside it."""
    last = cells[-1] if cells else ""
    words = last.split(" ")
    cut = len(words) // 2 + 1
    long = len(bare(last)) > 28 and len(words) > 3
    if long and desk.chance(0.5):
        return ["  ".join(filter(None, [*cells[:-1], " ".join(words[:cut])])), " ".join(words[cut:])]
    return ["  ".join(filter(None, cells))]


def coded_table(desk: Desk, dates: Dates, listing: Listing, names: Sequence[str]) -> list[str]:
    """A table of groups: each entry with its codes in several vocabularies, further codes on lines of their own.

    The value is the description beside the first code; the group before it is a class of things.
    """
    texts = [bare(name) for name in names]
    group, system, number, term, when, status = (
        desk.phrase(WORDS[f"clinic_heads_{head}"]) for head in ("group", "system", "code", "term", "date", "status")
    )
    dated, stated, grouped = desk.chance(0.8), desk.chance(0.8), desk.chance(0.8)
    systems = desk.random.sample(listing.systems, len(listing.systems))
    heads = [
        *([group] if grouped else []),
        system,
        number,
        term,
        *([when] if dated else []),
        *([status] if stated else []),
    ]
    lines, day = ["  ".join(heads)], dates.with_time(dates.past(4))
    for name, text in zip(names, texts, strict=True):
        cells = [*([_group(desk, listing, text)] if grouped else []), systems[0], code_in(desk, systems[0]), name]
        cells += [day if desk.chance(0.6) else dates.past(4)] if dated else []
        lines.append("  ".join([*cells, *([desk.random.choice(WORDS["clinic_statuses"])] if stated else [])]))
        others = systems[1 : 1 + desk.random.choice((0, 0, 1, 2))]
        lines += [f"{other}  {code_in(desk, other)}  {_rephrased(desk, text)}" for other in others]
    return lines


def _group(desk: Desk, listing: Listing, text: str) -> str:
    if listing.groups in WORDS:
        return desk.random.choice(WORDS[listing.groups])
    words = text.split(" ")
    return listing.groups.format(" ".join(words[: desk.random.randint(1, 2)]).rstrip(",").title())


def _rephrased(desk: Desk, text: str) -> str:
    form = desk.random.choice(
        (
            "{}, unspecified",
            "{} NOS",
            "Other {}",
            "Unspecified {}",
            "{} without mention of complication",
            "{} (finding)",
        )
    )
    return form.format(text)


def bullets(desk: Desk, dates: Dates, names: Sequence[str]) -> list[str]:
    """A name a line, often with something behind it."""
    random = desk.random
    start = random.choice(("* ", "- ", "• ", "", "", "{n}. ", "{n}) ", "o ", "#{n} ", "{n}  "))
    tails = (
        "",
        "",
        "",
        " : Status - {s}",
        " ({c})",
        ", {s}",
        " - {s}",
        "  {d}",
        ", onset {d}",
        " since {y}",
        " [{c}]",
        " - {c} - {s}",
        "  {s}  {d}",
    )
    tail = random.choice(tails)
    lines = []
    for number, name in enumerate(names, start=1):
        end = tail.format(
            s=random.choice(WORDS["clinic_statuses"]), c=code(desk), d=dates.past(), y=dates.before(20).year
        )
        lines.append(start.format(n=number) + name + (end if desk.chance(0.85) else ""))
    return lines


def run(desk: Desk, names: Sequence[str]) -> list[str]:
    """All names in running text, commas or semicolons between them."""
    joint = desk.random.choice((", ", ", ", "; ", " / ", " | ", ", and "))
    if joint == ", and ":
        return wrapped(spoken(names), desk.random)
    return wrapped(joint.join(names) + desk.random.choice(("", ".")), desk.random)


def blocks(desk: Desk, dates: Dates, names: Sequence[str]) -> list[str]:
    """A name on a line, what is known of it on the lines below."""
    details: tuple[Callable[[], str], ...] = (
        lambda: f"Status: {desk.random.choice(WORDS['clinic_statuses'])}",
        lambda: f"Onset: {dates.past()}",
        lambda: f"Recorded by: {a_provider(desk, dates)}",
        lambda: f"Note: {desk.random.choice(WORDS['clinic_comments'])}",
        lambda: f"Code: {code(desk)} ({desk.random.choice(WORDS['clinic_coding'])})",
    )
    kept = desk.random.sample(details, desk.random.randint(1, 3))
    return [line for name in names for line in (name, *(detail() for detail in kept))]


def spoken(names: Sequence[str]) -> str:
    """a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + (", and " if len(names) > 2 else " and ") + names[-1]
