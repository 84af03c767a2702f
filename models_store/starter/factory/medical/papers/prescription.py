"""Prescriptions: one drug or several, with strength, directions, quantity and refills."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.medical import header, people, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_ITEMS = ((1, 1), (1, 3), (3, 6), (8, 16))
_SINGLE = {
    "drug": "drug",
    "strength": "strength",
    "directions": "directions",
    "quantity": "quantity_dispensed",
    "refills": "refills",
}


def write_prescription(desk: Desk) -> None:
    dates = Dates(desk.random)
    head = Head(desk, dates, people.new_patient(desk, dates), people.facility(desk), dates.style)
    add = desk.draft.add
    if desk.chance(0.6):
        add(desk.state("hospital", head.facility))
    prescriber = people.titled(desk, desk.state("prescriber", people.person(desk)))
    on_top = desk.chance(0.5)
    if on_top:
        add(prescriber)
        if desk.chance(0.5):
            address = desk.state("provider_address", header.street(desk))
            add(f"{address}  Tel {desk.state('provider_phone', desk.values.phone())}")
    if desk.chance(0.7):
        add(desk.state("document_title", desk.phrase(WORDS["paper_prescription_titles"])))
    items = header.gather(head, "name=97 birth=65 age=15 sex=20 contact=25 insurance=25 member=15 record=15")
    items += [desk.pair("written_date", dates.show(dates.today))] if desk.chance(0.8) else []
    header.lay_out(desk, items)
    _drugs(desk)
    add(*(desk.random.choice(WORDS["paper_prescription_notes"]) for _ in range(desk.random.randint(0, 2))))
    if not on_top:
        label = desk.label(CONCEPTS["prescriber"])
        add(f"{label}{desk.random.choice((': ', '  ', ' '))}{prescriber}")
    for name in ("license_number", "pharmacy"):
        if desk.chance(0.3):
            label, value = desk.pair(name, desk.values.digits(10) if name == "license_number" else _pharmacy(desk))
            add(f"{label}: {value}")


def _pharmacy(desk: Desk) -> str:
    base = desk.random.choice((desk.random.choice(desk.values.pools.last), desk.random.choice(WORDS["clinic_cities"])))
    return base + desk.random.choice((" Pharmacy", "-Apotheke", " Drugs", " Farmacia", " Chemists", " Pharmacie"))


def _cells(desk: Desk) -> dict[str, str]:
    random = desk.random
    return {
        "drug": vocabulary.drug(desk).capitalize() if desk.chance(0.6) else vocabulary.drug(desk),
        "strength": random.choice(WORDS["clinic_strengths"]) if desk.chance(0.9) else "",
        "directions": random.choice(WORDS["clinic_directions"]),
        "quantity": str(random.choice((7, 10, 14, 20, 21, 28, 30, 50, 60, 90, 100, 120))) if desk.chance(0.8) else "",
        "refills": str(random.randint(0, 6)) if desk.chance(0.6) else "",
    }


def _drugs(desk: Desk) -> None:
    """The items, as blocks, lines or a table. A single one is asked for by single fields, too."""
    count = desk.random.randint(*_ITEMS[desk.size])
    names: dict[str, dict[str, str]] = {}
    for _ in range(count):
        cells = _cells(desk)
        names.setdefault(cells["drug"].lower(), cells)
    rows: list[Row] = []
    for cells in names.values():
        if len(names) == 1 and desk.chance(0.6):
            rows.append({key: desk.state(_SINGLE[key], text) for key, text in cells.items() if text})
        else:
            rows.append({key: desk.draft.mark(text) for key, text in cells.items() if text})
    desk.variant(
        {
            "blocks": lambda: _blocks(desk, rows),
            "labelled": lambda: _labelled(desk, rows),
            "labels on lines": lambda: _labelled(desk, rows),
            "table": lambda: _table(desk, rows),
            "ruled table": lambda: _table(desk, rows),
            "lines": lambda: _lines(desk, rows),
            "numbered lines": lambda: _lines(desk, rows),
        }
    )
    desk.rows(LISTS["prescribed_items"], rows)


def _blocks(desk: Desk, rows: list[Row]) -> None:
    """Drug and strength, directions below, then what to dispense."""
    dispense = desk.random.choice(("Disp: {}", "#{}", "Dispense {}", "Qty: {}", "OP N2, {} St.", "QSP {}", "Disp. #{}"))
    repeat = desk.random.choice(("Refills: {}", "Refill x {}", "Rep. {}", "à renouveler {} fois", "{} refills"))
    for row in rows:
        desk.draft.add(" ".join(filter(None, [row["drug"], row.get("strength", "")])))
        desk.draft.add(desk.random.choice(("Sig: ", "S: ", "", "")) + row["directions"])
        rest = [
            *([dispense.format(row["quantity"])] if "quantity" in row else []),
            *([repeat.format(row["refills"])] if "refills" in row else []),
        ]
        desk.draft.add(*(["  ".join(rest)] if rest and desk.chance(0.6) else rest))


def _heads(desk: Desk) -> dict[str, str]:
    return {column.name: desk.phrase(column.labels) for column in LISTS["prescribed_items"].columns}


def _labelled(desk: Desk, rows: list[Row]) -> None:
    heads, joint = _heads(desk), desk.random.choice((": ", "  ", " : "))
    for row in rows:
        desk.draft.add(*(f"{heads[key]}{joint}{text}" for key, text in row.items()))


def _table(desk: Desk, rows: list[Row]) -> None:
    heads = _heads(desk)
    keys = list(heads)
    if desk.chance(0.4):
        desk.random.shuffle(keys)
    desk.draft.add("  ".join(heads[key] for key in keys))
    desk.draft.add(*("  ".join(row[key] for key in keys if key in row) for row in rows))


def _lines(desk: Desk, rows: list[Row]) -> None:
    joint = desk.random.choice((", ", " - ", "  ", "; "))
    start = desk.random.choice(("", "{}. ", "{}) ", "Rp. "))
    for number, row in enumerate(rows, start=1):
        drug = " ".join(filter(None, [row["drug"], row.get("strength", "")]))
        quantity = f"#{row['quantity']}" if "quantity" in row else ""
        refills = f"refills {row['refills']}" if "refills" in row else ""
        desk.draft.add(start.format(number) + joint.join(filter(None, [drug, row["directions"], quantity, refills])))
