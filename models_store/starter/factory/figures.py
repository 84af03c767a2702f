"""Dates, times, amounts, codes and numbers, in the printed forms of the world."""

from __future__ import annotations

from datetime import date as calendar_date
from random import Random

from models_store.starter.factory.hand import Hand
from models_store.starter.factory.pools import WORDS, Pools

MONTHS = "January February March April May June July August September October November December".split()
_MONTHS = {tongue: names.split() for tongue, names in (line.split("=") for line in WORDS["months"])}
_SHORT_MONTHS = {tongue: names.split() for tongue, names in (line.split("=") for line in WORDS["short_months"])}
_WEEKDAYS = {tongue: names.split() for tongue, names in (line.split("=") for line in WORDS["weekdays"])}
_FORMS = [tuple(form.split("|")) for form in WORDS["date_forms"]]
_STEADY = 0.9
"""Share of the dates and amounts of a document that are printed in its usual form."""
_IBANS = {line[:2]: line[3:] for line in WORDS["ibans"]}


class Figures(Hand):
    """The same date form, amount form and currency all over the page, mostly."""

    def __init__(self, pools: Pools, random: Random) -> None:
        super().__init__(pools, random)
        self.money_style = random.choice("aaaaaabbbbbbbbcccccdddddddeefghi")
        self.date_style = random.randrange(len(_FORMS))
        self.tongue = random.choice(list(_MONTHS))
        self.sign = random.choice(WORDS["currencies"])

    def date(self) -> str:
        r = self.random
        style = self.date_style if r.random() < _STEADY else r.randrange(len(_FORMS))
        day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(2010, 2027)
        return self.date_as(style, day, month, year if r.random() < 0.85 else r.randint(1930, 2010))

    def date_as(self, style: int, day: int, month: int, year: int) -> str:
        """This day in one of the forms, 0 to the number of forms less one."""
        tongues, form = _FORMS[style]
        tongue = (
            self.tongue if tongues == "*" or self.tongue in tongues.split() else self.one(tongues.replace(" ", "|"))
        )
        return form.format(
            d=day,
            m=month,
            y=year,
            s=year % 100,
            month=_MONTHS[tongue][month - 1],
            mon=_SHORT_MONTHS[tongue][month - 1],
            day=_WEEKDAYS[tongue][calendar_date(year, month, day).weekday()],
            th="th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th"),
        )

    def time(self) -> str:
        hour, minute, second = self.random.randint(0, 23), self.random.randint(0, 59), self.random.randint(0, 59)
        form = self.word_of("time_forms")
        return form.format(h=hour, H=(hour - 1) % 12 + 1, m=minute, s=second, p="AM" if hour < 12 else "PM")

    def cents(self, low: int = 50, high: int = 90000) -> int:
        """An amount in cents, small ones more often."""
        return int(low * (high / low) ** self.random.random())

    def money(self, cents: int | None = None) -> str:
        """In the page's form. Where that has no decimals, the cents are whole units."""
        amount = self.cents() if cents is None else cents
        whole, rest = divmod(amount, 100)
        match self.money_style:
            case "a":
                return f"{whole}.{rest:02d}"
            case "b":
                return f"{whole:,}.{rest:02d}"
            case "c":
                return f"{whole},{rest:02d}"
            case "d":
                return f"{whole:,}".replace(",", ".") + f",{rest:02d}"
            case "e":
                return f"{whole:,}".replace(",", "'") + f".{rest:02d}"
            case "f":
                return f"{whole:,}".replace(",", " ") + f",{rest:02d}"
            case "g":
                return f"{amount:,}"
            case "h":
                return f"{amount:,}".replace(",", ".")
            case _:
                return f"{whole:,}.{rest:02d}0"

    def negative(self, cents: int | None = None) -> str:
        """A credit, a discount, a refund."""
        return self.word_of("negatives").replace("{}", self.money(cents))

    def percent(self) -> str:
        rate = self.one("5|6|7|8|10|12|15|16|18|19|20|21|22|23|25|7.7|5.5|2.5|0|3|30|50")
        rate += self.one("||.0|.00") if "." not in rate else ""
        return (rate.replace(".", ",") if self.money_style in "cdf" else rate) + self.one("%|%| %")

    def currency(self) -> str:
        return self.sign

    def phone(self) -> str:
        return self.pattern(self.word_of("phones"))

    def code(self) -> str:
        """A number of a document, a customer, a file: short or long, with letters, dashes, slashes, a year."""
        year = self.random.randint(2012, 2027)
        return self.pattern(self.word_of("codes").replace("%%%%", str(year)).replace("%%", str(year % 100)))

    def vat_id(self) -> str:
        return self.pattern(self.word_of("tax_numbers"))

    def iban(self) -> str:
        """An IBAN with right check digits."""
        country = self.random.choice(list(_IBANS))
        body = self.pattern(_IBANS[country])
        number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
        flat = f"{country}{98 - number % 97:02d}{body}"
        return " ".join(flat[i : i + 4] for i in range(0, len(flat), 4)) if self.chance(0.7) else flat

    def small(self) -> str:
        return str(self.random.randint(1, 60))
