"""A note being written: its patient, its habits of layout, and how its sentences are filled."""

from __future__ import annotations

from dataclasses import dataclass, field

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.medical import people, tables, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.notes.voice import Voice
from models_store.starter.factory.pools import WORDS

_MONTHS = ("January", "March", "May", "June", "August", "October", "December")


@dataclass(slots=True)
class Note:
    """A note being written. `conditions` are marked, and are printed as they are wherever they are said again."""

    desk: Desk
    dates: Dates
    voice: Voice
    complaint: str
    bullet: str
    upper: bool
    width: bool
    conditions: list[str] = field(default_factory=list)
    told: bool = False
    """Whether the conditions were listed already."""
    drugs: list[str] = field(default_factory=list)
    """Marked drugs that stand somewhere in the story."""

    def say(self, text: str) -> None:
        """Prose, as one long line or broken into lines."""
        self.desk.draft.add(*(wrapped(text, self.desk.random) if self.width else [text]))

    def head(self, name: str) -> None:
        self.desk.draft.add(self.desk.phrase(WORDS[name]))

    def fill(self, template: str, **more: str) -> str:
        """A sentence with everything in it that it asks for."""
        desk, random = self.desk, self.desk.random
        return template.format(
            **self.voice.words(template),
            **more,
            n=random.randint(2, 9),
            nn=random.randint(30, 70),
            sym=random.choice(WORDS["clinic_complaints"]),
            sym2=random.choice(WORDS["clinic_complaints"]),
            sym3=random.choice(WORDS["clinic_complaints"]),
            part=random.choice(WORDS["clinic_parts"]),
            part2=random.choice(WORDS["clinic_parts"]),
            bp=f"{random.randint(105, 165)}/{random.randint(60, 100)}",
            drug=self._drug() if "{drug}" in template else "",
            rel=random.choice(WORDS["note_relatives"]),
            job=random.choice(WORDS["note_jobs"]),
            city=random.choice(WORDS["clinic_cities"]),
            since=self._since(),
            doc=people.titled(desk, people.person(desk)) if "{doc}" in template else "",
            kin=self._relative() if "{kin}" in template else "",
        )

    def _since(self) -> str:
        return self.desk.random.choice(WORDS["note_since"]).format(
            n=self.desk.random.randint(2, 8),
            month=self.desk.random.choice(_MONTHS),
            year=self.dates.before(8).year,
            date=self.dates.past(2),
        )

    def _drug(self) -> str:
        """A drug that is named, but not in a list of what the patient takes."""
        self.drugs.append(self.desk.draft.mark(vocabulary.drug(self.desk)))
        return self.drugs[-1]

    def _relative(self) -> str:
        """Somebody else by name: never the patient."""
        first = self.desk.random.choice(self.desk.values.pools.first)
        whose = self.voice.words("{p}")["p"]
        return f"{whose} {self.desk.random.choice(WORDS['note_relatives'])}, {first}"

    def listed(self, marked: list[str]) -> list[str]:
        """A run, or an item a line."""
        form = self.desk.random.random()
        if form < 0.25:
            return tables.run(self.desk, marked)
        if form < 0.5:
            return [f"{self.bullet}{item}." for item in marked]
        return tables.bullets(self.desk, self.dates, marked) if form < 0.7 else [self.bullet + item for item in marked]

    @property
    def spoken_conditions(self) -> str:
        return tables.spoken(self.conditions)
