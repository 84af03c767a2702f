"""The patient of a paper, and the people around: made up, with age, birth date and sex in agreement."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact, bare
from models_store.starter.factory.medical.dates import Dates, Day
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_SEX_WORDS = {
    "female": ("Female", "female", "F", "Female", "FEMALE", "weiblich", "Femme", "Mujer", "w", "Féminin", "Woman"),
    "male": ("Male", "male", "M", "Male", "MALE", "männlich", "Homme", "Hombre", "m", "Masculin", "Man"),
    "other": ("Undifferentiated", "Other", "diverse", "divers", "X", "UN", "Non-binary"),
}
_OPTIONS = {
    "sex": {"female": "female", "male": "male", "other": "other"},
    "sex_of_two": {"female": "female", "male": "male"},
    "sex_recorded": {"female": "Female", "male": "Male", "other": "Undifferentiated"},
}
SEX_CONCEPTS = tuple(_OPTIONS)
_HONORIFICS = {"female": ("Ms.", "Mrs.", "Ms", "Miss", "Mrs"), "male": ("Mr.", "Mr.", "Mr")}


@dataclass(frozen=True, slots=True)
class Patient:
    """`sex` is female, male or other."""

    first: str
    middle: str
    last: str
    sex: str
    age: int
    birth: Day
    honorific: str

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.first, self.middle, self.last) if part)


def new_patient(desk: Desk, dates: Dates, *, youngest: int = 1, other: float = 0.0) -> Patient:
    """A patient of `youngest` to 96 years; `other` is the share of neither sex."""
    random, pools = desk.random, desk.values.pools
    sex = "other" if desk.chance(other) else random.choice(("female", "male"))
    age = random.randint(max(youngest, 17), 96) if desk.chance(0.85) else random.randint(youngest, 96)
    birth = dates.day_in(dates.today.year - age)
    if (birth.month, birth.day) > (dates.today.month, dates.today.day):
        birth = Day(birth.year - 1, birth.month, birth.day)
    middle = random.choice((f"{random.choice('ABCDEFGHJKLMNPRSTVW')}", random.choice(pools.first), ""))
    honorific = random.choice(_HONORIFICS[sex]) if sex in _HONORIFICS else ""
    return Patient(
        random.choice(pools.first).split(" ")[0],
        middle if desk.chance(0.25) else "",
        random.choice(pools.last),
        sex,
        age,
        birth,
        honorific,
    )


def person(desk: Desk) -> str:
    """First and family name of somebody else, in either order."""
    pools, random = desk.values.pools, desk.random
    first, last = random.choice(pools.first), random.choice(pools.last)
    return f"{last}, {first}" if desk.chance(0.08) else f"{first} {last}"


def titled(desk: Desk, name: str) -> str:
    """A doctor's name with title or degree around it; `name` may be marked."""
    degree = desk.random.choice(WORDS["clinic_credentials"])
    forms = (
        "Dr. {}",
        "Dr {}",
        "{}, {d}",
        "{} {d}",
        "{}",
        "{}",
        "Dr. med. {}",
        "Prof. {}",
        "{}, {d}",
        "Dr. {}, {d}",
        "Dra. {}",
    )
    return desk.random.choice(forms).format(name, d=degree)


def facility(desk: Desk) -> str:
    """The name of a hospital or practice."""
    random, pools = desk.random, desk.values.pools
    head = random.choice(WORDS["clinic_facility_heads"])
    if desk.chance(0.65):
        head = random.choice(
            (random.choice(pools.city), random.choice(pools.last), random.choice(WORDS["clinic_cities"]))
        )
    return head + random.choice(WORDS["clinic_facility_tails"])


def is_said(desk: Desk, name: str) -> bool:
    """True where the page says this."""
    fact = desk.draft.facts.get(name)
    return fact is not None and isinstance(fact.value, str) and bare(fact.value) != ""


def fact_of(name: str, values: list[str]) -> Fact:
    """A list of marked values."""
    return Fact(LISTS[name], values)


def tell(desk: Desk, concept: str, text: str) -> str:
    """Marks a value that may have been said before in other letters: any of the places answers."""
    known = desk.draft.facts.get(concept)
    if known is None or bare(known.value if isinstance(known.value, str) else "") == text:
        return desk.state(concept, text)
    marked = desk.draft.mark(text)
    desk.draft.facts[concept] = replace(known, again=(*known.again, marked))
    return marked


def tell_sex(desk: Desk, sex: str, text: str = "", *, concept: str = "") -> str:
    """Marks a word that tells the sex: female, she, Mr., woman. Each of them is enough.

    A document tells it under one concept, drawn at random where none is given.
    """
    text = text or desk.random.choice(_SEX_WORDS[sex])
    known = next((name for name in SEX_CONCEPTS if name in desk.draft.facts), "")
    if known:
        return tell(desk, known, text)
    name = concept or desk.random.choice([name for name, options in _OPTIONS.items() if sex in options])
    return desk.state(name, text, _OPTIONS[name][sex])


def absent(desk: Desk, *names: str) -> None:
    """Declares that the page does not say these: asked for, the answer is null, or an empty list.

    An empty mark stands at the end of what is laid out so far, so that they count as much as what is said.
    """
    for name in names:
        empty = desk.draft.mark("")
        fact = Fact(LISTS[name], [empty]) if name in LISTS else Fact(CONCEPTS[name], empty)
        if desk.draft.facts.setdefault(name, fact) is fact:
            desk.draft.lines[-1] += empty


def absent_sex(desk: Desk) -> None:
    absent(desk, desk.random.choice(list(_OPTIONS)))
