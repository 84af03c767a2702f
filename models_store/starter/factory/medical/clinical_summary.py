"""Summaries of a patient's record: a head, then sections of every kind in any order, one page or several."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.medical import header, people, sections
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.fillers import FILLERS
from models_store.starter.factory.medical.header import Head
from models_store.starter.factory.pools import WORDS

_CHANCES = (
    "name=97 birth=90 sex=88 race=15 ethnicity=12 marital=45 contact=70 email=8 record=85 ssn=6 age=8 "
    "language=15 religion=5 kin=22 date=85 visit=12 author=72 custodian=65 pcp=20 signer=18 document=15 "
    "insurance=8 member=5 blank=12"
)
_LISTS = (
    (sections.PROBLEMS, 0.85),
    (sections.MEDICATIONS, 0.85),
    (sections.ALLERGIES, 0.85),
    (sections.PROCEDURES, 0.5),
    (sections.IMMUNIZATIONS, 0.45),
    (sections.PAST_CONDITIONS, 0.12),
)
_ENTRIES = ((0, 2), (1, 4), (3, 8), (6, 14))
"""Most entries of a list, at least and at most, by size."""
_ROOM = (2, 5, 10, 18)
"""How many sections there are at most, by size."""


def write_clinical_summary(desk: Desk) -> None:
    dates = Dates(desk.random)
    patient = people.new_patient(desk, dates, other=0.03)
    facility = people.facility(desk)
    _title(desk, facility)
    style = dates.style if desk.chance(0.5) else dates.other_style()
    head = Head(desk, dates, patient, facility, style)
    chances = (
        _CHANCES
        if desk.size
        else "name=95 birth=70 sex=65 contact=40 record=60 date=60 author=40 custodian=30 marital=25 kin=8"
    )
    header.lay_out(desk, header.gather(head, chances))
    _unsaid(desk)
    for write in _sections(desk, dates):
        if desk.chance(0.06):
            desk.draft.add(desk.random.choice(WORDS["clinic_clutter"]))
        write()
    _close(desk, head)


def _title(desk: Desk, facility: str) -> None:
    """The title: what the document calls itself, with the house's name in it where both make one line."""
    if desk.chance(0.12):
        desk.draft.add(desk.random.choice(WORDS["clinic_clutter"]))
    if desk.chance(0.08):
        return
    title = desk.phrase(WORDS["clinic_titles"])
    form = desk.random.random()
    if form < 0.45:
        desk.draft.add(desk.state("document_title", title))
        return
    facility = desk.state("hospital", facility)
    if form < 0.75:
        joint = desk.random.choice(("{f}: {t}", "{f} {t}", "{t} - {f}", "{f} - {t}"))
        desk.draft.add(desk.state("document_title", joint.format(f=facility, t=title)))
    elif form < 0.88:
        desk.draft.add(facility, desk.state("document_title", title))
    else:
        desk.draft.add(desk.state("document_title", title), facility)


def _unsaid(desk: Desk) -> None:
    """Some of what summaries mostly say is not said here."""
    for name in ("marital_status", "author_name", "document_date", "patient_phone"):
        if name not in desk.draft.facts and desk.chance(0.5):
            people.absent(desk, name)


def _sections(desk: Desk, dates: Dates) -> list[Callable[[], None]]:
    """The sections of this document in their order."""
    random = desk.random
    most = random.randint(*_ENTRIES[desk.size])
    wanted: list[Callable[[], None]] = [
        partial(sections.write, desk, dates, kind, most) for kind, share in _LISTS if desk.chance(share)
    ]
    room = random.randint(_ROOM[desk.size] // 2 + 1, _ROOM[desk.size])
    random.shuffle(wanted)
    wanted = wanted[:room]
    names = random.sample(sorted(FILLERS), min(len(FILLERS), max(0, room - len(wanted))))
    longest = (most or 1) * (2 if desk.size > 2 else 1)
    wanted += [partial(FILLERS[name], desk, dates, longest) for name in names]
    random.shuffle(wanted)
    return wanted


def _close(desk: Desk, head: Head) -> None:
    """Signatures, participants and notices at the end."""
    form = desk.random.random()
    if form < 0.25:
        desk.draft.add(desk.random.choice(WORDS["clinic_clutter"]))
    elif form < 0.4 and "legal_authenticator" not in desk.draft.facts:
        name = people.titled(desk, desk.state("legal_authenticator", people.person(desk)))
        words = desk.phrase(WORDS["clinic_signatures"])
        desk.draft.add(words.format(name, d=head.dates.show(head.dates.today)))
    elif form < 0.5:
        city, phone = desk.random.choice(WORDS["clinic_cities"]), desk.values.phone()
        address = desk.state("provider_address", f"{header.street(desk)}, {city}")
        ending = f"  Tel {desk.state('provider_phone', phone)}" if people.is_said(desk, "patient_phone") else ""
        desk.draft.add(f"{desk.state('hospital', head.facility)}, {address}{ending}")
