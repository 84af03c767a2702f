"""Discharge summaries: letters and forms at the end of a stay."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.medical import header, people, tables, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.fillers import FILLERS
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.medical.sections import headed
from models_store.starter.factory.medical.vocabulary import Maker
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

_CHANCES = (
    "name=97 birth=80 sex=72 age=10 record=80 contact=25 admitted=95 discharged=95 physician=75 ward=20 "
    "pcp=15 insurance=10 kin=8 author=8 marital=8 document=6 date=8 blank=6"
)
_SHORT = "name=97 birth=78 sex=70 record=75 admitted=95 discharged=95 physician=70 pcp=8"
_SECTIONS = (2, 7, 11, 16)


def write_discharge_summary(desk: Desk) -> None:
    dates = Dates(desk.random)
    patient = people.new_patient(desk, dates, other=0.03)
    head = Head(desk, dates, patient, people.facility(desk), dates.style, sex_concept="sex")
    _title(desk, head)
    if desk.chance(0.25):
        _write_letter(desk, head)
    else:
        header.lay_out(desk, header.gather(head, _CHANCES if desk.size else _SHORT))
    parts = _parts(desk, dates)[: _SECTIONS[desk.size]]
    desk.random.shuffle(parts)
    for part in parts:
        part()
    if desk.chance(0.3):
        desk.draft.add(desk.random.choice(WORDS["clinic_clutter"]))


def _title(desk: Desk, head: Head) -> None:
    lines = []
    if desk.chance(0.5):
        lines.append(desk.state("hospital", head.facility))
    if desk.chance(0.8):
        lines.append(desk.state("document_title", desk.phrase(WORDS["clinic_discharge_titles"])))
    if desk.chance(0.3):
        lines.reverse()
    desk.draft.add(*lines)


def _write_letter(desk: Desk, head: Head) -> None:
    """A letter to another doctor: who and when stand in its first sentence."""
    dates = head.dates
    to = people.titled(desk, desk.state("primary_care_provider", people.person(desk))) if desk.chance(0.5) else ""
    desk.draft.add(*([f"{desk.random.choice(('To: ', 'Cc: ', 'An ', '', 'GP: '))}{to}"] if to else []))
    name = header.full_name(desk, head.patient, "sex")
    sentence = desk.phrase(WORDS["clinic_stay_letters"]).format(
        name=name,
        birth=desk.state("birth_date", dates.show(head.patient.birth)),
        admitted=desk.state("admission_date", dates.show(dates.later(0))),
        discharged=desk.state("discharge_date", dates.show(dates.later(1))),
    )
    desk.draft.add(
        desk.random.choice(("Dear colleague,", "Dear Doctor,", "Sehr geehrte Kollegin,", "Cher confrère,", ""))
    )
    desk.draft.add(*wrapped(sentence, desk.random))
    rest = header.gather(head, "record=60 physician=60 ward=20")
    if rest:
        header.lay_out(desk, rest)


def _parts(desk: Desk, dates: Dates) -> list[Callable[[], None]]:
    """The sections; those that are asked for first."""
    most = 2 + 3 * desk.size
    asked: list[Callable[[], None]] = [lambda: _diagnosis(desk)] if desk.chance(0.93) else []
    asked += [lambda: _list_of(desk, dates, "medications", _discharge_drug, most)] if desk.chance(0.85) else []
    asked += [lambda: _list_of(desk, dates, "allergies", vocabulary.allergen, 3)] if desk.chance(0.75) else []
    asked += [lambda: _follow_up(desk)] if desk.chance(0.5) else []
    desk.random.shuffle(asked)
    more: list[Callable[[], None]] = [
        lambda: _course(desk, dates),
        lambda: _list_of(desk, dates, "secondary_diagnoses", vocabulary.condition, most),
        lambda: _admission_diagnosis(desk),
        lambda: _list_of(desk, dates, "procedures", vocabulary.procedure, 3),
        lambda: _list_of(desk, dates, "home_medications", vocabulary.drug_with_directions, 3),
        lambda: _pair(desk, "discharge_disposition"),
        lambda: _pair(desk, "discharge_condition"),
        lambda: _advice(desk),
    ]
    more += [partial(FILLERS[name], desk, dates, 1 + desk.size) for name in ("vitals", "results", "family", "social")]
    desk.random.shuffle(more)
    return asked + more


def _discharge_drug(desk: Desk) -> str:
    if desk.chance(0.5):
        return vocabulary.drug_with_strength(desk)
    drug, strength = vocabulary.drug(desk), desk.random.choice(WORDS["clinic_strengths"])
    often = desk.random.choice((*WORDS["clinic_frequencies"], "1-0-1", "1-0-0", "0-0-1"))
    return f"{drug.capitalize()} {strength} {often}"


def _pair(desk: Desk, concept: str) -> None:
    label, value = desk.pair(concept)
    desk.draft.add(f"{label}{desk.random.choice((': ', '  ', ' - '))}{value}")


def _diagnosis(desk: Desk) -> None:
    """The main diagnosis: in a sentence, beside its label or below it, with a code now and then."""
    text = desk.values.diagnosis() if desk.chance(0.3) else vocabulary.condition(desk)
    marked = desk.state("diagnosis", text[0].upper() + text[1:])
    label, form = desk.label(CONCEPTS["diagnosis"]), desk.random.random()
    if form < 0.15:
        patterns = (
            "The patient was treated for {}.",
            "Admitted and treated because of {}.",
            "Treated as an inpatient for {}.",
        )
        desk.draft.add(*wrapped(desk.random.choice(patterns).format(marked), desk.random))
        return
    tail = f" ({vocabulary.code(desk)})" if desk.chance(0.25) else ""
    if form < 0.6:
        desk.draft.add(f"{label.rstrip(':')}{desk.random.choice((': ', '  ', ' - ', ' : '))}{marked}{tail}")
    else:
        desk.draft.add(*headed(desk, label), desk.random.choice(("", "1. ", "- ", "")) + marked + tail)


def _admission_diagnosis(desk: Desk) -> None:
    _label_and(desk, "admission_diagnosis", vocabulary.condition(desk))


def _label_and(desk: Desk, concept: str, text: str) -> None:
    desk.draft.add(f"{desk.label(CONCEPTS[concept]).rstrip(':')}: {desk.state(concept, text)}")


def _list_of(desk: Desk, dates: Dates, concept: str, make: Maker, most: int) -> None:
    """A list below its heading or beside it; at times there is nothing in it."""
    names = vocabulary.several(desk, make, 1, most)
    heading = desk.label(LISTS[concept])
    if desk.chance(0.12):
        words = WORDS["clinic_no_allergies" if concept == "allergies" else "clinic_nothing"]
        desk.draft.add(f"{heading.rstrip(':')}: {desk.phrase(words)}")
        people.absent(desk, concept)
        return
    marked = desk.many(LISTS[concept], vocabulary.cased(desk, names))

    def below(lines: list[str]) -> Callable[[], None]:
        return lambda: desk.draft.add(*headed(desk, heading), *lines)

    desk.variant(
        {
            "run beside": lambda: desk.draft.add(
                f"{heading.rstrip(':')}: " + desk.random.choice((", ", "; ")).join(marked)
            ),
            "run below": below(tables.run(desk, marked)),
            "dashes": below([f"- {item}" for item in marked]),
            "numbers": below([f"{i}. {item}" for i, item in enumerate(marked, start=1)]),
            "bullets with more": below(tables.bullets(desk, dates, marked)),
            "plain lines": below(marked),
            "blocks": below(tables.blocks(desk, dates, marked)),
        }
    )


def _follow_up(desk: Desk) -> None:
    _label_and(desk, "follow_up", desk.values.follow_up())


def _course(desk: Desk, dates: Dates) -> None:
    """The story of the stay, with other dates, drugs and doctors in it."""
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_course_heads"])))
    kept = desk.random.sample(WORDS["clinic_course"], desk.random.randint(1 + 2 * desk.size, 3 + 5 * desk.size))
    sentences = [
        text.format(
            sym=desk.random.choice(WORDS["clinic_complaints"]),
            drug=vocabulary.drug(desk),
            n=desk.random.randint(2, 9),
            date=dates.past(0),
            doc=people.titled(desk, people.person(desk)),
        )
        for text in kept
    ]
    desk.draft.add(*wrapped(" ".join(sentences), desk.random))


def _advice(desk: Desk) -> None:
    for text in desk.random.sample(WORDS["clinic_discharge_advice"], desk.random.randint(1, 3)):
        desk.draft.add(text)
