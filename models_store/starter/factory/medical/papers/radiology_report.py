"""Reports of X-rays, CT, MRI and ultrasound."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.medical import header, people, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.medical.sections import headed
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_CHANCES = (
    "name=95 birth=75 age=12 sex=40 record=70 physician=55 exam_date=75 accession=40 ward=12 hospital=15 reported=20 "
    "blank=4"
)
_FINDINGS = ((1, 3), (3, 7), (7, 14), (14, 20))


def write_radiology_report(desk: Desk) -> None:
    dates = Dates(desk.random)
    head = Head(desk, dates, people.new_patient(desk, dates, other=0.02), people.facility(desk), dates.style)
    if desk.chance(0.5):
        desk.draft.add(desk.state("hospital", head.facility))
    if desk.chance(0.75):
        desk.draft.add(desk.state("document_title", desk.phrase(WORDS["paper_radiology_titles"])))
    items = header.gather(head, _CHANCES)
    exam = _filled(desk, dates, desk.random.choice(WORDS["paper_exams"]))
    beside = desk.chance(0.5)
    items += [desk.pair("exam", exam)] if beside else []
    header.lay_out(desk, items)
    if not beside:
        _section(desk, desk.label(CONCEPTS["exam"]), desk.state("exam", exam))
    _body(desk, dates)
    _signed(desk, head)


def _filled(desk: Desk, dates: Dates, text: str) -> str:
    random = desk.random
    return text.format(
        n=random.randint(2, 9),
        nn=random.randint(10, 90),
        part=random.choice(WORDS["clinic_parts"]),
        side=random.choice(("right", "left")),
        date=dates.past(2),
        cond=vocabulary.plain_condition(desk),
    )


def _section(desk: Desk, label: str, text: str) -> None:
    """A heading beside its text, or above it."""
    if desk.chance(0.45):
        desk.draft.add(*wrapped(f"{label.rstrip(':')}: {text}", desk.random))
    else:
        desk.draft.add(*headed(desk, label), *wrapped(text, desk.random))


def _body(desk: Desk, dates: Dates) -> None:
    """Why, how, compared with what, what is seen, what it means."""
    random = desk.random
    if desk.chance(0.75):
        reason = vocabulary.complaint(desk)
        marked = desk.state("indication", reason[0].upper() + reason[1:])
        _section(desk, desk.label(CONCEPTS["indication"]), marked + random.choice((".", "", ".")))
    else:
        people.absent(desk, "indication")
    if desk.chance(0.5):
        _section(
            desk,
            random.choice(("TECHNIQUE", "Technique", "Technik")),
            _filled(desk, dates, random.choice(WORDS["paper_techniques"])),
        )
    if desk.chance(0.4):
        prior = desk.state("comparison_date", dates.past(4))
        _section(
            desk, desk.label(CONCEPTS["comparison_date"]), random.choice(("{}", "Study of {}", "{}.")).format(prior)
        )
    else:
        desk.draft.add(*(["Comparison: None."] if desk.chance(0.3) else []))
        people.absent(desk, "comparison_date")
    kept = random.sample(WORDS["paper_findings"], random.randint(*_FINDINGS[desk.size]))
    _section(
        desk,
        random.choice(("FINDINGS", "Findings", "Befund", "Résultats", "Hallazgos")),
        " ".join(_filled(desk, dates, text) for text in kept),
    )
    if desk.chance(0.88):
        text = desk.state("impression", _filled(desk, dates, desk.phrase(WORDS["paper_impressions"])))
        _section(desk, desk.label(CONCEPTS["impression"]), random.choice(("{}.", "{}", "1. {}")).format(text))
    else:
        people.absent(desk, "impression")


def _signed(desk: Desk, head: Head) -> None:
    if not desk.chance(0.75):
        people.absent(desk, "radiologist")
        return
    name = people.titled(desk, desk.state("radiologist", people.person(desk)))
    if desk.chance(0.5):
        desk.draft.add(f"{desk.label(CONCEPTS['radiologist'])}: {name}")
    else:
        desk.draft.add(desk.phrase(WORDS["clinic_signatures"]).format(name, d=head.dates.show(head.dates.later(2))))
