"""The sections of a summary that list things: problems, medications, allergies, procedures, immunizations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.medical import tables, vocabulary
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.tables import Listing, a_code, a_date, a_provider, word_of
from models_store.starter.factory.medical.vocabulary import Maker
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import LISTS

_USUAL = (
    "clinic_heads_date",
    "clinic_heads_provider",
    "clinic_heads_comment",
    "clinic_heads_code",
    "clinic_heads_system",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of section: the concept of its values, how one is made, its tables, what it says when there is none."""

    concept: str
    make: Maker
    listing: Listing
    nothing: str


PROBLEMS = Kind(
    "problems",
    vocabulary.condition,
    Listing(
        "problem_rows",
        "name",
        {"code": a_code, "onset_date": a_date, "status": word_of("clinic_statuses")},
        (*_USUAL, "clinic_heads_end"),
        "{}",
    ),
    "clinic_no_problems",
)
PAST_CONDITIONS = Kind("conditions", vocabulary.condition, PROBLEMS.listing, "clinic_no_problems")
MEDICATIONS = Kind(
    "current_medications",
    vocabulary.drug_with_strength,
    Listing(
        "medication_rows",
        "name",
        {
            "directions": word_of("clinic_directions"),
            "start_date": a_date,
            "status": word_of("clinic_statuses"),
        },
        (*_USUAL, "clinic_heads_end", "clinic_heads_route", "clinic_heads_indication"),
        "clinic_drug_classes",
        ("RxNorm", "NDC", "ATC"),
    ),
    "clinic_no_medications",
)
ADMINISTERED = Kind(
    "administered_medications", vocabulary.drug_with_strength, MEDICATIONS.listing, "clinic_no_medications"
)
ALLERGIES = Kind(
    "allergies",
    vocabulary.allergen,
    Listing(
        "allergy_rows",
        "substance",
        {
            "reaction": word_of("clinic_reactions"),
            "severity": word_of("clinic_severities"),
            "status": word_of("clinic_statuses"),
        },
        _USUAL,
        "Allergy to {}",
        ("RxNorm", "NDF-RT", "UNII", "ICD-9-CM", "SNOMED"),
    ),
    "clinic_no_allergies",
)
PROCEDURES = Kind(
    "procedures",
    vocabulary.procedure,
    Listing(
        "procedure_rows",
        "name",
        {"date": a_date, "performer": a_provider},
        (
            "clinic_heads_status",
            "clinic_heads_comment",
            "clinic_heads_code",
            "clinic_heads_system",
            "clinic_heads_site",
        ),
        "clinic_categories",
        ("CPT", "HCPCS", "SNOMED-CT", "ICD-10-CM", "LOINC"),
    ),
    "clinic_no_procedures",
)
IMMUNIZATIONS = Kind(
    "immunizations",
    vocabulary.vaccine,
    Listing(
        "vaccinations",
        "vaccine",
        {
            "date": a_date,
            "lot": lambda desk, _: lot(desk),
            "manufacturer": word_of("clinic_vaccine_makers"),
        },
        ("clinic_heads_status", "clinic_heads_comment", "clinic_heads_route", "clinic_heads_site", "clinic_heads_code"),
        "{} vaccine",
        ("CVX", "CPT", "SNOMED"),
    ),
    "clinic_no_immunizations",
)


def lot(desk: Desk) -> str:
    """The number of a batch."""
    letters = "".join(desk.random.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(desk.random.randint(1, 4)))
    return letters + desk.values.digits(desk.random.randint(3, 5)) + desk.random.choice(("", "", letters[:1]))


def write(desk: Desk, dates: Dates, kind: Kind, most: int) -> None:
    """The heading and the list, or that there is nothing. Takes one of the ways of printing lists."""
    concept = LISTS[kind.concept]
    heading = headed(desk, desk.label(concept))
    if desk.chance(0.16) or most == 0:
        _write_nothing(desk, dates, kind, heading)
        return
    names = vocabulary.cased(desk, vocabulary.several(desk, kind.make, 1, most))
    long = max(map(len, names)) > 60
    marked = desk.many(concept, names)

    def lay(lines: Callable[[], list[str]]) -> Callable[[], None]:
        return lambda: desk.draft.add(*heading, *_introduced(desk), *lines())

    desk.variant(
        {
            "table": lay(lambda: tables.table(desk, dates, kind.listing, marked)),
            "wide table": lay(lambda: tables.table(desk, dates, kind.listing, marked)),
            "list of rows": lay(lambda: tables.table(desk, dates, kind.listing, marked)),
            "coded": lay(lambda: tables.coded_table(desk, dates, kind.listing, marked)),
            "coded groups": lay(lambda: tables.coded_table(desk, dates, kind.listing, marked)),
            "several codes": lay(lambda: tables.coded_table(desk, dates, kind.listing, marked)),
            "bullets": lay(lambda: tables.bullets(desk, dates, marked)),
            "lines": lay(lambda: tables.bullets(desk, dates, marked)),
            "numbers": lay(lambda: tables.bullets(desk, dates, marked)),
            "run": lambda: _write_run(desk, heading, marked, long=long),
            "blocks": lay(lambda: tables.blocks(desk, dates, marked)),
            "paragraphs": lay(lambda: tables.blocks(desk, dates, marked)),
        }
    )


def _write_run(desk: Desk, heading: list[str], marked: list[str], *, long: bool) -> None:
    lines = tables.run(desk, marked)
    if long or desk.chance(0.5) or not heading[0].strip():
        desk.draft.add(*heading, *lines)
    else:
        desk.draft.add(f"{heading[0].rstrip(':')}: {lines[0]}", *lines[1:])


def _write_nothing(desk: Desk, dates: Dates, kind: Kind, heading: list[str]) -> None:
    """No known ...: the list is empty. At times below the heads of a table, or as its only row."""
    empty = desk.draft.mark("")
    desk.draft.facts[kind.concept] = Fact(LISTS[kind.concept], [empty])
    words = desk.phrase(WORDS[kind.nothing if desk.chance(0.6) else "clinic_nothing"])
    form = desk.random.random()
    if form < 0.3:
        desk.draft.add(f"{heading[0].rstrip(':')}{desk.random.choice((': ', '  ', ' - '))}{words}{empty}")
        return
    desk.draft.add(*heading)
    if form < 0.55:
        labels = [column.labels for column in LISTS[kind.listing.rows].columns]
        desk.draft.add("  ".join(dict.fromkeys(desk.phrase(label) for label in labels)))
        words = f"{dates.with_time(dates.past(1))}  {words}" if desk.chance(0.3) else words
    desk.draft.add(words + empty)


def headed(desk: Desk, text: str) -> list[str]:
    """A heading in one of the usual forms, a rule below it at times."""
    form = desk.random.random()
    shown = text.upper() if form < 0.35 else text
    shown += desk.random.choice(("", "", "", ":", ":", " -", " (reviewed)", " :")) if desk.chance(0.5) else ""
    if desk.chance(0.06):
        shown = f"{desk.random.randint(1, 14)}. {shown}"
    return [shown, desk.random.choice(("-", "=", "_")) * desk.random.randint(6, 40)] if desk.chance(0.07) else [shown]


def _introduced(desk: Desk) -> list[str]:
    """A line between heading and list, now and then."""
    if not desk.chance(0.1):
        return []
    return [desk.phrase(WORDS["clinic_introductions"])]
