"""Who registers, for whom, and the texts of one registration."""

from __future__ import annotations

from datetime import timedelta

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.forms.moments import LONG, birthday, printed
from models_store.starter.factory.forms.stationery import Stationery


class Parties:
    """Texts for the concepts of one registration."""

    def __init__(self, desk: Desk, stationery: Stationery) -> None:
        self.desk, self.random, self.stationery = desk, desk.random, stationery

    def text(self, name: str) -> str | None:
        """A text for a concept; None where its own maker writes it."""
        way = getattr(self, "_" + name.removeprefix("reg_"), None)
        return None if way is None else str(way())

    def fill(self, pattern: str) -> str:
        """The pattern with names."""
        pools, choice = self.desk.values.pools, self.random.choice
        return pattern.format(
            country=choice(pools.country), city=choice(pools.city), last=choice(pools.last), last2=choice(pools.last),
            last3=choice(pools.last), word=choice(pools.word).title(), org=choice(pools.company),
            person=choice(pools.person),
        )  # fmt: skip

    def word(self, list_name: str) -> str:
        return self.fill(self.desk.values.word_of(list_name))

    def _number(self) -> str:
        values = self.desk.values
        return values.digits(self.random.randint(3, 6)) if self.desk.chance(0.75) else values.code()

    def _registrant(self) -> str:
        form = self.random.random()
        if form < 0.1:
            return self.desk.values.person()
        return self.desk.values.company() if form < 0.45 else self.word("reg_organisations")

    def _filer(self) -> str:
        return self.desk.values.person()

    def _contact(self) -> str:
        return self.desk.values.person()

    def _alias(self) -> str:
        names = [self._registrant() for _ in range(self.random.choice((1, 1, 2)))]
        return ", ".join(names)

    def _trade_name(self) -> str:
        return self.word("reg_organisations")

    def _principal(self) -> str:
        return self.word("reg_governments") if self.desk.chance(0.7) else self.desk.values.company()

    def _principal_country(self) -> str:
        return self.random.choice(self.desk.values.pools.country)

    def _nationality(self) -> str:
        return self.random.choice(self.desk.values.pools.country)

    def _address(self) -> str:
        return ", ".join(line.rstrip(",") for line in self.desk.values.address_lines())

    def _residence(self) -> str:
        return self._address()

    def _birth_year(self) -> str:
        born = birthday(self.random)
        return str(born.year) if self.desk.chance(0.6) else printed(born, self.stationery.style)

    def _occupation(self) -> str:
        return self.random.choice(self.desk.values.pools.job) if self.desk.chance(0.6) else self._office()

    def _office(self) -> str:
        return self.desk.values.word_of("form_titles_of_office")

    def _period_end(self) -> str:
        ends = self.stationery.signed - timedelta(days=self.random.randint(5, 60))
        return printed(ends, self.random.choice(LONG))

    def _registered_date(self) -> str:
        return self.stationery.day(self.stationery.signed - timedelta(days=self.random.randint(200, 9000)))

    def _termination_date(self) -> str:
        return self.stationery.day(self.stationery.signed + timedelta(days=self.random.randint(20, 400)))

    def _phone(self) -> str:
        return self.desk.values.phone()

    def _email(self) -> str:
        return self.desk.values.email()

    def _compensation(self) -> str:
        return f"{self.random.randint(1, 900) * 250:,}" + self.desk.values.one("|.00|")

    def _material_title(self) -> str:
        return self.desk.values.words(2, 5).capitalize()

    def _copies(self) -> str:
        return str(self.random.choice((1, 12, 50, 200, 350, 1200, 5000)) * self.random.randint(1, 9))

    def _means(self) -> str:
        return self.desk.values.word_of("reg_means")
