"""How a note speaks of its patient: by name, as she or he, or as the patient only. What is never said is null."""

from __future__ import annotations

from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.medical import people
from models_store.starter.factory.medical.people import Patient

_PRONOUNS = {
    "female": {"S": "She", "s": "she", "P": "Her", "p": "her", "o": "her"},
    "male": {"S": "He", "s": "he", "P": "His", "p": "his", "o": "him"},
}
_SUBJECTS = ("The patient", "The patient", "Patient", "Pt")
_NOUNS = {"female": ("female", "female", "woman", "lady", "F"), "male": ("male", "male", "man", "gentleman", "M")}
_CHILDREN = {"female": "girl", "male": "boy"}
_AGES = (
    "{a}-year-old {n}",
    "{a}-year-old {n}",
    "{a}-year-old {n}",
    "{a} y.o. {n}",
    "{a} yo {n}",
    "{a} year old {n}",
    "{n} aged {a}",
    "{n}, age {a},",
    "{a}yo {n}",
    "{a}-year-old {q}, {n}",
)
_QUALITIES = ("", "", "", "", "pleasant ", "very pleasant ", "right-handed ", "healthy ", "delightful ", "retired ")


@dataclass(slots=True)
class Voice:
    """What this note says of its patient. `naming` is none, first, family, full or titled; `pronouns` whether she or
    he is said at all; `noun` whether a word such as woman is."""

    desk: Desk
    patient: Patient
    naming: str
    aged: bool
    noun: bool
    pronouns: bool

    @classmethod
    def draw(cls, desk: Desk, patient: Patient) -> Voice:
        naming = desk.random.choice(("none", "none", "none", "first", "family", "family", "full", "full", "titled"))
        noun = desk.chance(0.5)
        return cls(desk, patient, naming, desk.chance(0.5), noun, desk.chance(0.65))

    @property
    def is_plain(self) -> bool:
        """True where the note tells neither age nor sex by a noun."""
        return not self.aged and not self.noun

    def words(self, template: str) -> dict[str, str]:
        """She, her ... for a sentence; the first of them in it is marked as what tells the sex."""
        if not self.pronouns:
            subject = self.desk.random.choice(_SUBJECTS)
            return {"S": subject, "s": "the patient", "P": "The", "p": "the", "o": "the patient"}
        words = dict(_PRONOUNS[self.patient.sex])
        if "{S}" in template and self.desk.chance(0.25):
            words["S"] = self.name() if self.desk.chance(0.6) else "The patient"
        found = sorted((template.find(f"{{{key}}}"), key) for key in words if f"{{{key}}}" in template)
        told = next((key for _, key in found if words[key] == _PRONOUNS[self.patient.sex][key]), "")
        if told:
            words[told] = self.sexed(words[told])
        return words

    def sexed(self, text: str) -> str:
        return people.tell_sex(self.desk, self.patient.sex, text)

    def name(self) -> str:
        """The patient as the subject of a sentence, by name where the note gives one."""
        match self.naming:
            case "first":
                return self._first()
            case "family":
                return f"{self._honorific()} {self._last()}"
            case "full":
                return (
                    self.full() if self.desk.chance(0.6) or not self.pronouns else f"{self._honorific()} {self._last()}"
                )
            case "titled":
                return f"{self._honorific()} {self.full()}"
        return "The patient"

    def full(self) -> str:
        """First and family name, the whole marked too."""
        return self.desk.state("patient", f"{self._first()} {self._last()}")

    def _first(self) -> str:
        return self.desk.state("patient_first_name", self.patient.first)

    def _last(self) -> str:
        return self.desk.state("patient_family_name", self.patient.last)

    def _honorific(self) -> str:
        return self.sexed(self.patient.honorific)

    def description(self) -> str:
        """A 41-year-old female; empty where the note tells neither."""
        if self.is_plain:
            return ""
        age = self.desk.state("age", str(self.patient.age)) if self.aged else ""
        noun = self._noun() if self.noun else ""
        if not age:
            return f"a {self.desk.random.choice(_QUALITIES)}{noun}"
        text = f"{age}-year-old" if not noun else self._aged(age, noun)
        quality = self.desk.random.choice(_QUALITIES)
        return f"{_article(quality or (str(self.patient.age) if text.startswith(age) else noun))} {quality}{text}"

    def _aged(self, age: str, noun: str) -> str:
        form = self.desk.random.choice(_AGES)
        return form.format(a=age, n=noun, q=self.desk.random.choice(("right-handed", "otherwise healthy", "retired")))

    def _noun(self) -> str:
        sex = self.patient.sex
        noun = _CHILDREN[sex] if self.patient.age < 14 else self.desk.random.choice(_NOUNS[sex])
        return self.sexed(noun)

    def unsaid(self) -> None:
        """Declares null what the note does not tell."""
        facts = self.desk.draft.facts
        names = [name for name in ("patient_first_name", "patient_family_name") if name not in facts]
        for name in (*names, "age", *(["patient"] if len(names) == 2 else [])):
            if name not in facts:
                people.absent(self.desk, name)
        if not any(name in facts for name in people.SEX_CONCEPTS):
            people.absent_sex(self.desk)


def _article(following: str) -> str:
    return "an" if following.startswith(("8", "11", "18", "o")) else "a"
