"""From a concept to a field of a schema, in one author's words: single values, closed ones, lists and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extraction.schema import FieldSpec, Kind
from models_store.starter.factory.asking.naming import Author
from models_store.starter.factory.draft import Fact
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.schemas import Asked
from models_store.starter.factory.wordings import LISTS, Concept

_MOST_COLUMNS = 6
_WORDINGS = {meaning: words.split("|") for meaning, words in (e.split("=") for e in WORDS["option_wordings"])}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field to be: its concept, the fact that answers it, the words of its name. `needed`: the name alone would not
    say which of several like things is meant, so it must be described."""

    concept: Concept
    fact: Fact | None
    key: str
    needed: bool = False


def field(leaf: Leaf, author: Author, key: str) -> Asked:
    """The field under the name made of `key` (which a group may have shortened)."""
    concept, fact = leaf.concept, leaf.fact
    if concept.kind is Kind.LIST:
        return _one_column(leaf, author) if author.random.random() < 0.06 else _rows(leaf, author, key)
    name, description = author.name(key), author.description(concept, leaf.key, needed=leaf.needed)
    if not concept.kind.is_span:
        return _closed(concept, name, description, author, fact=fact)
    many = concept.name in LISTS or (fact is not None and isinstance(fact.value, list))
    return Asked(FieldSpec(name=name, description=description, kind=concept.kind, many=many), fact)


def _closed(concept: Concept, name: str, description: str, author: Author, *, fact: Fact | None) -> Asked:
    """A yes or no, which some authors ask for as a choice, or a choice in any order and wording."""
    random = author.random
    if concept.kind is Kind.BOOLEAN and random.random() < 0.8:
        return Asked(FieldSpec(name=name, description=description, kind=Kind.BOOLEAN), fact)
    if concept.kind is Kind.BOOLEAN:
        options = dict(zip(("true", "false"), random.choice(WORDS["boolean_options"]).split("|"), strict=True))
    else:
        options = _worded(concept, author)
    shown = random.sample(list(options.values()), len(options))
    spec = FieldSpec(name=name, description=description, kind=Kind.ENUM, options=tuple(shown))
    return Asked(spec, fact, options=options)


def _worded(concept: Concept, author: Author) -> dict[str, str]:
    """Meaning -> option. As the concept words them, or in other letters, or in other words where there are any."""
    random = author.random
    form = random.random()
    change = random.choice((str.upper, str.lower, str.title, str.capitalize, _joined))
    options = {}
    for meaning in concept.options:
        others = _WORDINGS.get(meaning, [meaning])
        options[meaning] = meaning if form < 0.5 else change(meaning) if form < 0.8 else random.choice(others)
    is_clear = len({option.casefold() for option in options.values()}) == len(options)
    return options if is_clear else {meaning: meaning for meaning in concept.options}


def _joined(option: str) -> str:
    return option.replace(" ", "_").replace("-", "_")


def _rows(leaf: Leaf, author: Author, key: str) -> Asked:
    """A list of groups with some of the columns in any order; one that the page does not have is rare."""
    random = author.random
    present = _present(leaf)
    columns = [c for c in leaf.concept.columns if c.name in present or random.random() < 0.15] or leaf.concept.columns
    kept = random.sample(columns, min(len(columns), random.randint(1, _MOST_COLUMNS)))
    name = author.name(key)
    parts: dict[str, Asked] = {}
    for column in kept:
        words = author.key(column)
        part = _cell(column, author, words)
        parts.setdefault(part.spec.name, part)
    spec = FieldSpec(name=name, kind=Kind.LIST, fields=tuple(part.spec for part in parts.values()))
    return Asked(spec, leaf.fact, parts=tuple(parts.values()))


def _cell(column: Concept, author: Author, key: str) -> Asked:
    name, description = author.name(key), author.description(column, key)
    if not column.kind.is_span:
        closed = _closed(column, name, description, author, fact=None)
        return Asked(closed.spec, column=column.name, options=closed.options)
    return Asked(FieldSpec(name=name, description=description, kind=column.kind), column=column.name)


def _one_column(leaf: Leaf, author: Author) -> Asked:
    """The values of one column of the rows, as a list of values."""
    present = _present(leaf)
    columns = [c for c in leaf.concept.columns if c.kind.is_span and c.name in present] or [leaf.concept.columns[0]]
    column = author.random.choice(columns)
    rows, words = leaf.key.replace("_", " "), author.key(column)
    form = author.random.choice(("{} of all {}", "the {} of each of the {}", "every {} in the {}", "{} ({})"))
    description = form.format(words.replace("_", " "), rows)
    spec = FieldSpec(
        name=author.name(f"{leaf.key}_{words}"), description=description, kind=column.kind, many=column.kind.is_span
    )
    return Asked(spec, leaf.fact, column=column.name)


def _present(leaf: Leaf) -> set[str]:
    """The columns that the rows have, all where there are no rows."""
    if leaf.fact is None:
        return {column.name for column in leaf.concept.columns}
    rows: list[Mapping[str, str]] = [row for row in leaf.fact.value if isinstance(row, dict)]
    return {name for row in rows for name in row}
