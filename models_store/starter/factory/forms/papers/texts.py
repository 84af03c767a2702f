"""What certificates, registers, shipping papers and cards say: texts for concepts that have no maker."""

from __future__ import annotations

import string
from collections.abc import Callable

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.forms.people.texts import filled as with_names
from models_store.starter.factory.forms.people.texts import text_for as personal

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def text_for(desk: Desk, name: str) -> str | None:
    """A text for this concept; None where its maker writes one."""
    way = _WAYS.get(name)
    return personal(desk, name) if way is None else way(desk)


def filled(desk: Desk, list_name: str) -> str:
    """A pattern of words.toml with names and numbers in it."""
    pattern = desk.values.word_of(list_name)
    if "{" not in pattern:
        return pattern
    pools, random = desk.values.pools, desk.random
    year = random.randint(1480, 1990)
    return pattern.format(
        last=random.choice(pools.last), city=random.choice(pools.city), word=random.choice(pools.word).title(),
        person=random.choice(pools.person), state=random.choice(pools.state), n=random.randint(2, 480),
        a=random.randint(2, 60), b=random.randint(2, 60), y=year, z=year + random.randint(1, 40),
        sum=desk.values.money(desk.values.cents(100_000, 90_000_000)), bank=with_names(desk, "form_banks"),
    )  # fmt: skip


def _word(list_name: str) -> Callable[[Desk], str]:
    return lambda desk: filled(desk, list_name)


def _city(desk: Desk) -> str:
    return desk.random.choice(desk.values.pools.city)


def _name(desk: Desk) -> str:
    return desk.values.person()


def _port(desk: Desk) -> str:
    return _city(desk) + (f", {desk.random.choice(desk.values.pools.country)}" if desk.chance(0.4) else "")


def _office(desk: Desk) -> str:
    return f"{desk.values.word_of('form_units')}{desk.values.one('| | of ')}{_city(desk)}".replace(" of  of", " of")


def _plate(desk: Desk) -> str:
    letters, digits = "".join(desk.random.choices(string.ascii_uppercase, k=3)), desk.values.digits(3)
    forms = (
        f"{letters} {digits}",
        f"{letters[0]}-{letters[1:]} {digits}",
        f"{digits}-{letters}",
        f"{letters[:2]}{digits}{letters[2]}",
    )
    return desk.random.choice(forms)


def _vin(desk: Desk) -> str:
    return "".join(desk.random.choices(_LETTERS + "0123456789", k=11)) + desk.values.digits(6)


def _area(desk: Desk) -> str:
    return f"{desk.random.randint(1, 9999)}{desk.values.one(' m²| m2| qm| sq ft| ha|.5 acres|,25 ar')}"


def _container(desk: Desk) -> str:
    return (
        "".join(desk.random.choices(string.ascii_uppercase, k=3)) + "U" + desk.values.one("| ") + desk.values.digits(7)
    )


def _small_code(desk: Desk) -> str:
    return desk.values.one("|Bl. |Nr. |||") + str(desk.random.randint(1, 9800)) + desk.values.one("|||/2|-A|bis")


def _company_number(desk: Desk) -> str:
    return desk.values.one("HRB |HRA ||SC|B|0|KRS 0000") + desk.values.digits(desk.random.randint(5, 8))


def _capital(desk: Desk) -> str:
    return desk.values.money(desk.random.choice((100, 2500, 5000, 10_000)) * desk.random.randint(10, 900) * 10)


def _originals(desk: Desk) -> str:
    return desk.values.one("3|THREE (3)|three|0|2/2|3 (three)|ONE|3/3")


_WAYS: dict[str, Callable[[Desk], str]] = {
    "cert_place": _city, "cert_birth_place": _city, "cert_office": _office, "cert_child": _name,
    "cert_participant": _name, "cert_course": _word("cert_courses"),
    "cert_hours": lambda desk: str(desk.random.choice((4, 6, 8, 16, 24, 40, 80, 120, 200))),
    "cert_grade": _word("cert_grades"), "cert_origin": lambda desk: desk.random.choice(desk.values.pools.country),
    "cert_transport": _word("cert_transports"),
    "cert_limit": lambda desk: desk.values.money(5_000_000 * desk.random.randint(1, 80)),
    "rec_district": _city, "rec_folio": _small_code, "rec_parcel": _small_code, "rec_area": _area,
    "rec_charge": _word("rec_charges"), "rec_plate": _plate, "rec_vin": _vin, "rec_make": _word("rec_makes"),
    "rec_model": lambda desk: f"{desk.values.words(1, 1).title()}{desk.values.one('| 1.6| TDI| GT|')}",
    "rec_color": _word("rec_colors"), "rec_fuel": _word("rec_fuels"), "rec_company_number": _company_number,
    "rec_court": _city, "rec_seat": _city, "rec_capital": _capital,
    "ship_vessel": _word("ship_vessels"),
    "ship_voyage": lambda desk: desk.values.digits(3) + desk.values.one("E|W|N|S|"),
    "ship_loading": _port, "ship_discharge": _port, "ship_receipt": _port, "ship_delivery": _port,
    "ship_container": _container, "ship_seal": lambda desk: desk.values.one("|SL|CN ") + desk.values.digits(6),
    "ship_originals": _originals, "card_title": _word("card_objects"), "card_dated": _word("card_dates"),
    "card_place": _word("card_places"), "card_material": _word("card_materials"), "card_size": _word("card_sizes"),
    "card_member": _name, "card_job": _word("card_jobs"),
}  # fmt: skip
