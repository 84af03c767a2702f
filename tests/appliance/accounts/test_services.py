from __future__ import annotations

import pytest

from appliance.accounts import services
from appliance.accounts.errors import ChangedMeanwhile, LastAdmin, NameTaken, OwnAccount
from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.audit.models import AuditEvent
from tests.appliance.cast import make_person


def log() -> list[tuple[str, str, int, str]]:
    events = AuditEvent.objects.order_by("pk")
    return [(event.action, event.object_id, event.object_version, event.reason) for event in events]


def change(by: Person, person: Person, **wanted: object) -> Person:
    as_it_is = {name: getattr(person, name) for name in ("role", "first_name", "last_name", "is_active")}
    return services.change_person(by=by, person=person, wanted=services.Profile(**{**as_it_is, **wanted}))


def test_create_person_gives_a_password_that_must_be_changed(db):
    new = services.create_person(username="carol", role=Role.CLERK, first_name="Carol", last_name="")

    assert new.person.check_password(new.password)
    assert (new.person.role, new.person.must_change_password) == (Role.CLERK, True)
    assert log() == [("person_created", "carol", 1, "role clerk")]


def test_create_person_gives_every_person_another_password(db):
    assert len({services.new_password() for _ in range(100)}) == 100


@pytest.mark.parametrize("username", ["clara", "CLARA"])
def test_create_person_refuses_a_name_that_is_taken(clara, username):
    with pytest.raises(NameTaken):
        services.create_person(username=username, role=Role.CLERK, first_name="", last_name="")

    assert log() == []


def test_change_person_records_a_new_role(adam, clara):
    change(adam, clara, role=Role.OFFICER)

    clara.refresh_from_db()
    assert (clara.role, clara.version) == (Role.OFFICER, 1)
    assert log() == [("role_changed", "clara", 1, "clerk to officer")]


def test_change_person_records_each_kind_of_change_with_its_own_version(adam, clara):
    change(adam, clara, role=Role.ADMIN, first_name="Klara", is_active=False)

    assert log() == [
        ("role_changed", "clara", 1, "clerk to admin"),
        ("person_changed", "clara", 2, "name, switched off"),
    ]


def test_change_person_records_nothing_when_nothing_changes(adam, clara):
    change(adam, clara)

    assert log() == []


@pytest.mark.parametrize("wanted", [{"role": Role.CLERK}, {"is_active": False}])
def test_admin_cannot_change_the_own_role_or_switch_off_the_own_account(adam, wanted):
    make_person("second", Role.ADMIN)

    with pytest.raises(OwnAccount):
        change(adam, adam, **wanted)


def test_admin_may_change_the_own_name(adam):
    assert change(adam, adam, first_name="Adán").first_name == "Adán"


@pytest.mark.parametrize("wanted", [{"role": Role.CLERK}, {"is_active": False}])
def test_last_active_admin_stays(adam, wanted):
    """The one who acts was an admin when the page was loaded, and is none any more."""
    former = make_person("former", Role.CLERK)

    with pytest.raises(LastAdmin):
        change(former, adam, **wanted)


def test_admin_who_is_not_the_last_one_may_go(adam):
    """The control of the test above."""
    second = make_person("second", Role.ADMIN)

    assert change(adam, second, role=Role.CLERK).role == Role.CLERK


def test_an_admin_who_is_switched_off_does_not_count_as_one(adam):
    second = make_person("second", Role.ADMIN)
    Person.objects.filter(pk=adam.pk).update(is_active=False)

    with pytest.raises(LastAdmin):
        change(adam, second, role=Role.CLERK)


def test_change_person_refuses_what_was_decided_on_an_old_page(adam, clara):
    seen = Person.objects.get(pk=clara.pk)
    change(adam, clara, first_name="Klara")

    with pytest.raises(ChangedMeanwhile):
        change(adam, seen, first_name="Clarissa")


def test_reset_password_replaces_the_password_and_is_recorded(adam, clara):
    new = services.reset_password(by=adam, person=clara)

    clara.refresh_from_db()
    assert clara.check_password(new.password)
    assert clara.must_change_password
    assert log() == [("password_changed", "clara", 1, "reset by an administrator")]


def test_reset_password_is_not_for_oneself(adam):
    with pytest.raises(OwnAccount):
        services.reset_password(by=adam, person=adam)


def test_change_own_password_ends_the_duty_to_change_it(clara):
    Person.objects.filter(pk=clara.pk).update(must_change_password=True)
    services.change_own_password(person=clara, password="my own long words")

    clara.refresh_from_db()
    assert clara.check_password("my own long words")
    assert not clara.must_change_password
    assert log() == [("password_changed", "clara", 1, "by the person")]


def test_create_demo_people_makes_one_of_each_role_who_need_not_change_the_password(db):
    made = services.create_demo_people()

    assert [(name, role) for name, role, _ in made] == [("clara", "clerk"), ("olga", "officer"), ("adam", "admin")]
    for name, _, password in made:
        person = Person.objects.get(username=name)
        assert person.check_password(password)
        assert not person.must_change_password


def test_create_demo_people_makes_nobody_twice(clara):
    assert [name for name, _, _ in services.create_demo_people()] == ["olga", "adam"]
    assert services.create_demo_people() == []


def test_log_holds_no_password(adam, clara):
    new = services.reset_password(by=adam, person=clara)

    assert not any(new.password.encode() in bytes(event.record) for event in AuditEvent.objects.all())
