"""Referrals to a specialist: letters in prose, and request forms."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.medical import header, people, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.medical.people import Patient
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS


def write_referral_letter(desk: Desk) -> None:
    dates = Dates(desk.random)
    patient = people.new_patient(desk, dates)
    head = Head(desk, dates, patient, people.facility(desk), dates.style)
    desk.variant(
        {
            "letter": lambda: _letter(desk, head),
            "formal letter": lambda: _letter(desk, head),
            "letter below lines": lambda: _letter(desk, head, lines=True),
            "letter with re": lambda: _letter(desk, head, lines=True),
            "form": lambda: _form(desk, head),
            "request form": lambda: _form(desk, head),
            "form with boxes": lambda: _form(desk, head),
        }
    )


def _letter(desk: Desk, head: Head, *, lines: bool = False) -> None:
    """The letterhead, the request with the patient in it, some sentences, lists, a signature."""
    add, dates = desk.draft.add, head.dates
    referrer = desk.state("referring_provider", people.person(desk))
    add(desk.state("hospital", head.facility))
    if desk.chance(0.6):
        add(desk.state("provider_address", f"{header.street(desk)}, {desk.random.choice(WORDS['clinic_cities'])}"))
    if desk.chance(0.8):
        add(desk.state("document_date", dates.show(dates.today)))
    to = people.person(desk)
    if desk.chance(0.7):
        add(people.titled(desk, desk.state("referred_to", to)))
        add(*([desk.state("specialty")] if desk.chance(0.5) else []))
    if lines:
        header.lay_out(desk, header.gather(head, "name=95 birth=85 sex=30 record=40 contact=30 insurance=15"))
    add(desk.phrase(WORDS["paper_greetings"]).format(to=to.split(" ")[-1]))
    request = desk.phrase(WORDS["paper_requests"]).format(
        who="this patient" if lines and desk.chance(0.5) else _who(desk, head.patient, dates),
        why=desk.state("reason_for_referral", vocabulary.complaint(desk)),
    )
    add(*wrapped(" ".join([request, *_sentences(desk, dates)]), desk.random))
    _lists(desk)
    add(desk.random.choice(WORDS["paper_regards"]), people.titled(desk, referrer))
    _unsaid(desk)


def _who(desk: Desk, patient: Patient, dates: Dates) -> str:
    """Mr. Adam Hill, a 41-year-old; with a birth date now and then, and now and then no name at all."""
    form = desk.random.random()
    if form < 0.15:
        age = desk.state("age", str(patient.age))
        noun = people.tell_sex(desk, patient.sex, {"female": "woman", "male": "man"}[patient.sex])
        return f"this {age}-year-old {noun}"
    if form < 0.3:
        title = people.tell_sex(desk, patient.sex, patient.honorific)
        name = f"{title} {desk.state('patient_family_name', patient.last)}"
        people.absent(desk, "patient_first_name")
    else:
        name = header.full_name(desk, patient)
    if desk.chance(0.35):
        birth = desk.state("birth_date", dates.show(patient.birth))
        return f"{name} ({desk.random.choice(('born', 'DOB', 'geb.', 'née le', '*'))} {birth})"
    if desk.chance(0.35):
        return f"{name}, aged {desk.state('age', str(patient.age))},"
    return name


def _sentences(desk: Desk, dates: Dates) -> list[str]:
    random = desk.random
    kept = random.sample(WORDS["paper_letter_sentences"], random.randint(1, 2 + 4 * desk.size))
    return [
        text.format(
            n=random.randint(2, 9),
            drug=vocabulary.drug(desk),
            part=random.choice(WORDS["clinic_parts"]),
            date=dates.past(1),
            doc=people.titled(desk, people.person(desk)),
            year=dates.before(8).year,
            bp=f"{random.randint(100, 170)}/{random.randint(60, 100)}",
        )
        for text in kept[:14]
    ]


def _lists(desk: Desk) -> None:
    """What is known of the patient, beside a label or below it."""
    makers = {
        "conditions": vocabulary.past_condition,
        "current_medications": vocabulary.drug_with_directions,
        "allergies": vocabulary.allergen,
    }
    for concept, make in makers.items():
        if not desk.chance(0.3 + 0.15 * desk.size):
            continue
        names = vocabulary.several(desk, make, 1, 2 + desk.size)
        label = desk.label(LISTS[concept])
        if desk.chance(0.15):
            desk.draft.add(f"{label.rstrip(':')}: {desk.phrase(WORDS['clinic_nothing'])}")
            people.absent(desk, concept)
        elif desk.chance(0.5):
            desk.draft.add(f"{label.rstrip(':')}: {', '.join(desk.many(LISTS[concept], names))}")
        else:
            desk.draft.add(label, *(f"- {item}" for item in desk.many(LISTS[concept], names)))


def _form(desk: Desk, head: Head) -> None:
    """Labels and values in groups: the patient, who refers, to whom, why and how soon."""
    add = desk.draft.add
    add(desk.state("document_title", desk.phrase(WORDS["paper_referral_titles"])))
    header.lay_out(
        desk,
        header.gather(head, "name=97 birth=85 sex=60 contact=60 record=50 insurance=40 member=25 kin=8 date=60 pcp=15"),
    )
    items = header.gather(head, "referrer=90 hospital=30")
    if desk.chance(0.7):
        doctor = people.titled(desk, desk.state("referred_to", people.person(desk)))
        items.append((desk.label(CONCEPTS["referred_to"]), doctor))
    items += [desk.pair(name) for name in ("specialty", "urgency") if desk.chance(0.6)]
    reason = vocabulary.complaint(desk)
    items.append(desk.pair("reason_for_referral", reason[0].upper() + reason[1:]))
    if desk.chance(0.5):
        items.append(desk.pair("diagnosis", vocabulary.condition(desk)))
    desk.random.shuffle(items)
    header.lay_out(desk, items)
    _lists(desk)
    if desk.size and desk.chance(0.5):
        notes = " ".join(_sentences(desk, head.dates))
        add(
            desk.random.choice(("Clinical notes", "Comments", "Bemerkungen", "Additional information")),
            *wrapped(notes, desk.random),
        )
    _unsaid(desk)


def _unsaid(desk: Desk) -> None:
    for name in ("birth_date", "age", "record_number"):
        if name not in desk.draft.facts and desk.chance(0.5):
            people.absent(desk, name)
