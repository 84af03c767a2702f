"""Records of vaccinations: a person, and the doses given."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact, Row
from models_store.starter.factory.medical import header, people, sections, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_DOSES = ((1, 3), (2, 6), (6, 14), (20, 40))
_CHANCES = "name=97 birth=88 sex=40 contact=40 record=35 kin=35 pcp=20 custodian=8 date=15 document=10 blank=5"


def write_vaccination_record(desk: Desk) -> None:
    dates = Dates(desk.random)
    head = Head(desk, dates, people.new_patient(desk, dates), people.facility(desk), dates.style)
    if desk.chance(0.4):
        desk.draft.add(desk.state("hospital", head.facility))
    if desk.chance(0.85):
        desk.draft.add(desk.state("document_title", desk.phrase(WORDS["paper_vaccination_titles"])))
    header.lay_out(desk, header.gather(head, _CHANCES))
    rows = [_dose(desk, dates) for _ in range(desk.random.randint(*_DOSES[desk.size]))]
    _print(desk, rows)
    desk.rows(LISTS["vaccinations"], rows)
    if len({row["vaccine"] for row in rows}) == len(rows):
        desk.draft.facts["immunizations"] = Fact(LISTS["immunizations"], [row["vaccine"] for row in rows])
    if desk.chance(0.35):
        label, due = desk.pair("due_vaccine_date", dates.show(dates.day_in(dates.today.year + 1)))
        desk.draft.add(f"{label}: {due}")
    desk.draft.add(*(desk.random.choice(WORDS["paper_vaccination_notes"]) for _ in range(desk.random.randint(0, 2))))
    if desk.chance(0.3):
        signer = people.titled(desk, desk.state("legal_authenticator", people.person(desk)))
        desk.draft.add(f"{desk.label(CONCEPTS['legal_authenticator'])}: {signer}")


def _dose(desk: Desk, dates: Dates) -> Row:
    """One dose: the vaccine and some of its particulars, marked."""
    mark, random = desk.draft.mark, desk.random
    row = {"vaccine": mark(vocabulary.vaccine(desk))}
    row["date"] = mark(dates.past(15)) if desk.chance(0.95) else ""
    row["lot"] = mark(sections.lot(desk)) if desk.chance(0.75) else ""
    row["manufacturer"] = mark(random.choice(WORDS["clinic_vaccine_makers"])) if desk.chance(0.7) else ""
    row["dose"] = (
        mark(random.choice(("1", "2", "3", "Booster", "1st", "2nd", "4", "0.5 ml"))) if desk.chance(0.5) else ""
    )
    return {key: text for key, text in row.items() if text}


def _print(desk: Desk, rows: list[Row]) -> None:
    columns = {column.name: desk.phrase(column.labels) for column in LISTS["vaccinations"].columns}
    keys = [key for key in columns if key == "vaccine" or desk.chance(0.8)]
    if desk.chance(0.4):
        desk.random.shuffle(keys)
    for row in rows:
        for key in set(row) - set(keys):
            del row[key]
    desk.variant(
        {
            "table": lambda: _table(desk, rows, keys, columns),
            "table with givers": lambda: _table(desk, rows, keys, columns, givers=True),
            "table with stamps": lambda: _table(desk, rows, keys, columns, givers=True),
            "cards": lambda: desk.draft.add(
                *(f"{columns[key]}: {row[key]}" for row in rows for key in keys if key in row)
            ),
            "lines": lambda: desk.draft.add(*(_line(desk, row) for row in rows)),
            "bullets": lambda: desk.draft.add(*(f"- {_line(desk, row)}" for row in rows)),
        }
    )


def _table(desk: Desk, rows: list[Row], keys: list[str], columns: dict[str, str], *, givers: bool = False) -> None:
    heads = [columns[key] for key in keys]
    if givers:
        heads.append(desk.random.choice(("Administered by", "Site", "Arzt", "Clinic", "Given by", "Stempel")))
    desk.draft.add(*(["  ".join(heads)] if desk.chance(0.95) else []))
    for row in rows:
        cells = [row[key] for key in keys if key in row]
        if givers:
            cells.append(
                people.titled(desk, people.person(desk))
                if desk.chance(0.6)
                else desk.random.choice(WORDS["clinic_sites"])
            )
        desk.draft.add("  ".join(cells))


def _line(desk: Desk, row: Row) -> str:
    lot = f" lot {row['lot']}" if "lot" in row else ""
    maker = f" ({row['manufacturer']})" if "manufacturer" in row else ""
    dose = f", dose {row['dose']}" if "dose" in row else ""
    when = f"{desk.random.choice((' on ', ': ', '  ', ' - '))}{row['date']}" if "date" in row else ""
    return f"{row['vaccine']}{maker}{dose}{when}{lot}"
