"""From the facts of a draft to a schema and its answer: the shipped type as it stands, or fields drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from extraction.schema import FieldSpec, Kind
from extraction.shipped_types import shipped_type
from models_store.starter.factory.draft import Fact, Row, mark_of, resolve
from models_store.starter.factory.wordings import CONCEPTS, LISTS, Concept, is_alike, shipped_concepts

Json = str | bool | None | list["Json"] | dict[str, "Json"]
Asked = list[tuple[FieldSpec, Fact | None, dict[str, str]]]
"""Field, the fact that answers it, and column -> concept of its rows."""

_MAX_ASKED = 9


def ask_shipped(type_name: str, facts: Mapping[str, Fact]) -> Asked:
    """The shipped type, all of it, in its order."""
    concepts = shipped_concepts(type_name)
    fields = shipped_type(type_name).fields
    return [(spec, facts.get(concepts[spec.name]), {f.name: f.name for f in spec.fields}) for spec in fields]


def ask_at_random(facts: Mapping[str, Fact], random: Random, *, absent: float = 0.22) -> Asked:
    """Some of the facts in random order under random names, and with luck some that the page does not hold."""
    most = random.randint(2, _MAX_ASKED) if absent else _MAX_ASKED
    chosen = random.sample(list(facts.values()), min(len(facts), most))
    known = [fact.concept for fact in facts.values()]
    strangers = [c for c in (*CONCEPTS.values(), *LISTS.values()) if not is_alike(c, known)]
    count = sum(random.random() < absent for _ in chosen) if strangers else 0
    wanted: list[tuple[Concept, Fact | None]] = [(fact.concept, fact) for fact in chosen]
    wanted += [(concept, None) for concept in random.sample(strangers, min(count, len(strangers)))]
    random.shuffle(wanted)
    asked: Asked = []
    for concept, fact in wanted:
        spec, columns = _draw_field(concept, random)
        if spec.name not in {other.name for other, _, _ in asked}:
            asked.append((spec, fact, columns))
    return asked


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on the page: the marked values as they are there, and what those of closed cells mean."""

    values: Mapping[str, str]
    options: Mapping[str, str]


def answer(asked: Asked, printed: Printed) -> dict[str, Json]:
    """The true answer."""
    return {spec.name: _answer_one(spec, fact, columns, printed) for spec, fact, columns in asked}


def _draw_field(concept: Concept, random: Random) -> tuple[FieldSpec, dict[str, str]]:
    name = random.choice(concept.keys)
    description = random.choice(concept.descriptions) if concept.descriptions and random.random() < 0.7 else ""
    if concept.kind is not Kind.LIST:
        many = concept.name in LISTS
        options = tuple(random.sample(concept.options, len(concept.options)))
        spec = FieldSpec(name=name, description=description, kind=concept.kind, many=many, options=options)
        return spec, {}
    kept = random.sample(concept.columns, random.randint(2, len(concept.columns)))
    drawn = [(_draw_field(column, random)[0], column.name) for column in kept]
    spec = FieldSpec(name=name, kind=Kind.LIST, fields=tuple(field for field, _ in drawn))
    return spec, {field.name: column for field, column in drawn}


def _answer_one(spec: FieldSpec, fact: Fact | None, columns: Mapping[str, str], printed: Printed) -> Json:
    """Null or nothing where the fact is missing; items and rows that are not on the page are left out."""
    if fact is None:
        return [] if spec.many or spec.kind is Kind.LIST else None
    if isinstance(fact.value, str):
        texts = (resolve(marked, printed.values) for marked in fact.statements())
        return _meaning(spec, next(filter(None, texts), None), fact.option)
    items = [
        resolve(item, printed.values) if isinstance(item, str) else _row(spec, item, columns, printed)
        for item in fact.value
    ]
    return [item for item in items if item is not None]


def _meaning(spec: FieldSpec, found: str | None, option: str) -> Json:
    """The text itself, or what it means in a closed field; None where it is not on the page."""
    if found is None or spec.kind.is_span:
        return found
    return option == "true" if spec.kind is Kind.BOOLEAN else option


def _row(spec: FieldSpec, row: Row, columns: Mapping[str, str], printed: Printed) -> dict[str, Json] | None:
    """The cells that are on the page; None where none is."""
    cells: dict[str, Json] = {}
    for field in spec.fields:
        marked = row.get(columns[field.name], "")
        option = printed.options.get(mark_of(marked), "") if marked else ""
        cells[field.name] = _meaning(field, resolve(marked, printed.values), option)
    return cells if any(cell is not None for cell in cells.values()) else None
