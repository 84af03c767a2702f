"""What people write into forms: texts for concepts whose own maker does not know them."""

from __future__ import annotations

from collections.abc import Callable

from models_store.starter.factory.desk import Desk


def text_for(desk: Desk, name: str) -> str | None:
    """A text for this concept; None where its maker writes one."""
    way = _WAYS.get(name)
    return None if way is None else way(desk)


def filled(desk: Desk, list_name: str) -> str:
    """A pattern of words.toml with names in it."""
    pools, choice = desk.values.pools, desk.random.choice
    pattern = desk.values.word_of(list_name)
    return pattern.format(city=choice(pools.city), last=choice(pools.last)) if "{" in pattern else pattern


def _first(desk: Desk) -> str:
    names = desk.values.pools.first
    return " ".join(desk.random.choice(names) for _ in range(desk.random.choice((1, 1, 1, 2))))


def _full(desk: Desk) -> str:
    last = desk.random.choice(desk.values.pools.last)
    return f"{last}, {_first(desk)}" if desk.chance(0.3) else f"{_first(desk)} {last}"


def _street(desk: Desk) -> str:
    return desk.values.address_lines()[0].rstrip(",")


def _address(desk: Desk) -> str:
    return ", ".join(line.rstrip(",") for line in desk.values.address_lines())


def _sum(desk: Desk) -> str:
    return desk.values.money(desk.values.cents(40_000, 30_000_000))


def _social(desk: Desk) -> str:
    digits = desk.values.digits
    return desk.random.choice(
        (f"{digits(3)}-{digits(2)}-{digits(4)}", f"{digits(2)} {digits(6)} A {digits(3)}", digits(10))
    )


_WAYS: dict[str, Callable[[Desk], str]] = {
    "who_last_name": lambda desk: desk.random.choice(desk.values.pools.last),
    "who_maiden_name": lambda desk: desk.random.choice(desk.values.pools.last),
    "who_first_name": _first,
    "who_full_name": _full,
    "who_birth_place": lambda desk: desk.random.choice(desk.values.pools.city),
    "who_city": lambda desk: desk.random.choice(desk.values.pools.city),
    "who_postcode": lambda desk: desk.random.choice(desk.values.pools.postcode),
    "who_street": _street,
    "who_address": _address,
    "rec_owner_address": _address,
    "who_income": _sum,
    "app_amount": _sum,
    "who_country": lambda desk: desk.random.choice(desk.values.pools.country),
    "who_nationality": lambda desk: desk.random.choice(desk.values.pools.country),
    "who_occupation": lambda desk: desk.random.choice(desk.values.pools.job),
    "who_social_number": _social,
    "who_bank": lambda desk: filled(desk, "form_banks"),
    "app_purpose": lambda desk: filled(desk, "app_purposes"),
    "app_position": lambda desk: filled(desk, "app_courses"),
    "app_institution": lambda desk: filled(desk, "form_schools"),
}
