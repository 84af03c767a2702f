"""Conditions, complaints, drugs, allergens: words of the lists, composed so that phrases seldom repeat."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.pools import WORDS

Maker = Callable[[Desk], str]


def plain_condition(desk: Desk) -> str:
    """A condition as it stands in running text."""
    return desk.random.choice(WORDS["clinic_conditions"])


def condition(desk: Desk) -> str:
    """A condition as a list has it, at times with a modifier or in another language."""
    random = desk.random
    form = random.random()
    if form < 0.07:
        return random.choice(WORDS["clinic_conditions_abroad"])
    base = plain_condition(desk)
    if form < 0.18:
        return f"{random.choice(WORDS['clinic_modifiers'])} {base}"
    if form < 0.28:
        return base + random.choice(WORDS["clinic_condition_tails"])
    return base


def past_condition(desk: Desk) -> str:
    """A condition or operation of the past, for running text."""
    return desk.random.choice(WORDS["clinic_surgical_history"]) if desk.chance(0.12) else plain_condition(desk)


def complaint(desk: Desk) -> str:
    """Why somebody comes, as a noun phrase in lower case."""
    random = desk.random
    form = random.random()
    if form < 0.15:
        return random.choice(WORDS["clinic_reasons"])
    if form < 0.27:
        return plain_condition(desk)
    severity = random.choice(WORDS["clinic_severities_of_complaint"])
    if form < 0.60:
        return severity + random.choice(WORDS["clinic_complaints"])
    side, part = random.choice(WORDS["clinic_sides"]), random.choice(WORDS["clinic_parts"])
    return f"{severity}{side}{part} {random.choice(WORDS['clinic_part_troubles'])}"


def drug(desk: Desk) -> str:
    """The bare name of a drug."""
    return desk.random.choice(WORDS["clinic_drugs" if desk.chance(0.78) else "clinic_brands"])


def drug_with_strength(desk: Desk) -> str:
    """A drug with strength and often a form, as lists of medications print it."""
    random = desk.random
    name, strength = drug(desk), random.choice(WORDS["clinic_strengths"])
    form = random.choice(WORDS["clinic_drug_forms"])
    return random.choice(
        (
            f"{name} {strength} {form}",
            f"{name} {strength}",
            f"{name} {form} {strength}",
            name,
            f"{name.title()} {strength.upper()} {form.title()}",
            f"{name.upper()} {strength.upper().replace(' ', '')} {form.upper()}",
            f"{name}, {strength.upper().replace(' ', '')} ({form.title()})",
            f"{name.capitalize()} {strength}",
            f"{name} ({random.choice(WORDS['clinic_brands'])}) {strength}",
            f"{strength} {name} {form}",
        )
    )


def drug_with_directions(desk: Desk) -> str:
    """A drug, its strength and how it is taken."""
    strength, often = desk.random.choice(WORDS["clinic_strengths"]), desk.random.choice(WORDS["clinic_frequencies"])
    return f"{drug(desk)} {strength} {often}"


def allergen(desk: Desk) -> str:
    form = desk.random.random()
    if form < 0.1:
        return drug(desk).capitalize()
    if form < 0.16:
        return f"{drug(desk).capitalize()} {desk.random.choice(WORDS['clinic_strengths']).upper()}"
    return desk.random.choice(WORDS["clinic_allergens"])


def procedure(desk: Desk) -> str:
    name = desk.random.choice(WORDS["clinic_procedures"])
    form = desk.random.random()
    if form < 0.12:
        return f"{desk.random.choice(('Right', 'Left', 'Bilateral'))} {name[0].lower() + name[1:]}"
    return name.lower() if form < 0.2 else name


def vaccine(desk: Desk) -> str:
    name = desk.random.choice(WORDS["clinic_vaccines"])
    return name + desk.random.choice(("", "", "", "", ", IM", " vaccine", " #2", " (adult)", ", preservative free"))


def several(desk: Desk, make: Maker, low: int, high: int) -> list[str]:
    """Between `low` and `high` different values, none of which holds another."""
    found: list[str] = []
    for _ in range(desk.random.randint(low, high)):
        text = make(desk)
        near = text.lower()
        if not any(near in other.lower() or other.lower() in near for other in found):
            found.append(text)
    return found


def cased(desk: Desk, texts: list[str]) -> list[str]:
    """All of them in one letter case."""
    form = desk.random.random()
    if form < 0.4:
        return [text[0].upper() + text[1:] for text in texts]
    if form < 0.55:
        return [" ".join(word[0].upper() + word[1:] for word in text.split(" ") if word) for text in texts]
    return [text.upper() for text in texts] if form < 0.62 else texts


def code_in(desk: Desk, system: str) -> str:
    """A code that looks like those of the vocabulary."""
    digits, letter = desk.values.digits, desk.random.choice("ABCDEFGHIJKLMNRSTZ")
    match system:
        case "ICD-10-CM" | "ICD-10":
            return f"{letter}{digits(2)}.{digits(desk.random.randint(1, 3))}"
        case "ICD-9-CM":
            return f"{digits(3)}.{digits(desk.random.randint(1, 2))}"
        case "LOINC":
            return f"{digits(5)}-{digits(1)}"
        case "HCPCS" | "ATC":
            return f"{letter}{digits(4)}"
        case "NDF-RT":
            return f"N00000{digits(5)}"
        case "UNII":
            return f"{digits(3)}{letter}{digits(2)}{letter}{digits(3)}"
    return digits({"CPT": 5, "CVX": 2, "RxNorm": 6, "NDC": 11}.get(system, desk.random.randint(7, 9)))


def code(desk: Desk) -> str:
    """A code of one of the usual vocabularies."""
    random, digits = desk.random, desk.values.digits
    letter = random.choice("ABCDEFGHIJKLMNRSTZ")
    return random.choice(
        (
            f"{letter}{digits(2)}",
            f"{letter}{digits(2)}.{digits(1)}",
            f"{letter}{digits(2)}.{digits(2)}",
            digits(8),
            digits(9),
            digits(6),
            f"{digits(3)}.{digits(2)}",
            digits(5),
            f"{digits(5)}-{digits(1)}",
            f"N00000{digits(5)}",
        )
    )
