"""Writes single values: what `figures` and `parties` can, and medical, legal and commercial words."""

from __future__ import annotations

from models_store.starter.factory.figures import MONTHS, Figures
from models_store.starter.factory.parties import Parties
from models_store.starter.factory.pools import WORDS

__all__ = ["MONTHS", "SEXES", "Values"]

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


class Values(Figures, Parties):
    """One document's values: of one country, in one style, mostly."""

    def of(self, maker: str) -> str:
        """A value by the name of its method, or a word of the list of that name."""
        return self.word_of(maker) if maker in WORDS else str(getattr(self, maker)())

    def sentence(self) -> str:
        return self.words(5, 12).capitalize() + "."

    def payment(self) -> str:
        return self.word_of("payments")

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

    def anything(self) -> str:
        """A value of any sort, for sheets and drills."""
        makers = ("words", "code", "date", "money", "person", "phone", "small", "company", "words")
        return self.of(self.random.choice(makers))
