"""Laboratory reports: a head, then results in tables, lines, pairs of lines or runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.medical import header, people
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.medical.laboratory import TESTS, Numbers, Test, result
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import RESULTS

_CHANCES = (
    "name=97 birth=75 sex=35 age=15 record=75 physician=70 collected=85 received=20 reported=65 specimen=25 "
    "accession=25 contact=12 hospital=8 insurance=5 blank=5"
)
_TESTS = ((1, 4), (4, 13), (12, 28), (40, 90))
_COLUMNS = ("name", "value", "unit", "reference_range", "flag")


@dataclass(slots=True)
class Sheet:
    """The results being printed. `columns` are those that this laboratory prints, in its order."""

    desk: Desk
    dates: Dates
    numbers: Numbers
    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    previous: int = 0

    def row(self, cells: dict[str, str], option: str) -> Row:
        """The marked cells of a test, only those that are printed."""
        mark = self.desk.draft.mark
        row = {c: mark(cells[c], option if c == "flag" else "") for c in self.columns if cells[c]}
        self.rows.append(row)
        return row


def write_lab_report(desk: Desk) -> None:
    dates = Dates(desk.random)
    patient = people.new_patient(desk, dates, other=0.02)
    head = Head(desk, dates, patient, people.facility(desk), dates.style)
    if desk.chance(0.7):
        desk.draft.add(desk.state("laboratory", _laboratory(desk)))
        if desk.chance(0.4):
            address = f"{header.street(desk)}, {desk.random.choice(WORDS['clinic_cities'])}"
            phone = desk.state("provider_phone", desk.values.phone())
            desk.draft.add(f"{desk.state('provider_address', address)}  Tel {phone}")
    if desk.chance(0.6):
        desk.draft.add(desk.state("document_title", desk.phrase(WORDS["clinic_lab_titles"])))
    header.lay_out(desk, header.gather(head, _CHANCES))
    _results(desk, dates)
    if desk.chance(0.5):
        desk.draft.add(desk.random.choice(WORDS["clinic_lab_comments"]))
    if desk.chance(0.3):
        desk.draft.add(desk.random.choice(WORDS["clinic_clutter"]))
    if desk.chance(0.2):
        signer = people.titled(desk, desk.state("legal_authenticator", people.person(desk)))
        desk.draft.add(desk.phrase(WORDS["clinic_signatures"]).format(signer, d=dates.show(dates.later(2))))


def _laboratory(desk: Desk) -> str:
    if desk.chance(0.7):
        return desk.values.laboratory()
    return people.facility(desk) + desk.random.choice(
        (" Laboratory", " - Department of Laboratory Medicine", " Zentrallabor", " Lab")
    )


def _results(desk: Desk, dates: Dates) -> None:
    kept = [name for name in _COLUMNS if name in ("name", "value") or desk.chance(0.8)]
    if desk.chance(0.25):
        rest = kept[1:]
        desk.random.shuffle(rest)
        kept = [kept[0], *rest]
    sheet = Sheet(desk, dates, Numbers.draw(desk), kept)
    desk.variant(
        {
            "table": lambda: _table(sheet),
            "plain table": lambda: _table(sheet),
            "table with panels": lambda: _table(sheet, panels=True),
            "panels and comments": lambda: _table(sheet, panels=True, comments=True),
            "table with previous": lambda: _table(sheet, previous=desk.random.randint(1, 3)),
            "previous and panels": lambda: _table(sheet, panels=True, previous=1),
            "units in names": lambda: _units_in_names(sheet),
            "unit behind name": lambda: _units_in_names(sheet),
            "two lines a test": lambda: _two_lines(sheet),
            "name above": lambda: _two_lines(sheet),
            "lines": lambda: _sentences(sheet),
            "colons": lambda: _sentences(sheet),
            "run": lambda: _run(sheet),
            "cards": lambda: _cards(sheet),
            "labelled cells": lambda: _cards(sheet),
        }
    )
    desk.rows(RESULTS, sheet.rows)


def _tests(sheet: Sheet) -> list[tuple[dict[str, str], str]]:
    """The cells of some tests, a few of them with words instead of numbers."""
    desk = sheet.desk
    chosen = desk.random.sample(TESTS, desk.random.randint(*_TESTS[desk.size]))
    known: dict[str, Test] = {test.name: test for test in chosen}
    found = [result(desk, test, sheet.numbers) for test in known.values()]
    if desk.chance(0.3):
        for entry in desk.random.sample(WORDS["clinic_qualitative"], desk.random.randint(1, 3)):
            name, value, normal = entry.split("|")
            is_high = bool(normal) and value != normal
            flag = sheet.numbers.flags["high"] if is_high and desk.chance(0.6) else ""
            found.append(({"name": name, "value": value, "unit": "", "reference_range": normal, "flag": flag}, "high"))
        desk.random.shuffle(found)
    return found


def _heads(sheet: Sheet) -> list[str]:
    labels = {column.name: column.labels for column in RESULTS.columns}
    return [sheet.desk.phrase(labels[name]) for name in sheet.columns]


def _table(sheet: Sheet, *, panels: bool = False, comments: bool = False, previous: int = 0) -> None:
    """A row a test. Earlier results stand behind the present one; they are not asked for."""
    desk = sheet.desk
    heads = _heads(sheet)
    place = sheet.columns.index("value") + 1
    if previous:
        days = [sheet.dates.past(2) for _ in range(previous)]
        heads[place:place] = [
            desk.random.choice(("Previous", "Prior", "Vorwert", "Antérieur", "Anterior", day)) for day in days
        ]
    if desk.chance(0.85) or previous:
        desk.draft.add("  ".join(heads))
    for cells, option in _tests(sheet):
        if panels and desk.chance(0.3):
            desk.draft.add(desk.phrase(WORDS["clinic_panels"]))
        row = sheet.row(cells, option)
        printed = [row.get(name, "") for name in sheet.columns]
        printed[place:place] = [_earlier(sheet, cells["value"]) for _ in range(previous)]
        desk.draft.add("  ".join(filter(None, printed)))
        if comments and desk.chance(0.25):
            desk.draft.add(desk.random.choice(WORDS["clinic_lab_comments"]))


def _earlier(sheet: Sheet, value: str) -> str:
    """A result of the past that differs a little."""
    plain = value.replace(",", ".")
    if not plain.replace(".", "", 1).isdigit():
        return value
    digits = len(plain.partition(".")[2])
    return sheet.numbers.show(float(plain) * sheet.desk.random.uniform(0.8, 1.2), digits)


def _units_in_names(sheet: Sheet) -> None:
    """The unit in brackets behind the name of the test."""
    desk = sheet.desk
    form = desk.random.choice(("{name} ({unit})", "{name} [{unit}]", "{name}, {unit}", "{name} in {unit}"))
    rest = [name for name in sheet.columns if name not in ("name", "unit")]
    sheet.columns = ["name", "unit", *rest]
    for cells, option in _tests(sheet):
        row = sheet.row(cells, option)
        first = form.format(name=row["name"], unit=row["unit"]) if "unit" in row else row["name"]
        desk.draft.add("  ".join([first, *(row[name] for name in rest if name in row)]))


def _two_lines(sheet: Sheet) -> None:
    """The name on a line of its own, the figures below."""
    for cells, option in _tests(sheet):
        row = sheet.row(cells, option)
        sheet.desk.draft.add(
            row["name"], "  ".join(row[name] for name in sheet.columns if name in row and name != "name")
        )


def _sentences(sheet: Sheet) -> None:
    """Glucose: 95 mg/dL (70-100) H."""
    random = sheet.desk.random
    joint = random.choice((": ", " ", " = ", "  ", " - "))
    limits = random.choice((" ({})", " [{}]", " (ref. {})", ", normal {}", " (Norm: {})", " ref {}"))
    start = random.choice(("", "- ", "• ", ""))
    for cells, option in _tests(sheet):
        row = sheet.row(cells, option)
        line = start + row["name"] + joint + row["value"]
        line += f" {row['unit']}" if "unit" in row else ""
        early = random.random() < 0.5
        flag = f" {row['flag']}" if "flag" in row else ""
        line += flag if early else ""
        line += limits.format(row["reference_range"]) if "reference_range" in row else ""
        sheet.desk.draft.add(line + ("" if early else flag))


def _run(sheet: Sheet) -> None:
    """All results in running text."""
    desk = sheet.desk
    sheet.columns = [name for name in sheet.columns if name in ("name", "value", "unit", "flag")]
    parts = []
    for cells, option in _tests(sheet):
        row = sheet.row(cells, option)
        parts.append(" ".join(row[name] for name in ("name", "value", "unit", "flag") if name in row))
    width = desk.random.randint(2, 6)
    joint = desk.random.choice((", ", "; ", " | ", "  "))
    desk.draft.add(*(joint.join(parts[i : i + width]) for i in range(0, len(parts), width)))


def _cards(sheet: Sheet) -> None:
    """Every cell on a line of its own, behind its label."""
    heads = dict(zip(sheet.columns, _heads(sheet), strict=True))
    joint = sheet.desk.random.choice((": ", "  ", " : "))
    for cells, option in _tests(sheet):
        row = sheet.row(cells, option)
        sheet.desk.draft.add(*(f"{heads[name]}{joint}{row[name]}" for name in sheet.columns if name in row))
