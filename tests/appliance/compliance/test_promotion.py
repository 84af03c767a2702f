"""Putting a model in force by two persons: asking, deciding, and what a crash between log and store leaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.audit.models import AuditEvent
from appliance.compliance import deciding
from appliance.compliance.errors import (
    AlreadyAsked,
    ComplianceError,
    ModelInForce,
    ModelUnsound,
    OwnRequest,
    StoreUnreadable,
)
from appliance.compliance.models import Approval, ApprovalState, Promotion
from appliance.compliance.promotion import ask_promotion, move_pointer
from appliance.compliance.tasks import put_in_force
from models_store import store
from models_store.card import ModelCard
from tests.appliance.cast import ClientFor, make_person

pytestmark = pytest.mark.django_db

Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    return tmp_path / "models"


@pytest.fixture
def starter(root: Path) -> str:
    """In force."""
    digest = put(root, "starter", scores={"values right": {"value": 0.44, "n": 593}})
    store.promote(digest, root=root)
    return digest


@pytest.fixture
def tuned(root: Path, starter: str) -> str:
    return put(root, "tuned", base=starter, scores={"values right": {"value": 0.61, "n": 600}})


def put(root: Path, name: str, **facts: Any) -> str:
    """A model whose weights are its name."""
    weights = root.parent / f"{name}.gguf"
    weights.write_bytes(name.encode())
    digest = hashlib.sha256(name.encode()).hexdigest()
    return store.add(weights, ModelCard(digest=digest, name=name, context_tokens=1024, **facts), root=root)


def asked(by: Person, digest: str) -> Approval:
    return ask_promotion(by=by, digest=digest, reason="It reads receipts better.")


def approved(by: Person, second: Person, digest: str) -> Approval:
    return deciding.approve(approval_id=asked(by, digest).pk, by=second, words="Agreed.")


def in_force(root: Path) -> str:
    pointer = store.read_pointer(root=root)
    return pointer.production if pointer else ""


def promotions_logged() -> list[tuple[str, int, dict[str, str]]]:
    events = AuditEvent.objects.filter(action="model_promoted").order_by("pk")
    return [(event.object_id, event.object_version, json.loads(bytes(event.record))["digests"]) for event in events]


def decisions_logged() -> list[tuple[str, str, str]]:
    events = AuditEvent.objects.filter(object_type="approval").order_by("pk")
    return list(events.values_list("action", "outcome", "reason"))


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_asking_moves_nothing(adam: Person, root: Path, starter: str, tuned: str) -> None:
    request = asked(adam, tuned)

    assert (request.state, request.subject, in_force(root)) == (ApprovalState.WAITING, tuned, starter)
    assert request.details == {"name": "tuned", "instead_of": starter, "goes_back": False, "document_type": ""}
    assert decisions_logged() == [("approval_asked", "done", f"promote_model: {tuned}")]


def test_a_second_person_approves_and_the_pointer_moves(
    adam: Person, olga: Person, root: Path, starter: str, tuned: str, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        approval = approved(adam, olga, tuned)

    assert (approval.state, in_force(root)) == (ApprovalState.APPROVED, tuned)
    assert promotions_logged() == [(tuned, 1, {"instead_of": starter, "model": tuned})]
    assert decisions_logged()[-1] == ("approval_granted", "done", "promote_model")
    assert Promotion.objects.get().moved_at is not None


def test_going_back_is_the_same_by_another_name(
    adam: Person, olga: Person, root: Path, starter: str, tuned: str, django_capture_on_commit_callbacks: Committed
) -> None:
    for digest in (tuned, starter, tuned):
        with django_capture_on_commit_callbacks(execute=True):
            approval = approved(adam, olga, digest)
        assert in_force(root) == digest

    assert approval.details["goes_back"] is True
    assert [(digest, version) for digest, version, _ in promotions_logged()] == [(tuned, 1), (starter, 1), (tuned, 2)]


def test_the_first_model_of_a_box_without_one(
    adam: Person, olga: Person, root: Path, django_capture_on_commit_callbacks: Committed
) -> None:
    digest = put(root, "first")
    with django_capture_on_commit_callbacks(execute=True):
        approved(adam, olga, digest)

    assert in_force(root) == digest
    assert promotions_logged() == [(digest, 1, {"model": digest})]


def test_refusing_moves_nothing(adam: Person, olga: Person, root: Path, starter: str, tuned: str) -> None:
    deciding.refuse(approval_id=asked(adam, tuned).pk, by=olga, words="Measure it first.")

    assert (move_pointer(), in_force(root), promotions_logged()) == (False, starter, [])


@pytest.mark.parametrize("second", ["the same account", "an account of the same name"])
def test_nobody_approves_their_own_request(olga: Person, root: Path, starter: str, tuned: str, second: str) -> None:
    request = asked(olga, tuned)
    twin = make_person("olga2", Role.OFFICER, full_name=olga.get_full_name())

    with pytest.raises(OwnRequest):
        deciding.approve(approval_id=request.pk, by=olga if second == "the same account" else twin, words="")

    assert (move_pointer(), in_force(root), promotions_logged()) == (False, starter, [])
    assert decisions_logged()[-1] == ("approval_granted", "refused", "own_request")


def spoil(root: Path, digest: str) -> None:
    (root / digest / store.MODEL_FILE).write_bytes(b"tuneD")


def lose(root: Path, digest: str) -> None:
    (root / digest / store.MODEL_FILE).unlink()


@pytest.mark.parametrize("harm", [spoil, lose])
def test_damaged_weights_are_refused_and_the_request_waits(
    adam: Person, olga: Person, root: Path, starter: str, tuned: str, harm: Callable[[Path, str], None]
) -> None:
    request = asked(adam, tuned)
    harm(root, tuned)

    with pytest.raises(ModelUnsound):
        deciding.approve(approval_id=request.pk, by=olga, words="")

    assert Approval.objects.get().state == ApprovalState.WAITING
    assert (move_pointer(), in_force(root), promotions_logged()) == (False, starter, [])
    assert decisions_logged()[-1] == ("approval_granted", "refused", "model_unsound")
    (root / tuned / store.MODEL_FILE).write_bytes(b"tuned")  # control: the harm was the only obstacle
    deciding.approve(approval_id=request.pk, by=olga, words="")
    assert (move_pointer(), in_force(root)) == (True, tuned)


def test_a_double_click_promotes_once(adam: Person, olga: Person, root: Path, tuned: str) -> None:
    request = asked(adam, tuned)
    for _ in range(2):
        deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")

    assert [move_pointer(), move_pointer(), in_force(root)] == [True, False, tuned]
    assert len(promotions_logged()) == Promotion.objects.count() == 1


def test_what_cannot_be_asked_for(adam: Person, root: Path, starter: str, tuned: str) -> None:
    asked(adam, tuned)
    refused: list[type[ComplianceError]] = []
    for digest in (starter, tuned, "0" * 64):
        with pytest.raises(ComplianceError) as caught:
            asked(adam, digest)
        refused.append(type(caught.value))
    (root / store.POINTER).write_text("{")

    with pytest.raises(StoreUnreadable):
        asked(adam, tuned)

    assert refused == [ModelInForce, AlreadyAsked, StoreUnreadable]
    assert Approval.objects.count() == 1


def test_a_crash_before_the_pointer_moves_is_told_and_mended(
    adam: Person, olga: Person, client_for: ClientFor, root: Path, starter: str, tuned: str
) -> None:
    """Nothing after the commit is run here: as if the process had died at that moment."""
    approval = approved(adam, olga, tuned)
    assert (in_force(root), len(promotions_logged())) == (starter, 1)
    page = reverse("compliance:approval", args=[approval.pk])
    assert "not in force yet" in text_of(client_for(olga).get(page))
    assert "The store still points to the model before" in text_of(
        client_for(adam).get(reverse("retraining:model", args=[tuned]))
    )

    put_in_force()

    assert in_force(root) == tuned
    assert "was put in force" in text_of(client_for(olga).get(page))
    assert len(promotions_logged()) == 1


def test_a_crash_after_the_pointer_moved_changes_nothing(
    adam: Person, olga: Person, root: Path, starter: str, tuned: str
) -> None:
    approved(adam, olga, tuned)
    before = store.promote(tuned, root=root)  # and the process died before the row was closed

    assert (move_pointer(), move_pointer()) == (True, False)
    assert store.read_pointer(root=root) == before
    assert before.previous == starter


def test_weights_damaged_after_the_approval_never_come_in_force(
    adam: Person, olga: Person, root: Path, starter: str, tuned: str
) -> None:
    approved(adam, olga, tuned)
    spoil(root, tuned)
    assert (move_pointer(), in_force(root)) == (False, starter)

    (root / tuned / store.MODEL_FILE).write_bytes(b"tuned")

    assert (move_pointer(), in_force(root)) == (True, tuned)


def test_the_promotion_approved_last_wins_over_one_that_never_came_through(
    adam: Person, olga: Person, client_for: ClientFor, root: Path, starter: str, tuned: str
) -> None:
    overtaken = approved(adam, olga, tuned)
    spoil(root, tuned)
    newer = put(root, "newer")
    last = approved(adam, olga, newer)

    assert (move_pointer(), in_force(root)) == (True, newer)
    assert not Promotion.objects.filter(moved_at=None).exists()
    told = {"took its place": overtaken, "newer (": last}
    for words, approval in told.items():
        assert words in text_of(client_for(olga).get(reverse("compliance:approval", args=[approval.pk])))


@pytest.fixture
def admin(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)


def test_the_administrator_asks_on_the_page_of_the_model(admin: Client, starter: str, tuned: str) -> None:
    page, ask = (reverse(f"retraining:{name}", args=[tuned]) for name in ("model", "ask_promotion"))
    assert "Ask to put this model in force" in text_of(admin.get(page))
    assert "This field is required" in text_of(admin.post(ask, {"reason": ""}))

    for _ in range(2):
        shown = text_of(admin.post(ask, {"reason": "It reads receipts better."}, follow=True))

    assert "Somebody has asked for this already" in shown
    assert "Adam Admin asked for it on" in shown
    assert "Ask to put this model in force" not in shown
    assert Approval.objects.count() == 1


def test_no_form_for_the_model_in_force_and_another_wording_for_the_one_before(
    admin: Client, root: Path, starter: str, tuned: str
) -> None:
    assert "Ask to" not in text_of(admin.get(reverse("retraining:model", args=[starter])))

    store.promote(tuned, root=root)

    assert "Ask to go back to this model" in text_of(admin.get(reverse("retraining:model", args=[starter])))


def test_the_officer_reads_what_it_means_and_decides(
    adam: Person,
    olga: Person,
    client_for: ClientFor,
    root: Path,
    starter: str,
    tuned: str,
    django_capture_on_commit_callbacks: Committed,
) -> None:
    request, browser = asked(adam, tuned), client_for(olga)
    assert "Put in force the model “tuned”" in text_of(browser.get(reverse("compliance:approvals")))
    page = reverse("compliance:approval", args=[request.pk])
    shown = text_of(browser.get(page))
    for words in (
        f"In force now: starter ({starter[:12]}).",
        f"In force from then on: tuned ({tuned[:12]}).",
        f"Its base: starter ({starter[:12]}).",
        "0.44 (n = 593)",
        "0.61 (n = 600)",
        "end with the model until now",
    ):
        assert words in shown
    assert "has changed since" not in shown

    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(page, {"words": "Agreed.", "decision": "approve"}, follow=True)

    assert "Approved and carried out" in text_of(answer)
    assert in_force(root) == tuned
    assert "tuned" in text_of(browser.get(reverse("compliance:decided")))


def test_the_page_says_when_another_model_came_in_force_meanwhile(
    adam: Person, olga: Person, client_for: ClientFor, root: Path, starter: str, tuned: str
) -> None:
    request = asked(adam, tuned)
    store.promote(put(root, "other"), root=root)

    shown = text_of(client_for(olga).get(reverse("compliance:approval", args=[request.pk])))

    assert f"has changed since this was asked for. It was starter ({starter[:12]}); it is other" in shown


def test_the_page_names_what_is_in_the_way(
    adam: Person, olga: Person, client_for: ClientFor, root: Path, tuned: str
) -> None:
    request, browser = asked(adam, tuned), client_for(olga)
    page = reverse("compliance:approval", args=[request.pk])
    spoil(root, tuned)
    answer = browser.post(page, {"words": "Agreed.", "decision": "approve"}, follow=True)
    assert "not the ones that its digest names. Nothing was done." in text_of(answer)
    store.promote(put(root, "tuned again"), root=root)
    (root / tuned / store.CARD).unlink()

    assert "the model is not in the store any more" in text_of(browser.get(page))
