"""Every change of a person: one transaction each, recorded in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from axes.utils import reset as forget_failed_logins
from django.db import transaction

from appliance.accounts.errors import ChangedMeanwhile, LastAdmin, NameTaken, OwnAccount
from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.audit.actions import Action
from appliance.audit.record import Subject, record

DEMO_PEOPLE = (
    ("clara", Role.CLERK, "Clara", "Clerk"),
    ("olga", Role.OFFICER, "Olga", "Officer"),
    ("adam", Role.ADMIN, "Adam", "Admin"),
)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike: people copy these by hand


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person just made; `password` is known to nobody else and stored nowhere."""

    person: Person
    password: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What an admin may change of a person."""

    role: Role
    first_name: str
    last_name: str
    is_active: bool


def new_password() -> str:
    """Four groups of four characters, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def create_person(*, username: str, role: Role, first_name: str, last_name: str, one_time: bool = True) -> NewPerson:
    """Make a person with a generated password, which must be changed at the first log-in when `one_time`.

    Raises NameTaken; user names that differ only in case count as the same.
    """
    if Person.objects.filter(username__iexact=username).exists():
        raise NameTaken(username)
    password = new_password()
    person = Person(
        username=username,
        role=role,
        first_name=first_name,
        last_name=last_name,
        must_change_password=one_time,
        version=1,
    )
    person.set_password(password)
    person.save(force_insert=True)
    record(Action.PERSON_CREATED, subject=subject_of(person), reason=f"role {role.value}")
    return NewPerson(person, password)


@transaction.atomic
def change_person(*, by: Person, person: Person, wanted: Profile) -> Person:
    """Raises OwnAccount, LastAdmin, ChangedMeanwhile. `person.version` must be the one that the admin looked at."""
    held = _hold(person)
    steps_down = wanted.role != Role.ADMIN or not wanted.is_active
    if held.pk == by.pk and (wanted.role != held.role or not wanted.is_active):
        raise OwnAccount(held.username)
    if held.role == Role.ADMIN and steps_down:
        _refuse_for_last_admin(held)
    old_role = held.role
    changed = [
        name for name in ("first_name", "last_name", "is_active") if getattr(held, name) != getattr(wanted, name)
    ]
    for name in ("role", *changed):
        setattr(held, name, getattr(wanted, name))
    if old_role != wanted.role:
        _save_and_record(held, Action.ROLE_CHANGED, reason=f"{old_role} to {wanted.role.value}")
    if changed:
        _save_and_record(held, Action.PERSON_CHANGED, reason=_in_words(changed, is_active=wanted.is_active))
    return held


@transaction.atomic
def reset_password(*, by: Person, person: Person) -> NewPerson:
    """A new one-time password; it also lifts a lock after failed log-ins. Raises OwnAccount, ChangedMeanwhile."""
    held = _hold(person)
    if held.pk == by.pk:
        raise OwnAccount(held.username)
    password = new_password()
    held.set_password(password)
    held.must_change_password = True
    _save_and_record(held, Action.PASSWORD_CHANGED, reason="reset by an administrator")
    forget_failed_logins(username=held.username)
    return NewPerson(held, password)


@transaction.atomic
def change_own_password(*, person: Person, password: str) -> Person:
    """`password` has passed the validators already. All other sessions of the person end by it."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    held.set_password(password)
    held.must_change_password = False
    _save_and_record(held, Action.PASSWORD_CHANGED, reason="by the person")
    return held


def create_demo_people() -> list[tuple[str, str, str]]:
    """One person for each role; returns (user name, role, password) of those that were not there yet."""
    made = []
    for username, role, first_name, last_name in DEMO_PEOPLE:
        if not Person.objects.filter(username__iexact=username).exists():
            new = create_person(
                username=username, role=role, first_name=first_name, last_name=last_name, one_time=False
            )
            made.append((username, role.value, new.password))
    return made


def subject_of(person: Person) -> Subject:
    """How the log names a person: by user name, which never changes and is never given out twice."""
    return Subject("person", person.username[:64], person.version)


def _hold(person: Person) -> Person:
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.version != person.version:
        raise ChangedMeanwhile(held.username)
    return held


def _refuse_for_last_admin(person: Person) -> None:
    # Ordered locks on all admins: two admins who demote each other at the same moment must not both succeed.
    admins = Person.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk")
    if {admin.pk for admin in admins} <= {person.pk}:
        raise LastAdmin(person.username)


def _save_and_record(person: Person, action: Action, *, reason: str) -> None:
    person.version += 1
    person.save()
    record(action, subject=subject_of(person), reason=reason)


def _in_words(changed: list[str], *, is_active: bool) -> str:
    words = {"first_name": "name", "last_name": "name", "is_active": "switched on" if is_active else "switched off"}
    return ", ".join(dict.fromkeys(words[name] for name in changed))
