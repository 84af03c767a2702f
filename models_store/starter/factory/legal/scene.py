"""What fills the slots of a page's sentences: each asked value once, values that nobody asks for anew each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.legal.phrases import Patterns
from models_store.starter.factory.legal.tongue import STATES, Tongue, nominative
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_LONG = frozenset({"term", "survival_period", "renewal_period", "noncompete_period", "warranty_period"})
_BORDERS = {"late_fee": (20, 3_000), "deposit_sum": (200, 20_000), "rent": (300, 20_000)}


class Scene:
    """One document's slots. `said` holds what a slot prints, once it has been printed or set."""

    def __init__(self, desk: Desk, language: str) -> None:
        self.desk, self.random = desk, desk.random
        self.tongue = Tongue(language, desk.values, desk.random)
        self.said: dict[str, str] = {}
        self._fresh: dict[str, Callable[[], str]] = {
            "_date": lambda: "".join(self.tongue.date()),
            "_days": self.tongue.days,
            "_hours": lambda: self.desk.values.one("24 hours|48 hours|72 hours|12 hours"),
            "_n": lambda: str(self.random.randint(2, 12)),
            "_money": self._loose_money,
            "_person": desk.values.person,
            "_first": lambda: self.random.choice(desk.values.pools.first),
            "_last": lambda: self.random.choice(desk.values.pools.last),
            "_state": lambda: self.random.choice(STATES),
            "_CITY": lambda: self.city().upper(),
            "_company": desk.values.company,
            "_city": self.city,
            "_code": desk.values.code,
            "_job": lambda: self.random.choice(desk.values.pools.job),
            "_trade": lambda: self.random.choice(WORDS["legal_occupations"]),
            "_Trade": lambda: self.random.choice(WORDS["legal_occupations"]).title(),
        }

    def fill(self, name: str) -> str:
        """What the slot prints."""
        if name.endswith("'s"):
            text = self.fill(name[:-2])
            return text + ("'" if text.rstrip("\ue001").endswith("s") else "'s")
        if name.endswith("^"):
            text = self.fill(name[:-1])
            return text[0].upper() + text[1:]
        name, _, case = name.partition(":")
        if name in self._fresh:
            return self._fresh[name]()
        if name not in self.said:
            self.said[name] = self._stated(name, case)
        return self.said[name]

    def say(self, ways: Patterns, *, without: frozenset[str] = frozenset()) -> str:
        """One of some patterns, filled; of those that have none of the slots `without`."""
        side = ways.side(held_out=self.desk.held_out)
        fit = [p for p in side if p.needs.isdisjoint(without)] or [
            p for p in ways.trained if p.needs.isdisjoint(without)
        ]
        return self.random.choice(fit).write(self.fill, self.random)

    def some(self, ways: Patterns, count: int, *, without: frozenset[str] = frozenset()) -> list[str]:
        """At most so many different patterns, filled."""
        side = [p for p in ways.side(held_out=self.desk.held_out) if p.needs.isdisjoint(without)]
        return [p.write(self.fill, self.random) for p in self.random.sample(side, min(count, len(side)))]

    def bare(self, name: str) -> str:
        """The marked value of the slot without the words of the sentence before it."""
        text = self.fill(name)
        return text[text.find("\ue000") :]

    def also(self, name: str, *others: str) -> None:
        """The value of this slot answers other concepts too."""
        fact = self.desk.draft.facts[name]
        for other in others:
            self.desk.draft.facts.setdefault(other, Fact(CONCEPTS[other], fact.value))

    def miss(self, names: Sequence[str]) -> None:
        """These are asked for now and then though the page does not hold them."""
        for name in names:
            if name not in self.desk.draft.facts:
                self.desk.state(name, "-")

    def amount(self, name: str, low: int, high: int) -> str:
        """A marked amount with its currency around it."""
        number = self.tongue.amount(low, high)
        return self.tongue.with_currency(self.desk.state(name, number), number)

    def city(self) -> str:
        return self.random.choice(self.desk.values.pools.city)

    def _loose_money(self) -> str:
        number = self.tongue.amount(50, 5_000)
        return self.tongue.with_currency(number, number)

    def _stated(self, name: str, case: str = "") -> str:
        """A fresh marked value of the concept, with the words that belong before it."""
        concept, desk = CONCEPTS[name], self.desk
        match concept.maker:
            case "date":
                before, value = self.tongue.date(self._year(name))
            case "money":
                return self.amount(name, *_BORDERS.get(name, (500, 2_000_000)))
            case "period":
                before = ""
                value = nominative(self._period(name)) if case else self._period(name)
            case "signing_cities":
                before, value = "", self.city()
            case "place":
                before, value = self.tongue.law() if name == "governing_law" else ("", self._place(name))
            case maker:
                before, value = "", desk.values.of(maker)
        return before + desk.state(name, value)

    def _year(self, name: str) -> int:
        """The year of a date, before or after that of the document; 0 for near it."""
        if name == "cover_to":
            return self.tongue.year + 2
        match name.split("_")[0]:
            case "birth":
                return self.tongue.year - self.random.randint(20, 65)
            case "expiry":
                return self.tongue.year + self.random.randint(1, 12)
            case "original":
                return self.tongue.year - self.random.randint(1, 8)
        return 0

    def _period(self, name: str) -> str:
        """A period; a term may have no end."""
        if name == "term" and self.random.random() < 0.06:
            return self.tongue.endless()
        return self.tongue.term() if name in _LONG else self.tongue.notice()

    def _place(self, name: str) -> str:
        """A city for a court, a state or country for a seat."""
        if name == "venue" and self.random.random() < 0.75:
            return self.city()
        return self.desk.values.place()
