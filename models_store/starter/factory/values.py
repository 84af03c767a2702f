"""Writes single values: dates, amounts, codes, names, addresses, medical words."""

from __future__ import annotations

import string
from random import Random

from models_store.starter.factory.pools import WORDS, Pools

MONTHS = "January February March April May June July August September October November December".split()
_MONTHS_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_NUMBERS = dict(
    zip(
        (1, 2, 3, 5, 6, 10, 12, 30, 60, 90),
        "one two three five six ten twelve thirty sixty ninety".split(),
        strict=True,
    )
)
SEXES = {
    "male": ("M", "Male", "male", "männlich", "Homme", "m"),
    "female": ("F", "Female", "female", "weiblich", "Femme", "w"),
}


class Values:
    """One document's hand: the same money format, date format and currency all over the page."""

    def __init__(self, pools: Pools, random: Random) -> None:
        self.pools, self.random = pools, random
        self.money_style = random.choice("aaacdbb")
        self.date_style = random.randrange(12)
        self.sign = random.choice(["$", "€", "RM", "£", "USD", "EUR", "CHF", "kr", "Rs.", "GBP"])

    def of(self, maker: str) -> str:
        """A value by the name of its method, or a word of the list of that name."""
        return self.word_of(maker) if maker in WORDS else str(getattr(self, maker)())

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, options: str) -> str:
        """One of the parts of `options`, cut at |."""
        return self.random.choice(options.split("|"))

    def word_of(self, name: str) -> str:
        """One of a list of words.toml."""
        return self.random.choice(WORDS[name])

    def digits(self, count: int) -> str:
        return "".join(self.random.choice(string.digits) for _ in range(count))

    def code(self) -> str:
        upper = "".join(self.random.choice(string.ascii_uppercase) for _ in range(self.random.randint(1, 3)))
        match self.random.randrange(7):
            case 0 | 1:
                return self.digits(self.random.randint(4, 9))
            case 2 | 3 | 4:
                return upper + self.one("-||/|") + self.digits(self.random.randint(3, 7))
            case 5:
                return (
                    self.digits(self.random.randint(2, 4)) + self.one("-|/|.") + self.digits(self.random.randint(2, 5))
                )
            case _:
                return f"{upper}-{self.random.randint(2015, 2027)}-{self.digits(self.random.randint(2, 5))}"

    def date(self) -> str:
        r = self.random
        style = self.date_style if r.random() < 0.9 else r.randrange(12)
        day, month, year = r.randint(1, 28), r.randint(1, 12), r.randint(2010, 2027)
        return self._date(style, day, month, year if r.random() < 0.85 else r.randint(1930, 2010))

    def _date(self, style: int, day: int, month: int, year: int) -> str:
        name = MONTHS[month - 1]
        return [
            f"{day:02d}/{month:02d}/{year}", f"{day:02d}.{month:02d}.{year}", f"{year}-{month:02d}-{day:02d}",
            f"{day:02d}-{month:02d}-{year}", f"{day} {name} {year}", f"{name} {day}, {year}",
            f"{day:02d}/{month:02d}/{year % 100:02d}", f"{day:02d}-{name[:3]}-{year}", f"{day} {name[:3]} {year}",
            f"{month}/{day}/{year}", f"{day}. {_MONTHS_DE[month - 1]} {year}", f"{year}-{month:02d}-{day:02d}",
        ][style]  # fmt: skip

    def cents(self, low: int = 50, high: int = 90000) -> int:
        """An amount in cents, small ones more often."""
        return int(low * (high / low) ** self.random.random())

    def money(self, cents: int | None = None) -> str:
        whole, rest = divmod(self.cents() if cents is None else cents, 100)
        match self.money_style:
            case "a":
                return f"{whole}.{rest:02d}"
            case "b":
                return f"{whole:,}.{rest:02d}"
            case "c":
                return f"{whole},{rest:02d}"
            case _:
                return f"{whole:,}".replace(",", ".") + f",{rest:02d}"

    def currency(self) -> str:
        return self.sign

    def phone(self) -> str:
        head = self.one(f"+{self.digits(2)} |({self.digits(3)}) |0|")
        return head + self.digits(self.random.randint(2, 4)) + self.one("-| ") + self.digits(self.random.randint(4, 7))

    def words(self, low: int = 1, high: int = 3) -> str:
        return " ".join(self.random.choice(self.pools.word) for _ in range(self.random.randint(low, high)))

    def sentence(self) -> str:
        return self.words(5, 12).capitalize() + "."

    def person(self) -> str:
        if self.chance(0.5):
            return self.random.choice(self.pools.person)
        first, last = self.random.choice(self.pools.first), self.random.choice(self.pools.last)
        return f"{last}, {first}" if self.chance(0.15) else f"{first} {last}"

    def company(self) -> str:
        if self.chance(0.4):
            return self.random.choice(self.pools.company)
        lists = (self.pools.last, self.pools.word, self.pools.city)
        names = [self.random.choice(self.random.choice(lists)) for _ in range(self.random.randint(1, 2))]
        return " ".join([*(n[0].upper() + n[1:] for n in names), self.word_of("company_tails")])

    def party(self) -> str:
        return self.company() if self.chance(0.75) else self.person()

    def address_lines(self) -> list[str]:
        pools, r = self.pools, self.random
        lines = [r.choice(pools.street)]
        if self.chance(0.4):
            start = self.one(
                f"No. {r.randint(1, 99)}, |{r.randint(1, 999)} |Lot {r.randint(1, 99)} |{r.randint(1, 99)}, "
            )
            lines = [
                start
                + self.one(
                    f"Jalan {self.words(1, 1).title()} {r.randint(1, 30)}"
                    f"|{r.choice(pools.last)} Street|{r.choice(pools.last)} Road"
                )
            ]
        if self.chance(0.2):
            lines.append(self.one("Taman |Industrial Park |Plaza |") + self.words(1, 2).title())
        city, code = r.choice(pools.city), r.choice(pools.postcode)
        lines.append(
            self.one(f"{code} {city}|{city} {code}|{city}, {r.choice(pools.state)} {code}|{self.digits(5)} {city}")
        )
        if self.chance(0.15):
            lines.append(r.choice(pools.country))
        comma = "," if self.chance(0.35) else ""
        return [line + comma for line in lines[:-1]] + [lines[-1]]

    def address(self) -> str:
        return ", ".join(self.address_lines())

    def vat_id(self) -> str:
        return self.one("DE|FR|GB|NL||ATU|IT|ESB|CHE-") + self.digits(self.random.randint(8, 12))

    def iban(self) -> str:
        """An IBAN with right check digits."""
        country = self.one("DE|FR|GB|AT|CH|ES|NL")
        length = {"DE": 18, "FR": 23, "GB": 18, "AT": 16, "CH": 17, "ES": 20, "NL": 14}[country]
        bank = "ABCD" if country in ("GB", "NL") else ""
        body = bank + self.digits(length - len(bank))
        number = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
        flat = f"{country}{98 - number % 97:02d}{body}"
        return " ".join(flat[i : i + 4] for i in range(0, len(flat), 4)) if self.chance(0.7) else flat

    def email(self) -> str:
        name = f"{self.words(1, 1)}{self.one('.|_|')}{self.words(1, 1)}"
        return f"{name}@{self.words(1, 1)}{self.one('.com|.de|.org|.net')}"

    def payment(self) -> str:
        return self.word_of("payments")

    def small(self) -> str:
        return str(self.random.randint(1, 60))

    def time(self) -> str:
        seconds = self.one(f"||:{self.digits(2)}| PM")
        return f"{self.random.randint(0, 23):02d}:{self.random.randint(0, 59):02d}{seconds}"

    def place(self) -> str:
        if self.chance(0.5):
            return self.word_of("governing_places")
        return self.random.choice(self.pools.country + self.pools.state)

    def period(self) -> str:
        count = self.random.choice(list(_NUMBERS))
        unit = self.one("year|month|day|week") + ("s" if count > 1 else "")
        return self.one(f"{count} {unit}|{_NUMBERS[count]} ({count}) {unit}|{_NUMBERS[count]} {unit}")

    def title(self) -> str:
        return self.one("Mutual |Confidential |Master |||") + self.word_of("titles")

    def doctor(self) -> str:
        return self.one("Dr. |Dr |Prof. |Dr. med. |Dr. ") + self.person() + self.one("||||, MD| M.D.")

    def diagnosis(self) -> str:
        text = self.one("Acute |Chronic ||Type 2 |Suspected |Bilateral |Severe ") + self.word_of("diseases")
        return text[0].upper() + text[1:] + self.one(f"||||, {self.words(1, 2)}| with {self.word_of('diseases')}")

    def medication(self) -> str:
        dose = self.word_of("doses")
        return self.word_of("drugs") + dose + self.word_of("schedules")

    def allergy(self) -> str:
        return self.word_of("allergens")

    def specimen(self) -> str:
        return self.one("Serum|Whole blood|Urine|Plasma|Swab|CSF|Sputum|EDTA blood|Stool")

    def laboratory(self) -> str:
        base = self.random.choice((self.pools.city, self.pools.last))
        return self.random.choice(base) + self.word_of("laboratory_tails")

    def follow_up(self) -> str:
        who = self.one(
            "Cardiology clinic|GP|Outpatient clinic|Surgical clinic|Dr. " + self.random.choice(self.pools.last)
        )
        r = self.random
        weeks, months, days = r.randint(1, 8), r.randint(1, 6), r.randint(3, 14)
        return who + self.one(f" in {weeks} weeks| on {self.date()}| in {months} months| in {days} days")

    def goods(self) -> str:
        if self.chance(0.5):
            return self.word_of("goods") + self.one(f"|||| {self.words(1, 1)}| {self.random.randint(1, 9)}kg")
        return self.words(1, 3).title()

    def city_name(self) -> str:
        return self.random.choice(self.pools.city)

    def anything(self) -> str:
        """A value of any sort, for sheets and drills."""
        makers = ("words", "code", "date", "money", "person", "phone", "small", "company", "words")
        return self.of(self.random.choice(makers))
