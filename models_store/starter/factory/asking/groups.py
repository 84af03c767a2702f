"""Puts fields into groups, as authors nest them: by the first word of their names, by kind, or anyhow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extraction.schema import FieldSpec, Kind
from models_store.starter.factory.asking.fields import Leaf, field
from models_store.starter.factory.asking.naming import Author
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.schemas import Asked

_NESTED = 0.25
"""Share of the schemas with groups."""
Bundle = tuple[str, list[tuple[str, Leaf]]]
"""The words of a group's name, and its fields with the words of theirs; no words: the one field stands by itself."""


def fields(leaves: Sequence[Leaf], author: Author) -> list[Asked]:
    """All fields in order, some in groups. Of two with the same name the first is kept."""
    bundles = _bundled(leaves, author) if author.random.random() < _NESTED else [_alone(leaf) for leaf in leaves]
    asked = [_field_or_group(words, members, author) for words, members in bundles]
    return _first_of_each_name(asked)


def _field_or_group(words: str, members: Sequence[tuple[str, Leaf]], author: Author) -> Asked:
    drawn = tuple(_first_of_each_name([field(leaf, author, key) for key, leaf in members]))
    if not words:
        return drawn[0]
    spec = FieldSpec(name=author.name(words), kind=Kind.GROUP, fields=tuple(part.spec for part in drawn))
    return Asked(spec, parts=drawn)


def _first_of_each_name(asked: Sequence[Asked]) -> list[Asked]:
    return list({one.spec.name: one for one in reversed(asked)}.values())[::-1]


def _bundled(leaves: Sequence[Leaf], author: Author) -> list[Bundle]:
    way = author.random.random()
    if way < 0.4 and (bundles := _by_first_word(leaves)) is not None:
        return bundles
    if way < 0.6 and (bundles := _by_kind(leaves, author)) is not None:
        return bundles
    return _anyhow(leaves, author)


def _by_first_word(leaves: Sequence[Leaf]) -> list[Bundle] | None:
    """seller_name, seller_city -> seller.name, seller.city; None where no two names begin alike."""
    heads: defaultdict[str, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        head, _, rest = leaf.key.partition("_")
        if len(head) > 2 and rest[:1].isalpha():
            heads[head].append(leaf)
    heads = defaultdict(list, {head: members for head, members in heads.items() if len(members) > 1})
    return _gather(leaves, heads, drop=True) if heads else None


def _by_kind(leaves: Sequence[Leaf], author: Author) -> list[Bundle] | None:
    """Amounts together, dates together; None where there are no two of a kind."""
    groups: dict[str, list[Leaf]] = {}
    for kind, names in ((Kind.AMOUNT, "amount_groups"), (Kind.DATE, "date_groups")):
        members = [leaf for leaf in leaves if leaf.concept.kind is kind]
        if len(members) > 1:
            groups[author.random.choice(WORDS[names])] = members
    return _gather(leaves, groups) if groups else None


def _anyhow(leaves: Sequence[Leaf], author: Author) -> list[Bundle]:
    """One or two groups of a few fields under names that say little."""
    left, groups = list(leaves), {}
    for name in author.random.sample(WORDS["group_names"], author.random.randint(1, 2)):
        members = author.random.sample(left, min(len(left), author.random.randint(2, 6)))
        left = [leaf for leaf in left if leaf not in members]
        if members:
            groups[name] = members
    return _gather(leaves, groups)


def _gather(leaves: Sequence[Leaf], groups: dict[str, list[Leaf]], *, drop: bool = False) -> list[Bundle]:
    """Groups where their first field stood; `drop` takes the group's word off the names inside."""
    home = {id(leaf): name for name, members in groups.items() for leaf in members}
    bundles: list[Bundle] = []
    done: set[str] = set()
    for leaf in leaves:
        name = home.get(id(leaf), "")
        if not name:
            bundles.append(_alone(leaf))
        elif name not in done:
            done.add(name)
            members = [other for other in leaves if home.get(id(other)) == name]
            bundles.append((name, [(m.key.partition("_")[2] if drop else m.key, m) for m in members]))
    return bundles


def _alone(leaf: Leaf) -> Bundle:
    return "", [(leaf.key, leaf)]
