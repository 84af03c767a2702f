"""Persons, companies and where they are: names, addresses, e-mail, web sites, as different countries print them."""

from __future__ import annotations

from models_store.starter.factory.asking.naming import slug
from models_store.starter.factory.hand import Hand

_TOWN_FIRST = frozenset({"en", "vi", "zu"})
"""Languages of countries that print the postcode behind the town."""


class Parties(Hand):
    """Mostly of the document's own country."""

    def first_name(self) -> str:
        name = self.local("first")
        form = self.random.random()
        if form < 0.05:
            return f"{name} {self.local('first')}"
        return f"{name}-{self.local('first')}" if form < 0.07 else name

    def last_name(self) -> str:
        name = self.local("last")
        form = self.random.random()
        if form < 0.04:
            return f"{name}-{self.local('last')}"
        return f"{self.word_of('particles')} {name}" if form < 0.08 else name

    def person(self) -> str:
        """A name in one of many forms, now and then with a title or in capitals."""
        kind = self.random.random()
        if kind < 0.35:
            name = self.local("person")
        elif kind < 0.4:
            name = " ".join(self.word_of("syllables") for _ in range(self.random.randint(2, 3)))
        else:
            form = self.word_of("name_forms")
            name = form.format(f=self.first_name(), l=self.last_name(), L=self.local("last").upper(), i=self.letters(1))
        if self.chance(0.05):
            name = f"{self.word_of('salutations')} {name}"
        elif self.chance(0.03):
            name += self.word_of("name_tails")
        return name.upper() if self.chance(0.04) else name

    def company(self) -> str:
        form = self.random.random()
        if form < 0.3:
            name = self.local("company")
        elif form < 0.4:
            name = self.word_of("company_forms").format(
                l=self.last_name(), k=self.local("last"), w=self._brand(), v=self._brand(), c=self.local("city"),
                t=self.word_of("company_tails"), g=self.word_of("lines_of_business"),
                i=self.letters(self.random.randint(2, 4)), n=self.random.randint(2, 99),
            )  # fmt: skip
        else:
            name = " ".join([*self._company_words(), self.word_of("company_tails")])
        return name.upper() if self.chance(0.08) else name

    def party(self) -> str:
        return self.company() if self.chance(0.75) else self.person()

    def address_lines(self) -> list[str]:
        """One to five parts, as lines."""
        lines = [self._street()]
        if self.chance(0.12):
            lines.insert(self.random.randint(0, 1), self.pattern(self.word_of("units_of_houses")))
        if self.chance(0.15):
            lines.append(self.one("Taman |Industrial Park |Plaza |Bandar |Zone |") + self.words(1, 2).title())
        if self.chance(0.92):
            lines.append(self._town())
        if self.chance(0.15):
            lines.append(self.random.choice(self.pools.country))
        comma = "," if self.chance(0.35) else ""
        return [line + comma for line in lines[:-1]] + [lines[-1]]

    def address(self) -> str:
        return self.one(", |, |, | - | |, ").join(line.rstrip(",") for line in self.address_lines())

    def city_name(self) -> str:
        return self.local("city")

    def email(self) -> str:
        first, last, site = (slug(text).replace("_", "") or "mail" for text in self._mail_words())
        form = self.word_of("mail_forms")
        address = form.format(f=first, l=last, i=first[:1], n=self.random.randint(1, 99), w=site)
        return f"{address}@{site}{self.word_of('domains')}"

    def website(self) -> str:
        site = slug(self.words(1, 2)).replace("_", self.one("-|")) or "shop"
        return self.one("www.|www.|www.|https://www.|http://www.|https://|") + site + self.word_of("domains")

    def _mail_words(self) -> tuple[str, str, str]:
        return self.local("first"), self.local("last"), self.words(1, 2)

    def _brand(self) -> str:
        word = self.random.choice(self.pools.word).capitalize()
        return word + self.random.choice(self.pools.word).capitalize() if self.chance(0.1) else word

    def _company_words(self) -> list[str]:
        names = [self.local(self.one("last|city|last")) if self.chance(0.6) else self._brand()]
        if self.chance(0.5):
            names.append(self._brand() if self.chance(0.6) else self.word_of("syllables"))
        return [name[0].upper() + name[1:] for name in names]

    def _street(self) -> str:
        if self.chance(0.7):
            return self.local("street")
        form = self.word_of("street_forms")
        return self.pattern(form.replace("{w}", self.words(1, 1).title()).replace("{l}", self.local("last")))

    def _town(self) -> str:
        """Town, postcode and region in the order of the country, or in any."""
        country = self.pools.homes.get(self.home, {})
        city, code = self.local("city"), self.local("postcode")
        if self.chance(0.2) or not country:
            code = self.random.choice((code, self.digits(5), self.digits(6)))
            return self.one(f"{code} {city}|{city} {code}|{city}|{city}, {code}|{code}, {city}|{city} - {code}")
        if self.home[:2] in _TOWN_FIRST:
            region = f", {self.random.choice(country['state'])}" if country.get("state") and self.chance(0.7) else ""
            return f"{city}{region}{self.one(' |, |  ')}{code}".replace("  ", " ")
        region = f" ({self.random.choice(country['state'])})" if country.get("state") and self.chance(0.1) else ""
        return f"{code} {city}{region}"
