"""Laboratory reports and discharge summaries."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.layout import Pair, notes, pairs, wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.values import SEXES
from models_store.starter.factory.wordings import ALLERGIES, CONCEPTS, MEDICATIONS, RESULTS, Concept

_FLAGS = {
    "high": ("H", "High", "*H", "HIGH"),
    "low": ("L", "Low", "*L", "LOW"),
    "normal": ("N", "Normal", "normal", "N"),
}
_COURSE = (
    "The patient was admitted with {}.",
    "The hospital course was uneventful.",
    "Treatment was started and well tolerated.",
    "The patient was discharged in good condition.",
    "Vital signs were stable on discharge.",
    "Imaging showed no further findings.",
)


def write_lab_report(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    if desk.chance(0.7):
        draft.add(desk.state("laboratory"))
    draft.add(
        *notes(0, random),
        *([desk.values.one("Laboratory Report|LABORATORY REPORT|Laborbefund|Test Report")] if desk.chance(0.5) else []),
    )
    chances = (
        "patient=98 birth_date=75 record_number=75 physician=70 collected_date=85 reported_date=60 specimen=30 phone=8"
    )
    facts = desk.some(chances) + _sex(desk, 0.35)
    random.shuffle(facts)
    draft.add(*pairs(facts, random))
    _results(desk)
    draft.add(*notes(random.randint(0, 1), random))


def write_discharge_summary(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    if desk.chance(0.7):
        draft.add(
            desk.values.one(
                "DISCHARGE SUMMARY|Discharge Summary|Discharge Letter|Entlassungsbrief|Hospital Discharge Summary"
            )
        )
    facts = desk.some(
        "patient=98 birth_date=80 record_number=80 admission_date=95 discharge_date=95 physician=75 phone=8"
    )
    facts += _sex(desk, 0.75)
    random.shuffle(facts)
    draft.add(*pairs(facts, random))
    parts = [_diagnosis(desk)] if desk.chance(0.92) else []
    parts += [_list_of(desk, MEDICATIONS)] if desk.chance(0.8) else []
    parts += [_list_of(desk, ALLERGIES)] if desk.chance(0.7) else []
    parts += [pairs([desk.pair("follow_up")], random)] if desk.chance(0.5) else []
    if desk.chance(0.7):
        course = " ".join(random.sample(_COURSE, 1 + desk.size)).format(desk.values.words(1, 2))
        parts.append(wrapped(course, random))
    random.shuffle(parts)
    for part in parts:
        draft.add(*part)


def _sex(desk: Desk, share: float) -> list[Pair]:
    if not desk.chance(share):
        return []
    option = desk.random.choice(list(SEXES))
    return [(desk.label(CONCEPTS["sex"]), desk.state("sex", desk.random.choice(SEXES[option]), option))]


def _diagnosis(desk: Desk) -> list[str]:
    if desk.chance(0.25):
        return wrapped(f"The patient was treated for {desk.state('diagnosis')}.", desk.random)
    return pairs([desk.pair("diagnosis")], desk.random)


def _list_of(desk: Desk, concept: Concept) -> list[str]:
    """A label and one to five values: on a line with commas, or one a line with a dash or number."""
    fresh = dict.fromkeys(desk.values.of(concept.maker) for _ in range(desk.random.randint(1, 2 + desk.size)))
    marked = desk.many(concept, sorted(fresh, key=lambda _: desk.random.random()))
    label, form = desk.label(concept), desk.random.random()
    if form < 0.4:
        return [f"{label}: " + desk.random.choice((", ", "; ")).join(marked)]
    if form < 0.7:
        return [f"{label}:", *(f"- {value}" for value in marked)]
    return [label, *(f"{i}. {value}" for i, value in enumerate(marked, start=1))]


def _results(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    columns = [c for c in RESULTS.columns if c.name in ("name", "value", "unit") or desk.chance(0.75)]
    if desk.chance(0.2):
        columns[-2:] = columns[:-3:-1]
    if desk.chance(0.8):
        draft.add("  ".join(desk.label(c) for c in columns))
    rows: list[Row] = []
    for name in random.sample(WORDS["tests"], random.randint(2, 3 + 2 * desk.size)):
        cells, flag = _result(desk, name)
        row = {c.name: draft.mark(cells[c.name], flag if c.name == "flag" else "") for c in columns if cells[c.name]}
        draft.add("  ".join(row[c.name] for c in columns if c.name in row))
        rows.append(row)
    desk.rows(RESULTS, rows)


def _result(desk: Desk, name: str) -> tuple[dict[str, str], str]:
    """The printed cells of one test, and what its flag means; an empty flag is not printed."""
    random = desk.random
    low = random.choice((random.uniform(0.1, 10), random.uniform(10, 150)))
    high = low * random.uniform(1.3, 3)
    option = random.choice(("high", "low", "normal", "normal"))
    value = {"high": high * 1.2, "low": low * 0.8, "normal": (low + high) / 2}[option]
    digits = random.choice((0, 1, 1, 2)) if low > 2 else 2
    joint = random.choice(("-", "-", " - "))
    flag = "" if option == "normal" and desk.chance(0.7) else random.choice(_FLAGS[option])
    cells = {
        "name": name,
        "value": f"{value:.{digits}f}",
        "unit": random.choice(WORDS["units"]),
        "reference_range": f"{low:.{digits}f}{joint}{high:.{digits}f}",
        "flag": flag,
    }
    return cells, option
