"""Bills of lading and waybills: boxes of parties side by side, ports, cargo, freight."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row, bare
from models_store.starter.factory.forms.answers import Answers
from models_store.starter.factory.forms.blocks import GAP, across
from models_store.starter.factory.forms.layouts import laid
from models_store.starter.factory.forms.papers.texts import filled, text_for
from models_store.starter.factory.forms.ticks import Ticks
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_PARTIES = ("ship_shipper", "ship_consignee", "ship_notify")
_NUMBERS = "ship_bill=100 ship_booking=60 ship_carrier=70 cert_invoice=20"
_ROUTE = "ship_vessel=80 ship_voyage=60 ship_loading=90 ship_discharge=90 ship_receipt=45 ship_delivery=55"
_TAIL = "ship_originals=50 ship_issued=85 cert_place=45 ship_on_board=45"
_LINES = LISTS["ship_lines"]


class Consignment:
    """One shipment on a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random, self.add = desk, desk.random, desk.draft.add
        self.answers = Answers(desk, empty=0.16)

    def write(self) -> None:
        desk = self.desk
        self.add(desk.phrase(WORDS["ship_titles"]))
        numbers = self.answers.pairs(_NUMBERS, text_for)
        if desk.chance(0.5):
            self.add(*across([self.parties(), self.answers.beside(numbers)], self.random, 2))
        else:
            self.add(*laid(desk, self.answers, [numbers]), *self.parties())
        self.add(*laid(desk, self.answers, [self.answers.pairs(_ROUTE, text_for)]))
        self.cargo()
        if desk.chance(0.6):
            ticks = Ticks(desk).one_of("ship_freight").replace("\n", GAP)
            self.add(f"{desk.label(CONCEPTS['ship_freight'])}{self.answers.joint}{ticks}")
        self.add(*laid(desk, self.answers, [self.answers.pairs(_TAIL, text_for)]), *self.notes())

    def parties(self) -> list[str]:
        """Each party's label, name and address below; of two side by side only the names are facts."""
        blocks: list[list[str]] = []
        for name in _PARTIES:
            if name != "ship_notify" or self.desk.chance(0.7):
                label, text = self.answers.pair(name, text_for(self.desk, name))
                has_address = self.desk.chance(0.7) and bool(bare(text).strip(" ._-"))
                blocks.append([label, text, *(self.desk.values.address_lines() if has_address else [])])
        if self.desk.chance(0.5):
            return [line for block in blocks for line in block]
        return [*across(blocks[:2], self.random, 0), *(line for block in blocks[2:] for line in block)]

    def cargo(self) -> None:
        """The lines of the cargo and their sums."""
        desk, values, unit = self.desk, self.desk.values, self.desk.values.one(" kg| KGS|kg| lbs|")
        columns = [c for c in _LINES.columns if c.name in ("packages", "goods", "weight") or desk.chance(0.6)]
        self.add(GAP.join(desk.label(c) for c in columns))
        rows: list[Row] = []
        pieces = kilos = 0
        packing = values.word_of("ship_packings")
        for _ in range(self.random.randint(1, (2, 4, 12, 40)[desk.size])):
            count, weight = self.random.randint(1, 400), self.random.randint(20, 24_000)
            pieces, kilos = pieces + count, kilos + weight
            cells = {
                "container": str(text_for(desk, "ship_container")),
                "packages": f"{count} {packing}",
                "goods": values.goods(),
                "weight": f"{weight}{unit}",
                "volume": f"{self.random.randint(1, 60)}.{values.digits(3)}",
            }
            row = {c.name: desk.draft.mark(cells[c.name]) for c in columns}
            rows.append(row)
            self.add(GAP.join(row.values()))
        if len(rows) < 9:
            desk.rows(_LINES, rows)
        if desk.chance(0.75):
            word, label = values.one("Total|TOTAL|Sum|Gesamt"), desk.label(CONCEPTS["ship_weight"])
            total = desk.state("ship_packages", f"{pieces} {packing}")
            self.add(GAP.join((word, total, label, desk.state("ship_weight", f"{kilos}{unit}"))))

    def notes(self) -> list[str]:
        chosen = self.random.sample(WORDS["ship_notes"], self.random.randint(0, 2 + 4 * self.desk.size))
        return [line for note in chosen for line in wrapped(note, self.random)] + self.stowed()

    def stowed(self) -> list[str]:
        """Now and then a line about another ship."""
        return [f"Connecting vessel {filled(self.desk, 'ship_vessels')}"] if self.desk.chance(0.1) else []


def write_bill_of_lading(desk: Desk) -> None:
    Consignment(desk).write()
