"""Sections that tell more than is asked: vitals, results, visits, plans, payers, teams. They compete with the lists."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.medical import people
from models_store.starter.factory.medical.dates import Dates
from models_store.starter.factory.medical.laboratory import short_results
from models_store.starter.factory.medical.sections import headed
from models_store.starter.factory.medical.vocabulary import (
    code,
    complaint,
    drug_with_strength,
    plain_condition,
    procedure,
)
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS, LISTS

Filler = Callable[[Desk, Dates, int], None]


def vitals(desk: Desk, dates: Dates, most: int) -> None:
    """Measurements of one visit, or of several in columns, which are not asked for then."""
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_vitals_heads"])))
    names = random.sample(sorted(VITALS), min(len(VITALS), random.randint(2, max(3, most))))
    several = desk.chance(0.3)
    joint = random.choice(("  ", ": ", " ", "  ", " = "))
    if several:
        days = [dates.past(2) for _ in range(random.randint(2, 3))]
        desk.draft.add("  ".join([random.choice(("Date", "Date / Time:", "Vital Name")), *days]))
    elif desk.chance(0.5):
        desk.draft.add(
            random.choice(("{}", "Date: {}", "Taken {}", "measured on {}")).format(dates.with_time(dates.past(1)))
        )
    lines = []
    for name in names:
        label = desk.label(CONCEPTS[name])
        if several:
            lines.append("  ".join([label, *(VITALS[name](desk) for _ in days)]))
        else:
            lines.append(f"{label}{joint}{desk.state(name, VITALS[name](desk))}")
    desk.draft.add(*([", ".join(lines)] if joint in (": ", " ") and not several and desk.chance(0.3) else lines))


VITALS: dict[str, Callable[[Desk], str]] = {
    "blood_pressure": lambda desk: (
        f"{desk.random.randint(98, 180)}/{desk.random.randint(55, 105)}" + desk.random.choice((" mmHg", "", " mm[Hg]"))
    ),
    "pulse": lambda desk: f"{desk.random.randint(48, 120)}" + desk.random.choice((" bpm", "", "/min", " beats/min")),
    "body_weight": lambda desk: desk.random.choice(
        (
            f"{desk.random.randint(42, 140)} kg",
            f"{desk.random.randint(95, 300)} lbs",
            f"{desk.random.uniform(45, 120):.1f} kg",
        )
    ),
    "body_height": lambda desk: desk.random.choice(
        (
            f"{desk.random.randint(145, 200)} cm",
            f"{desk.random.randint(58, 77)} in",
            f"5' {desk.random.randint(0, 11)}\"",
        )
    ),
    "temperature": lambda desk: desk.random.choice(
        (
            f"{desk.random.uniform(36, 39.5):.1f} °C",
            f"{desk.random.uniform(97, 102):.1f} F",
            f"{desk.random.uniform(97, 102):.1f} degrees F",
        )
    ),
    "bmi": lambda desk: f"{desk.random.uniform(17, 44):.1f}" + desk.random.choice((" kg/m2", "", " kg/m²")),
}


def results(desk: Desk, dates: Dates, most: int) -> None:
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_results_heads"])))
    desk.draft.add(*short_results(desk, dates, most))


def social(desk: Desk, dates: Dates, most: int) -> None:
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_social_heads"])))
    joint = random.choice((": ", "  ", " - ", "  "))
    smoking = desk.state("smoking_status", random.choice(WORDS["clinic_smoking"]))
    tail = random.choice(
        ("", f"  {dates.past()}", f" Started {dates.before(30).year}", f"  {code(desk)}  {dates.past(3)}")
    )
    lines = [f"{desk.label(CONCEPTS['smoking_status'])}{joint}{smoking}{tail}"]
    items = random.sample(WORDS["clinic_social_items"], min(random.randint(0, most), len(WORDS["clinic_social_items"])))
    lines += [joint.join(item.split("|")) for item in items]
    if desk.chance(0.3):
        random.shuffle(lines)
    desk.draft.add(*lines)


def encounters(desk: Desk, dates: Dates, most: int) -> None:
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_encounter_heads"])))
    if desk.chance(0.7):
        desk.draft.add("  ".join(random.sample(("Encounter", "Performer", "Location", "Date", "Diagnosis", "Type"), 4)))
    for _ in range(random.randint(1, most)):
        who = people.titled(desk, people.person(desk))
        cells = (
            random.choice(WORDS["clinic_visit_kinds"]),
            who,
            people.facility(desk),
            dates.past(3),
            plain_condition(desk).capitalize(),
            code(desk),
        )
        desk.draft.add("  ".join(cells[: random.randint(3, 6)]))


def plan(desk: Desk, dates: Dates, most: int) -> None:
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_plan_heads"])))
    start = random.choice(("* ", "- ", "", "• "))
    for _ in range(random.randint(1, most)):
        text = random.choice(WORDS["clinic_instructions"]) if desk.chance(0.6) else procedure(desk)
        desk.draft.add(f"{start}{text}" + (f"  {dates.past(0)}" if desk.chance(0.35) else ""))


def family(desk: Desk, dates: Dates, most: int) -> None:
    """What relatives had is no problem of the patient."""
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_family_heads"])))
    joint = random.choice((": ", "  ", " - ", " with "))
    for _ in range(random.randint(1, most)):
        desk.draft.add(f"{random.choice(WORDS['clinic_relations'])}{joint}{plain_condition(desk)}")


def payers(desk: Desk, dates: Dates, most: int) -> None:
    if "insurance" in desk.draft.facts:
        return
    random = desk.random
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_payer_heads"])))
    cells = [desk.state("insurance"), *([desk.state("member_id")] if "member_id" not in desk.draft.facts else [])]
    heads = [desk.label(CONCEPTS["insurance"]), desk.label(CONCEPTS["member_id"])][: len(cells)]
    if desk.chance(0.6):
        desk.draft.add("  ".join(heads), "  ".join(cells))
    else:
        desk.draft.add(*(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True)))
    if desk.chance(0.3):
        desk.draft.add(
            f"Effective {dates.past(5)}, guarantor {people.person(desk)} ({random.choice(WORDS['clinic_relations'])})"
        )


def team(desk: Desk, dates: Dates, most: int) -> None:
    """Who treats the patient. Phones compete with the patient's own, so they stand only where that is said."""
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_team_heads"])))
    with_phone = people.is_said(desk, "patient_phone")
    for _ in range(desk.random.randint(1, most)):
        phone = f"  {desk.values.phone()}" if with_phone else ""
        member = people.titled(desk, people.person(desk))
        desk.draft.add(f"{member}  {desk.random.choice(WORDS['clinic_specialties'])}{phone}")


