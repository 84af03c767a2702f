"""The facts of one purchase of air time: every text that its pages print, each marked once."""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import date, timedelta

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.forms.moments import AMERICAN, STYLES, later, printed, some_day
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.wordings import CONCEPTS

_EMPTY = 0.22
_NEVER_EMPTY = frozenset({
    "air_flight_from", "air_flight_to", "air_flight_range", "air_gross", "air_net", "air_spots", "air_advertiser",
    "air_station",
    "air_contract_number", "air_order_number", "air_invoice_number", "air_commission",
    "air_period", "air_period_from", "air_period_to",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the schedule. `rate` is in cents."""

    start: date
    end: date
    spots: int
    rate: int

    @property
    def cents(self) -> int:
        return self.spots * self.rate


class Buy:
    """A purchase on a desk: what is bought, for whom, when, and how it is printed."""

    def __init__(self, desk: Desk) -> None:
        random = self.random = desk.random
        self.desk = desk
        self.is_invoice = desk.chance(0.4)
        self.style = random.choice(AMERICAN if desk.chance(0.75) else STYLES)
        self.sign, self.whole, self.grouped = (
            random.choice(("$", "$", "$", "$", "", "", "US$ ", "£")),
            desk.chance(0.12),
            desk.chance(0.85),
        )
        self.start = some_day(random, 2012)
        self.end = self.start + timedelta(days=random.choice((0, 2, 4, 6, 6, 6, 13, 20, 27, 34, 76)))
        self.lines = self._lines()
        self.station = _call_letters(desk)
        self.town = random.choice(desk.values.pools.city)
        self._marked: dict[str, str] = {}
        self._texts = self._identifiers()

    def __call__(self, name: str) -> str:
        """The marked text of a concept; the same mark each time. An empty one where the form is left blank."""
        if name not in self._marked:
            empty = name not in _NEVER_EMPTY and self.desk.chance(_EMPTY)
            self._marked[name] = self.desk.state(name, "" if empty else self._text(name))
        return self._marked[name]

    def pair(self, name: str) -> Pair:
        return self.desk.label(CONCEPTS[name]), self(name)

    def share(self, name: str, marked: str) -> str:
        """Lets a text that is marked already answer this concept too."""
        self._marked.setdefault(name, marked)
        self.desk.draft.facts.setdefault(name, Fact(CONCEPTS[name], marked))
        return marked

    def day(self, day: date) -> str:
        return printed(day, self.style)

    def money(self, cents: int) -> str:
        """An amount without its sign."""
        if self.whole and cents % 100 == 0:
            return f"{cents // 100:,}" if self.grouped else str(cents // 100)
        return f"{cents / 100:,.2f}" if self.grouped else f"{cents / 100:.2f}"

    def fill(self, pattern: str) -> str:
        """The pattern with names of this purchase and of nobody in particular."""
        if "{" not in pattern:
            return pattern
        pools, values, choice = self.desk.values.pools, self.desk.values, self.random.choice
        number = self.random.randint(2, 28)
        return pattern.format(
            town=self.town, last=choice(pools.last), person=f"{choice(pools.first)} {choice(pools.last)}",
            noun=choice(pools.word).title(), other=choice(pools.last),
            word=choice(pools.word).title(), state=choice(pools.state), n=number, nn=number,
            office=values.word_of("air_public_offices").replace("{n}", str(number)),
            party=values.word_of("air_parties"),
        )  # fmt: skip

    def word(self, list_name: str) -> str:
        """A word of words.toml, filled."""
        return self.fill(self.desk.values.word_of(list_name))

    @property
    def spots(self) -> int:
        return sum(line.spots for line in self.lines)

    @property
    def gross(self) -> int:
        return sum(line.cents for line in self.lines)

    def _lines(self) -> list[Line]:
        random, lines = self.random, []
        most = (3, 6, 14, 45)[min(self.desk.size, 3)]
        for _ in range(random.randint(1, most)):
            start = later(self.start, random, 0, (self.end - self.start).days)
            end = min(self.end, start + timedelta(days=random.choice((0, 0, 2, 4, 6))))
            rate = random.choice((500, 1000, 2500, 5000, 100)) * random.randint(1, 60)
            lines.append(Line(start, end, random.choice((1, 1, 1, 2, 2, 3, 4, 5, 10)), rate))
        return lines

    def _identifiers(self) -> dict[str, str]:
        """Numbers and sums, which depend on each other."""
        values, percent = self.desk.values, self.random.choice((15, 15, 15, 0, 10, 12, 20))
        number = values.digits(self.random.randint(4, 8)) if self.desk.chance(0.85) else values.code()
        suffix = f"-{self.random.randint(1, 9)}"
        commission = self.gross * percent // 100
        self.net_share = 1 - percent / 100
        self.has_suffix = self.desk.chance(0.6)
        return {
            "air_order_number": number,
            "air_contract_number": number + suffix if self.desk.chance(0.25) else number,
            "air_invoice_number": number + suffix if self.has_suffix else values.digits(self.random.randint(5, 8)),
            "air_gross": self.money(self.gross),
            "air_commission": self.money(commission),
            "air_net": self.money(self.gross - commission),
            "air_spots": str(self.spots),
            "air_commission_rate": self.random.choice((f"{percent}", f"{percent}.00", f"{percent}%")),
            "air_tax": self.money(0),
        }

    def _text(self, name: str) -> str:
        if name in self._texts:
            return self._texts[name]
        if name in _WORDS:
            return self.word(_WORDS[name])
        return str(getattr(self, "_" + name.removeprefix("air_"))())

    def _alt_number(self) -> str:
        values = self.desk.values
        return values.one("||WOC|ECR|0|E-") + values.digits(self.random.randint(5, 8))

    def _estimate(self) -> str:
        values = self.desk.values
        return self.random.choice(
            (values.digits(3), values.digits(4), values.digits(5), f"{self.fill('{last}')} {values.small()}")
        )

    def _advertiser(self) -> str:
        return self.desk.values.company() if self.desk.chance(0.3) else self.word("air_advertisers")

    def _agency(self) -> str:
        if self.desk.chance(0.3):
            return self.desk.values.company()
        name = self.fill("{word}" if self.desk.chance(0.5) else "{last}")
        return f"{name} {self.desk.values.word_of('air_agency_tails')}"

    def _station(self) -> str:
        return self.station

    def _market(self) -> str:
        return self.town

    def _executive(self) -> str:
        return self.desk.values.person()

    def _buyer(self) -> str:
        return self.desk.values.person()

    def _flight_from(self) -> str:
        return self.day(self.start)

    def _flight_to(self) -> str:
        return self.day(self.end)

    def _flight_range(self) -> str:
        return self._span("air_flight_from", "air_flight_to")

    def _period(self) -> str:
        return self._span("air_period_from", "air_period_to")

    def _span(self, first: str, last: str) -> str:
        """A range as printed; each of its ends is a fact too."""
        joint = self.random.choice((" - ", " - ", "-", " to ", " – ", " thru ", " through "))
        return self(first) + joint + self(last)

    def _period_from(self) -> str:
        return self.day(self.start.replace(day=1))

    def _period_to(self) -> str:
        return self.day(later(self.end, self.random, 1, 20))

    def _invoice_date(self) -> str:
        return self.day(later(self.end, self.random, 1, 30))

    def _due_date(self) -> str:
        return self.day(later(self.end, self.random, 31, 70))

    def _print_date(self) -> str:
        return self.day(later(self.end, self.random, -20, 30))

    def _entered_date(self) -> str:
        return self.day(later(self.start, self.random, -40, -8))

    def _modified_date(self) -> str:
        return self.day(later(self.start, self.random, -7, -1))

    def _agency_code(self) -> str:
        return self.desk.values.code()

    def _advertiser_code(self) -> str:
        return self.random.choice((self.desk.values.code(), "".join(self.random.choices(string.ascii_uppercase, k=4))))

    def _deal(self) -> str:
        return self.desk.values.code()

    def _product_codes(self) -> str:
        return self.random.choice(
            (self.desk.values.digits(3), f"{self.desk.values.digits(2)}/{self.desk.values.digits(3)}")
        )

    def _handling(self) -> str:
        return self.desk.values.words(1, 3).capitalize()


_WORDS = {
    "air_product": "air_products", "air_office": "air_offices", "air_region": "air_regions",
    "air_terms": "air_terms", "air_billing_type": "air_billing", "air_calendar": "air_calendars",
    "air_cycle": "air_cycles", "air_demographic": "air_demographics", "air_order_type": "air_order_types",
}  # fmt: skip


def _call_letters(desk: Desk) -> str:
    """American call letters, mostly; else a station with a name."""
    if desk.chance(0.12):
        return desk.random.choice(desk.values.pools.city) + desk.values.one(" FM| Radio| 1| TV| 98.5")
    letters = "".join(desk.random.choices(string.ascii_uppercase, k=3))
    return desk.values.one("W|K|W|K|E|C") + letters + desk.values.one("||||-TV|-FM|-DT| TV|-AM|+")
