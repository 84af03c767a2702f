"""Back to the model before, by one person and at once; what that leaves in the log, and what a crash leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.audit.overview.exceptions import exceptions
from appliance.compliance import deciding
from appliance.compliance.errors import ModelUnsound, NoWayBack, StoreUnreadable
from appliance.compliance.models import Promotion
from appliance.compliance.promotion import ask_promotion, move_pointer
from appliance.compliance.tasks import put_in_force
from appliance.retraining.serving.services import roll_back
from models_store import store
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.serving.fakes import Approved, CountedBell, Put

pytestmark = pytest.mark.django_db

Committed = Callable[..., Any]


def in_force(root: Path) -> str:
    pointer = store.read_pointer(root=root)
    return pointer.production if pointer else ""


def went_back(by: Person) -> Promotion:
    return roll_back(by=by, reason="Totals are wrong since yesterday.")


def logged() -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(action=Action.MODEL_ROLLED_BACK).order_by("pk")
    return [json.loads(bytes(event.record)) for event in events]


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_the_model_before_is_in_force_at_once(
    adam: Person, root: Path, old: str, new: str, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = went_back(adam)

    assert in_force(root) == old
    assert (made.digest, made.instead_of, made.put_back_by, made.approval) == (old, new, adam, None)
    assert Promotion.objects.get(pk=made.pk).moved_at is not None


def test_it_is_a_sensitive_record_that_names_both_models_and_hides_the_reason(adam: Person, old: str, new: str) -> None:
    went_back(adam)

    (entry,) = logged()
    assert Action.MODEL_ROLLED_BACK.is_sensitive
    assert entry["digests"] == {"model": old, "instead_of": new}
    assert entry["object"] == {"type": "model", "id": old, "version": 1}
    assert set(entry["commitments"]) == {"reason"}
    assert "Totals" not in json.dumps(entry)


def test_nobody_goes_forward_again_by_one_word(adam: Person, root: Path, old: str, new: str) -> None:
    went_back(adam)
    move_pointer()

    with pytest.raises(NoWayBack):
        went_back(adam)

    assert (in_force(root), len(logged())) == (old, 1)


def test_after_two_persons_decided_again_there_is_a_way_back_again(
    adam: Person, root: Path, old: str, new: str, approved: Approved
) -> None:
    went_back(adam)
    move_pointer()
    approved(new)

    went_back(adam)

    assert (move_pointer(), in_force(root)) == (True, old)
    assert [entry["object"]["version"] for entry in logged()] == [1, 2]


@pytest.mark.parametrize("case", ["first model", "no model"])
def test_without_a_model_before_there_is_no_way_back(adam: Person, put: Put, root: Path, case: str) -> None:
    if case == "first model":
        store.promote(put("only"), root=root)

    with pytest.raises(NoWayBack):
        went_back(adam)

    assert (Promotion.objects.count(), logged()) == (0, [])


def spoil(root: Path, digest: str) -> None:
    (root / digest / store.MODEL_FILE).write_bytes(b"0ld")


def lose(root: Path, digest: str) -> None:
    (root / digest / store.MODEL_FILE).unlink()


@pytest.mark.parametrize("harm", [spoil, lose], ids=["damaged", "missing"])
def test_a_broken_model_is_not_gone_back_to(
    adam: Person, root: Path, old: str, new: str, harm: Callable[[Path, str], None]
) -> None:
    harm(root, old)
    with pytest.raises(ModelUnsound):
        went_back(adam)
    assert (in_force(root), logged()) == (new, [])

    (root / old / store.MODEL_FILE).write_bytes(b"old")  # control: the harm was the only obstacle
    went_back(adam)

    assert (move_pointer(), in_force(root)) == (True, old)


def test_an_unreadable_store_is_named(adam: Person, root: Path, old: str, new: str) -> None:
    (root / store.POINTER).write_text("{")
    with pytest.raises(StoreUnreadable):
        went_back(adam)


def test_a_crash_before_the_pointer_moves_is_mended_by_the_clock(
    adam: Person, root: Path, old: str, new: str, client_for: ClientFor
) -> None:
    """Nothing after the commit is run: as if the process had died at that moment."""
    went_back(adam)
    assert (in_force(root), len(logged())) == (new, 1)
    shown = text_of(client_for(adam).get(reverse("retraining:model", args=[old])))
    assert "Adam Admin put it back" in shown

    put_in_force()

    assert (in_force(root), len(logged())) == (old, 1)


def test_a_crash_after_the_pointer_moved_changes_nothing(adam: Person, root: Path, old: str, new: str) -> None:
    went_back(adam)
    store.promote(old, root=root)  # and the process died before the row was closed

    assert (move_pointer(), move_pointer(), in_force(root)) == (True, False, old)


def _cannot_write(digest: str, *, root: Path, document_type: str) -> store.Pointer:
    raise OSError(f"{root} is read-only")


def test_a_promotion_that_never_came_through_is_called_off(
    adam: Person, olga: Person, root: Path, old: str, put: Put
) -> None:
    request = ask_promotion(by=adam, digest=put("newest"), reason="It reads receipts better.")
    deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")  # and the pointer does not move

    went_back(adam)

    assert (move_pointer(), in_force(root)) == (True, old)
    assert not Promotion.objects.filter(moved_at=None).exists()


def test_who_may_not_write_to_the_store_rings_for_who_may(
    adam: Person,
    root: Path,
    old: str,
    new: str,
    bell: CountedBell,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Committed,
) -> None:
    monkeypatch.setattr(store, "promote", _cannot_write)
    with django_capture_on_commit_callbacks(execute=True):
        went_back(adam)
    assert (bell.rung, in_force(root)) == (1, new)

    monkeypatch.undo()
    put_in_force()  # the worker that was rung for

    assert in_force(root) == old


def test_nobody_is_rung_for_when_the_pointer_has_moved(
    adam: Person, old: str, new: str, bell: CountedBell, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        went_back(adam)

    assert bell.rung == 0


def test_the_database_refuses_a_promotion_without_an_order() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Promotion.objects.create(digest="a" * 64)


@pytest.fixture
def admin(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


def test_the_administrator_goes_back_on_a_page_that_says_what_happens(
    admin: Client, root: Path, old: str, new: str, django_capture_on_commit_callbacks: Committed
) -> None:
    page = reverse("retraining:serving:roll_back")
    shown = text_of(admin.get(page))
    for words in (f"({old[:12]})", f"({new[:12]})", "No second person is needed", "Go back now"):
        assert words in shown
    assert "This field is required" in text_of(admin.post(page, {"reason": ""}))
    assert in_force(root) == new

    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(page, {"reason": "Totals are wrong."}, follow=True)

    assert "old is put back in force" in text_of(answer)
    assert in_force(root) == old
    assert "There is no way back by one click" in text_of(admin.get(page))
    assert "There is no model to go back to" in text_of(admin.post(page, {"reason": "Again."}, follow=True))


def test_the_officer_sees_it_among_what_to_look_at(adam: Person, old: str, new: str) -> None:
    before = {line.kind.name: line.count for line in exceptions(period=7).lines}
    went_back(adam)
    after = {line.kind.name: line.count for line in exceptions(period=7).lines}

    assert (before["put-back"], after["put-back"]) == (0, 1)


@pytest.mark.parametrize("person", ["clara", "olga"])
def test_only_the_administrator_may(
    request: pytest.FixtureRequest, client_for: ClientFor, root: Path, old: str, new: str, person: str
) -> None:
    browser = client_for(request.getfixturevalue(person))
    page = reverse("retraining:serving:roll_back")

    assert [browser.get(page).status_code, browser.post(page, {"reason": "x"}).status_code] == [403, 403]
    assert in_force(root) == new