def directives(desk: Desk, dates: Dates, most: int) -> None:
    desk.draft.add(*headed(desk, desk.phrase(WORDS["clinic_directive_heads"])))
    desk.draft.add(desk.random.choice(WORDS["clinic_directives"]) + (f"  {dates.past(6)}" if desk.chance(0.4) else ""))


def function(desk: Desk, dates: Dates, most: int) -> None:
    _small_list(desk, dates, "clinic_function_heads", "clinic_functions")


def equipment(desk: Desk, dates: Dates, most: int) -> None:
    _small_list(desk, dates, "clinic_equipment_heads", "clinic_equipment")


def _small_list(desk: Desk, dates: Dates, heads: str, words: str) -> None:
    desk.draft.add(*headed(desk, desk.phrase(WORDS[heads])))
    for word in desk.random.sample(WORDS[words], desk.random.randint(1, 3)):
        desk.draft.add(
            word + desk.random.choice(("", f"  {dates.past()}", f"  {desk.random.choice(WORDS['clinic_statuses'])}"))
        )


def reason(desk: Desk, dates: Dates, most: int) -> None:
    """The complaint under a heading of its own; at times none is given."""
    heading = headed(desk, desk.label(CONCEPTS["chief_complaint"]))
    if desk.chance(0.15):
        desk.draft.add(*heading, desk.phrase(WORDS["clinic_nothing"]))
        people.absent(desk, "chief_complaint")
        return
    text = complaint(desk)
    marked = desk.state("chief_complaint", text[0].upper() + text[1:])
    desk.draft.add(
        *heading, desk.random.choice(("{}", "{}.", "* {}", "{}", "{}, since {d}")).format(marked, d=dates.past(1))
    )


def given_drugs(desk: Desk, dates: Dates, most: int) -> None:
    """Drugs given once, beside the list of medications."""
    concept_names = [drug_with_strength(desk) for _ in range(desk.random.randint(1, 2))]
    desk.draft.add(*headed(desk, desk.label(LISTS["administered_medications"])))
    marked = desk.many(LISTS["administered_medications"], list(dict.fromkeys(concept_names)))
    desk.draft.add(*(f"{name}  {desk.random.choice(WORDS['clinic_routes'])}  {dates.past(0)}" for name in marked))


FILLERS: dict[str, Filler] = {
    "vitals": vitals,
    "results": results,
    "social": social,
    "encounters": encounters,
    "plan": plan,
    "family": family,
    "payers": payers,
    "team": team,
    "directives": directives,
    "function": function,
    "equipment": equipment,
    "reason": reason,
    "given": given_drugs,
}
