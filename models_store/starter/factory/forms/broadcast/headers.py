"""The head of an air-time order: who, what and when, in blocks side by side."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.forms import blocks
from models_store.starter.factory.forms.broadcast.buy import Buy
from models_store.starter.factory.forms.moments import clock
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.pools import WORDS

_PARTIES = "air_advertiser=100 air_agency=80 air_product=75 air_estimate=70 air_buyer=40"
_SALES = "air_station=80 air_market=25 air_executive=80 air_office=55 air_region=40"
_BILLING = "air_calendar=45 air_billing_type=45 air_cycle=35 air_terms=30 air_commission_rate=20 air_handling=30"
_CODES = (
    "air_agency_code=35 air_advertiser_code=35 air_product_codes=35 air_demographic=45 air_order_type=40 air_deal=25"
)


class Header:
    """Draws the groups of pairs of a purchase once, then lays them out in one of several ways."""

    def __init__(self, buy: Buy) -> None:
        self.buy, self.desk, self.random = buy, buy.desk, buy.random
        self.joint = self.random.choice(blocks.JOINTS)
        self.numbers, self.parties = self._numbers(), self._group(_PARTIES)
        self.sales, self.billing = self._group(_SALES), self._group(_BILLING)
        self.codes = self._group(_CODES) + self._clutter()
        self.lines: list[str] = []

    def write(self) -> list[str]:
        """The lines of the head, in a layout drawn by name."""
        ways: dict[str, Callable[[], list[str]]] = {
            "air head: sections": self._sections,
            "air head: three blocks": self._three_blocks,
            "air head: remit, bill, numbers": self._remit_and_bill,
            "air head: grid beside address": self._grid_beside_address,
            "air head: ledger": self._ledger,
            "air head: dense": self._dense,
            "air head: agency order": self._agency_order,
            "air head: one a line": self._one_a_line,
            "air head: label rows": self._label_rows,
            "air head: two blocks": self._two_blocks,
            "air head: free blocks": self._free_blocks,
            "air head: labels, then values": self._apart,
            "air head: wrapped names": self._wrapped_names,
            "air head: four blocks": self._four_blocks,
            "air head: big numbers on top": self._numbers_first,
        }

        def doing(way: Callable[[], list[str]]) -> Callable[[], None]:
            return lambda: self.lines.extend(way())

        self.desk.variant({name: doing(way) for name, way in ways.items()})
        return self.lines

    @property
    def everything(self) -> list[Pair]:
        return [*self.numbers, *self.parties, *self.sales, *self.billing, *self.codes]

    def title(self) -> str:
        words = "INVOICE|Invoice|OFFICIAL BILLING INVOICE|BROADCAST INVOICE|Station Invoice|STATEMENT"
        if not self.buy.is_invoice:
            words = (
                "ORDER|CONTRACT|Order Confirmation|CONFIRMATION CONTRACT|Station Order|Broadcast Order|Insertion Order"
            )
        return self.desk.values.one(words)

    def _group(self, chances: str) -> list[Pair]:
        wanted = [entry.split("=") for entry in chances.split()]
        return [self.buy.pair(name) for name, percent in wanted if self.desk.chance(int(percent) / 100)]

    def _clutter(self) -> list[Pair]:
        """Labels that no field asks for, most of them without a value."""
        values, count = self.desk.values, self.random.randint(0, 3)
        labels = self.random.sample(WORDS["air_clutter_labels"], count)
        return [(label, values.words(1, 2).upper() if self.desk.chance(0.35) else "") for label in labels]

    def _numbers(self) -> list[Pair]:
        """Numbers and dates of the paper itself."""
        pairs = self._invoice_numbers() if self.buy.is_invoice else self._order_numbers()
        pairs += self._group("air_alt_number=60")
        return pairs + self._flight()

    def _order_numbers(self) -> list[Pair]:
        buy = self.buy
        label, number = buy.pair("air_contract_number")
        buy.share("air_order_number", number)
        revision = self.desk.values.one("|||  /| / 1|  /  |") if "Rev" in label else ""
        dates = self._group("air_entered_date=55 air_modified_date=35 air_print_date=30")
        return [(label, number + revision), *dates]

    def _invoice_numbers(self) -> list[Pair]:
        buy = self.buy
        label, number = buy.pair("air_invoice_number")
        pairs = [(label, number), *self._group("air_invoice_date=85 air_due_date=20 air_print_date=20")]
        order = ""
        if self.desk.chance(0.85):
            name, order = buy.pair("air_order_number")
            pairs.append((name, order))
        buy.share("air_contract_number", number if buy.has_suffix or not order else order)
        if self.desk.chance(0.4):
            pairs.append(("Invoice Month", f"{self.buy.end:%B %Y}"))
        return pairs

    def _flight(self) -> list[Pair]:
        """Flight dates, with the invoice period where there is one; a period alone stands for the flight."""
        buy, pairs = self.buy, []
        if buy.is_invoice and self.desk.chance(0.75):
            pairs = [buy.pair("air_period")]
            if self.desk.chance(0.3):
                for name in ("from", "to"):
                    buy.share(f"air_flight_{name}", buy(f"air_period_{name}"))
                buy.share("air_flight_range", buy("air_period"))
                return pairs
        if self.desk.chance(0.25):
            return [*pairs, buy.pair("air_flight_from"), buy.pair("air_flight_to")]
        return [*pairs, buy.pair("air_flight_range")]

    def station_block(self) -> list[str]:
        """The station's own address, with lines that name nobody."""
        values = self.desk.values
        lines = [self.buy("air_station"), *values.address_lines()]
        if self.desk.chance(0.5):
            lines[:0] = [
                values.one("Remit Address:|REMIT TO|Send Payment To:|Remit to:|Contract Agreement Between:|Station:")
            ]
        if self.desk.chance(0.5):
            lines.append(values.one("Main: |ph: |Tel |Billing: |") + values.phone())
        if self.desk.chance(0.2):
            lines.append(f"www.{values.words(1, 1)}.com")
        return lines

    def billing_block(self) -> list[str]:
        """Where the bill goes: the agency, or the advertiser itself."""
        values, buy = self.desk.values, self.buy
        name = buy("air_agency") if self.desk.chance(0.75) else buy("air_advertiser")
        lines = [name, *values.address_lines()]
        if self.desk.chance(0.5):
            lines[:0] = [values.one("Billing Address:|And:|Bill To:|Mail to:|Sold to|Billing Address")]
        if self.desk.chance(0.3):
            lines.insert(-2, values.one("Attention: Accounts Payable|Attn: Media Dept|c/o Billing|Attention:"))
        return lines

    def _block(self, *groups: list[Pair]) -> list[str]:
        return blocks.block([pair for group in groups for pair in group], self.joint)

    def _sections(self) -> list[str]:
        titles = self.desk.values.one(
            "Orders,Agency,Advertiser|Order,Client,Sales|1. Order,2. Buyer,3. Terms|ORDER,PARTIES,BILLING"
        )
        left = (self.numbers, self.parties, self.codes)
        right: tuple[list[Pair], ...] = (self.sales, self.billing, [])
        lines: list[str] = []
        for title, a, b in zip(titles.split(","), left, right, strict=True):
            rows = blocks.across([self._block(a), self._block(b)], self.random, 1)
            lines += [f"{title}  {rows[0]}", *rows[1:]] if rows else [title]
        return lines

    def _three_blocks(self) -> list[str]:
        middle = self._block(self.parties, self.sales)
        right = self._block(self.numbers, self.codes)
        address = [*self.station_block(), "", *self.billing_block()]
        return [self.title(), *blocks.across([address, middle, right], self.random, 3), *self._block(self.billing)]

    def _remit_and_bill(self) -> list[str]:
        top = blocks.across([self.station_block(), self._block(self.numbers)], self.random)
        low = blocks.across([self.billing_block(), self._block(self.parties), self._block(self.sales)], self.random)
        return [*top, *low, *blocks.across([self._block(self.billing), self._block(self.codes)], self.random)]

    def _grid_beside_address(self) -> list[str]:
        items = [*self.numbers, *self.parties, *self.billing, *self.sales, *self.codes]
        table = blocks.grid(items, self.random.choice((1, 2, 2, 3)))
        return blocks.across([[*self.station_block(), self.title(), *self.billing_block()], table], self.random, 3)

    def _ledger(self) -> list[str]:
        address = [*self.station_block(), *self.billing_block()]
        left = self._block(self.numbers[:2], self.parties, self.sales)
        return blocks.across(
            [address, left, self._block(self.numbers[2:], self.codes), self._block(self.billing)], self.random, 3
        )

    def _dense(self) -> list[str]:
        items = self.everything
        if self.desk.chance(0.5):
            self.random.shuffle(items)
        return [self.title(), *blocks.flowing(items, self.random.choice((": ", ":", ": ", "  ")), self.random)]

    def _agency_order(self) -> list[str]:
        values = self.desk.values
        contact = [
            f"Contact: {values.person()}",
            f"Phone: {values.phone()}",
            f"Email: {values.email()}",
            "Fax:",
            "Direct:",
        ]
        rows = blocks.across(
            [self._block(self.parties, self.numbers), contact[: self.random.randint(2, 5)]], self.random
        )
        sent = f"Date/Time Sent: {clock(self.random)}"
        return [self.title(), *rows, *self._block(self.sales), sent, *self._block(self.codes)]

    def _one_a_line(self) -> list[str]:
        items = self.everything
        if self.desk.chance(0.3):
            self.random.shuffle(items)
        return [self.title(), *self.station_block(), *blocks.block(items, self.joint), *self.billing_block()]

    def _label_rows(self) -> list[str]:
        return [self.title(), *self.billing_block(), *blocks.grid(self.everything, self.random.randint(3, 6))]

    def _two_blocks(self) -> list[str]:
        left = [self.title(), *self._block(self.numbers, self.billing)]
        return [
            *self.station_block(),
            *blocks.across([left, self._block(self.parties, self.sales, self.codes)], self.random),
        ]

    def _free_blocks(self) -> list[str]:
        items = self.everything
        self.random.shuffle(items)
        columns = blocks.dealt(items, self.random.randint(2, 4), self.random)
        joints = [self.random.choice(blocks.JOINTS) for _ in columns]
        parts = [blocks.block(column, joint) for column, joint in zip(columns, joints, strict=True)]
        parts.insert(self.random.randint(0, len(parts)), self.billing_block())
        return [self.title(), *blocks.across(parts, self.random, 3)]

    def _apart(self) -> list[str]:
        """A column of labels, then the column of their values, as some readers give a table."""
        items = [pair for pair in (*self.numbers, *self.parties) if pair[1]]
        table = [label for label, _ in items] + [value for _, value in items]
        return [self.title(), *table, *self._block(self.sales, self.billing), *self.billing_block()]

    def _wrapped_names(self) -> list[str]:
        """Labels on one line and their values a line lower, as where a cell sits deeper than its label."""
        lines: list[str] = []
        items = self.everything
        for start in range(0, len(items), 2):
            (label, value), *other = items[start : start + 2]
            low = other and self.desk.chance(0.4)
            lines.append(
                blocks.GAP.join([label + self.joint + value, *(f"{a}{self.joint}{'' if low else b}" for a, b in other)])
            )
            lines += [b for _, b in other] if low else []
        return [self.title(), *lines]

    def _four_blocks(self) -> list[str]:
        parts = [self._block(group) for group in (self.numbers, self.parties, self.sales, self.billing)]
        self.random.shuffle(parts)
        return [*self.station_block(), self.title(), *blocks.across(parts, self.random, 2), *self._block(self.codes)]

    def _numbers_first(self) -> list[str]:
        top = blocks.GAP.join(label + self.joint + value for label, value in self.numbers[:3])
        rest = blocks.across([self.billing_block(), self._block(self.numbers[3:], self.sales)], self.random)
        return [top, *self._block(self.parties), *rest, *self._block(self.billing, self.codes)]
