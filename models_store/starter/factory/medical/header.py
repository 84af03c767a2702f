"""The head of a clinical paper: who the patient is, who wrote it, who keeps it; in many forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import Pair, beside, pairs
from models_store.starter.factory.medical import people
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.people import Patient
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

Part = Callable[["Head"], list[Pair]]


@dataclass(slots=True)
class Head:
    """What the parts of a head are made with. `style` is how its dates are printed."""

    desk: Desk
    dates: Dates
    patient: Patient
    facility: str
    style: str = ""
    sex_concept: str = ""
    """Under which concept the sex is marked; any that fits where empty."""

    def label(self, concept: str) -> str:
        return self.desk.label(CONCEPTS[concept])

    def pair(self, concept: str, text: str | None = None) -> Pair:
        return self.desk.pair(concept, text)


def name_of(head: Head) -> list[Pair]:
    """The full name, with first and family name marked inside; or two labels."""
    desk, patient = head.desk, head.patient
    first, last = desk.state("patient_first_name", patient.first), desk.state("patient_family_name", patient.last)
    if desk.chance(0.14):
        named = [(head.label("patient_family_name"), last), (head.label("patient_first_name"), first)]
        return named if desk.chance(0.6) else named[::-1]
    return [(head.label("patient"), full_name(desk, patient, head.sex_concept))]


def full_name(desk: Desk, patient: Patient, sex_concept: str = "") -> str:
    """The marked full name, first and family name marked inside, at times with a word before or behind it."""
    first, last = desk.state("patient_first_name", patient.first), desk.state("patient_family_name", patient.last)
    given = f"{first} {patient.middle}" if patient.middle else first
    name = f"{last}, {given}" if desk.chance(0.15) else f"{given} {last}"
    if desk.chance(0.08):
        name = name.upper()
    return _dressed(desk, patient, desk.state("patient", name), sex_concept)


def _dressed(desk: Desk, patient: Patient, name: str, sex_concept: str) -> str:
    """The name with a title before it, which tells the sex, or a remark behind it."""
    form = desk.random.random()
    if form < 0.12 and patient.honorific:
        return f"{people.tell_sex(desk, patient.sex, patient.honorific, concept=sex_concept)} {name}"
    return name + desk.random.choice((" (legal)", " - verified", ", L", " *", " (M.)")) if form > 0.97 else name


def birth(head: Head) -> list[Pair]:
    text = head.dates.show(head.patient.birth, head.style)
    label, marked = head.pair("birth_date", text)
    if head.desk.chance(0.1):
        years = head.desk.state("age", str(head.patient.age))
        marked += head.desk.random.choice((" ({} yrs)", " ({} y)", "  {} years", ", {} years old", " / {}y")).format(
            years
        )
    return [(label, marked)]


def age(head: Head) -> list[Pair]:
    label, marked = head.pair("age", str(head.patient.age))
    return [(label, marked + head.desk.random.choice(("", "", " years", " y", " yrs", "Y", " Jahre", " ans")))]


def sex(head: Head) -> list[Pair]:
    return [(head.label("sex"), people.tell_sex(head.desk, head.patient.sex, concept=head.sex_concept))]


def record_number(head: Head) -> list[Pair]:
    """The record number; at times a second number that no label tells apart stands behind it."""
    desk = head.desk
    number = desk.values.digits(desk.random.randint(1, 15)) if desk.chance(0.6) else desk.values.code()
    label, marked = head.pair("record_number", number)
    if desk.chance(0.2):
        digits = desk.values.digits
        marked += "  " + desk.random.choice((f"{digits(3)}-{digits(2)}-{digits(4)}", digits(8)))
    return [(label, marked)]


def contact(head: Head) -> list[Pair]:
    """The address, whole or in parts, and often the phone."""
    desk, random = head.desk, head.desk.random
    state, code = _state_and_code(desk)
    city = random.choice(WORDS["clinic_cities"] if desk.chance(0.4) else desk.values.pools.city)
    road = street(desk)
    parts = {"patient_street": road, "patient_city": city, "patient_state": state, "patient_postal_code": code}
    phone = _phone(desk)
    form = random.random()
    if form < 0.3:
        kept = [name for name in parts if desk.chance(0.9)]
        return [head.pair(name, parts[name]) for name in kept] + (
            [head.pair("patient_phone", phone)] if desk.chance(0.7) else []
        )
    marked = {name: desk.state(name, text) for name, text in parts.items()}
    line = random.choice(
        (
            "{patient_street}, {patient_city}, {patient_state} {patient_postal_code}",
            "{patient_street} {patient_city}, {patient_state} {patient_postal_code}",
            "{patient_street}, {patient_city}, {patient_state}, {patient_postal_code}",
            "{patient_street}, {patient_postal_code} {patient_city}, {patient_state}",
            "{patient_street}\n{patient_city}, {patient_state} {patient_postal_code}",
            "{patient_street}  {patient_city}  {patient_state}  {patient_postal_code}",
        )
    ).format(**marked)
    label = random.choice(
        (
            "Contact info",
            "Address",
            "Home address",
            "Contact",
            "Adresse",
            "Anschrift",
            "Patient address",
            "Contact details",
            "Domicilio",
            "Kontakt",
            "Addr",
            "Residence",
        )
    )
    if not desk.chance(0.75):
        return [(label, line)]
    if form < 0.75:
        joint = random.choice(
            ("  Tel: {}", ", Tel. {}", "  {}", " Phone: {}", "; tel {}", "  Ph {}", " (H) {}", "\nTel: {}")
        )
        return [(label, line + joint.format(desk.state("patient_phone", phone)))]
    return [(label, line), head.pair("patient_phone", phone)]


def _state_and_code(desk: Desk) -> tuple[str, str]:
    pools, random = desk.values.pools, desk.random
    if desk.chance(0.7):
        return random.choice(WORDS["clinic_states"]), desk.values.digits(5) + (
            "-" + desk.values.digits(4) if desk.chance(0.08) else ""
        )
    return random.choice(pools.state) if pools.state else "", random.choice(pools.postcode)


def street(desk: Desk) -> str:
    random = desk.random
    if desk.chance(0.25):
        return random.choice(desk.values.pools.street)
    base = random.choice(WORDS["clinic_streets"] if desk.chance(0.6) else desk.values.pools.last)
    road = f"{random.randint(1, 9999)} {base}{random.choice(WORDS['clinic_street_tails'])}"
    return road + (f", Apt. {random.randint(1, 99)}" if desk.chance(0.12) else "")


def _phone(desk: Desk) -> str:
    d = desk.values.digits
    forms = (
        f"({d(3)}){d(3)}-{d(4)}",
        f"+1-({d(3)}){d(3)}-{d(4)}",
        f"{d(3)}-{d(3)}-{d(4)}",
        f"+1-{d(3)}-{d(3)}-{d(4)}",
        f"({d(3)}) {d(3)}-{d(4)}",
        f"{d(3)}.{d(3)}.{d(4)}",
    )
    return desk.random.choice(forms) if desk.chance(0.75) else desk.values.phone()


def document_date(head: Head) -> list[Pair]:
    desk = head.desk
    marked = desk.state("document_date", head.dates.show(head.dates.today, head.style))
    shown = head.dates.with_time(marked) if desk.chance(0.55) else marked
    return [
        (
            head.label("document_date"),
            shown + (desk.random.choice((" UTC", " EST", "-0500")) if desk.chance(0.05) else ""),
        )
    ]


def author(head: Head) -> list[Pair]:
    name = people.titled(head.desk, head.desk.state("author_name", people.person(head.desk)))
    return [(head.label("author_name"), name + (f", {head.facility}" if head.desk.chance(0.3) else ""))]


def custodian(head: Head) -> list[Pair]:
    keeper = head.facility if head.desk.chance(0.8) else people.facility(head.desk)
    return [head.pair("custodian", keeper)]


def next_of_kin(head: Head) -> list[Pair]:
    """Somebody else, with an address and a phone of their own."""
    desk, random = head.desk, head.desk.random
    marked = desk.state("guardian", people.person(desk))
    relation = random.choice(WORDS["clinic_relations"])
    named = random.choice((f"{marked} ({relation})", marked, f"{relation}: {marked}", f"{marked}, {relation}"))
    found = [(head.label("guardian"), named)]
    if desk.chance(0.5):
        found.append((head.label("guardian_phone"), desk.state("guardian_phone", _phone(desk))))
    elif desk.chance(0.5):
        place = f"{random.choice(WORDS['clinic_cities'])}, {random.choice(WORDS['clinic_states'])}"
        address = f"{street(desk)}, {place} {desk.values.digits(5)}"
        found[0] = (found[0][0], f"{named}  {desk.state('guardian_address', address)}")
    return found


def _worded(concept: str, words: str) -> Part:
    return lambda head: [head.pair(concept, head.desk.random.choice(WORDS[words]))]


def _named(concept: str) -> Part:
    """A doctor: only the name is the value."""
    return lambda head: [
        (head.label(concept), people.titled(head.desk, head.desk.state(concept, people.person(head.desk))))
    ]


def _numbered(concept: str) -> Part:
    return lambda head: [head.pair(concept, head.desk.values.code())]


def physician(head: Head) -> list[Pair]:
    """The doctor in charge or who ordered: the value is the name with the titles that are printed."""
    return [head.pair("physician", people.titled(head.desk, people.person(head.desk)))]


def _dated(concept: str, step: int) -> Part:
    """A date that is `step` steps of some days after the first one of the paper; a clock time behind it at times."""

    def part(head: Head) -> list[Pair]:
        marked = head.desk.state(concept, head.dates.show(head.dates.later(step), head.style))
        return [(head.label(concept), head.dates.with_time(marked) if head.desk.chance(0.25) else marked)]

    return part


def social_security(head: Head) -> list[Pair]:
    d = head.desk.values.digits
    return [
        head.pair(
            "social_security_number", head.desk.random.choice((f"{d(3)}-{d(2)}-{d(4)}", f"xxx-xx-{d(4)}", d(9), d(12)))
        )
    ]


def visit_date(head: Head) -> list[Pair]:
    marked = head.desk.state("visit_date", head.dates.past(1))
    return [(head.label("visit_date"), head.dates.with_time(marked) if head.desk.chance(0.2) else marked)]


def blank(head: Head) -> list[Pair]:
    """A label with nothing behind it: the page does not say it."""
    known = head.desk.draft.facts
    name = head.desk.random.choice(_BLANKS)
    if name in known:
        return []
    return [(head.label(name), head.desk.random.choice(("", "", "-", "n/a", "Not available", "unknown", "---")))]


_BLANKS = ("religion", "member_id", "preferred_language", "ethnicity", "primary_care_provider", "document_id")

PARTS: dict[str, Part] = {
    "name": name_of,
    "birth": birth,
    "age": age,
    "sex": sex,
    "record": record_number,
    "contact": contact,
    "date": document_date,
    "author": author,
    "custodian": custodian,
    "kin": next_of_kin,
    "marital": _worded("marital_status", "clinic_marital"),
    "race": _worded("race", "clinic_races"),
    "ethnicity": _worded("ethnicity", "clinic_ethnicities"),
    "language": _worded("preferred_language", "clinic_languages"),
    "religion": _worded("religion", "clinic_religions"),
    "insurance": _worded("insurance", "clinic_insurers"),
    "pcp": _named("primary_care_provider"),
    "signer": _named("legal_authenticator"),
    "member": _numbered("member_id"),
    "document": _numbered("document_id"),
    "ssn": social_security,
    "visit": visit_date,
    "email": lambda head: [head.pair("patient_email", head.desk.values.email())],
    "blank": blank,
    "hospital": lambda head: [head.pair("hospital", head.facility)],
    "physician": physician,
    "admitted": _dated("admission_date", 0),
    "discharged": _dated("discharge_date", 1),
    "collected": _dated("collected_date", 0),
    "received": _dated("received_date", 1),
    "reported": _dated("reported_date", 2),
    "ward": _worded("ward", "clinic_specialties"),
    "specimen": lambda head: [head.pair("specimen")],
    "accession": _numbered("accession_number"),
    "exam_date": _dated("exam_date", 0),
    "referrer": _named("referring_provider"),
}


def gather(head: Head, chances: str) -> list[Pair]:
    """Labels and marked values; `chances` is "name=90 birth=80", in percent. Mostly in that order."""
    wanted = [entry.split("=") for entry in chances.split()]
    names = [name for name, percent in wanted if head.desk.chance(int(percent) / 100)]
    if head.desk.chance(0.35):
        head.desk.random.shuffle(names)
    return [pair for name in names for pair in PARTS[name](head)]


def lay_out(desk: Desk, items: list[Pair]) -> None:
    """The pairs as lines, tables, runs or two columns."""
    add = desk.draft.add
    random = desk.random
    half = len(items) // 2
    joint = random.choice((": ", ":  ", "  ", "  ", " - ", " : ", ":"))
    lines = [f"{label.rstrip(':')}{joint}{value}" for label, value in items]
    flat = [line.replace("\n", ", ") for line in lines]
    desk.variant(
        {
            "lines": lambda: add(*lines),
            "labels and gaps": lambda: add(*(f"{label}  {value}" for label, value in items)),
            "any": lambda: add(*pairs([(label, value.replace("\n", ", ")) for label, value in items], random)),
            "two a line": lambda: add(*("  ".join(flat[i : i + 2]) for i in range(0, len(flat), 2))),
            "three a line": lambda: add(*("  ".join(flat[i : i + 3]) for i in range(0, len(flat), 3))),
            "two blocks": lambda: add(*beside(flat[:half], flat[half:])),
            "table": lambda: add(*_label_rows(desk, items, random.randint(2, 4))),
            "wide table": lambda: add(*_label_rows(desk, items, random.randint(4, 6))),
            "run": lambda: add(*_run(desk, flat)),
            "label above": lambda: add(*(part for label, value in items for part in (label, value))),
            "labels first": lambda: add(*_label_rows(desk, items, 2)),
            "bars": lambda: add(" | ".join(flat[:half]), *flat[half:]),
            "groups": lambda: add(*_grouped(desk, lines)),
        }
    )


def _label_rows(desk: Desk, items: list[Pair], width: int) -> list[str]:
    """Rows of labels above rows of values. A value that is missing or has lines of its own stands alone."""
    full = [(label, value) for label, value in items if value and "\n" not in value and "  " not in value]
    rest = [f"{label}  {value}" for label, value in items if (label, value) not in full]
    lines = []
    for i in range(0, len(full), width):
        lines += [
            "  ".join(label for label, _ in full[i : i + width]),
            "  ".join(value for _, value in full[i : i + width]),
        ]
    return lines + rest


def _run(desk: Desk, lines: list[str]) -> list[str]:
    joint = desk.random.choice((" | ", "; ", "  ", ", ", " / "))
    width = desk.random.randint(2, 5)
    return [joint.join(lines[i : i + width]) for i in range(0, len(lines), width)]


def _grouped(desk: Desk, lines: list[str]) -> list[str]:
    heads = desk.random.sample(WORDS["clinic_header_groups"], 2)
    cut = desk.random.randint(1, max(len(lines) - 1, 1))
    return [heads[0], *lines[:cut], heads[1], *lines[cut:]]
