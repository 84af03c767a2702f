"""Ids in forms, in JSON and in sessions are swapped for a colleague's: nothing of theirs changes or shows."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from appliance.accounts.roles import Role
from appliance.compliance.models import Approval, ApprovalState
from appliance.document_types import trial
from appliance.document_types.trial_views import SESSION_KEY
from appliance.documents.models import Document
from appliance.retraining.models import Conflict
from appliance.review.models import Decision
from tests.appliance.cast import ClientFor, make_person
from tests.security.matrix import TOKEN
from tests.security.scene import Scene


@pytest.fixture
def clara(scene: Scene, client_for: ClientFor) -> Client:
    return client_for(scene.people.clara)


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def page_of(response: Any) -> bytes:
    return re.sub(TOKEN, b"", response.content)


def state_of(document_id: UUID) -> tuple[object, ...]:
    """All that a clerk could change of a document."""
    document = Document.objects.get(pk=document_id)
    decisions = Decision.objects.filter(document=document).count()
    return document.version, document.state, document.document_type_id, document.claimed_by_id, decisions


ACTS = {
    "decide": {"version": 5, "verb": "confirm", "path": "company"},
    "finish": {"version": 5},
    "renew": {},
    "release": {},
    "reopen": {},
}


@pytest.mark.parametrize("act", ACTS)
def test_what_a_colleague_holds_stays_as_it_is(act: str, scene: Scene, clara: Client) -> None:
    theirs = scene.theirs["document"]
    before = state_of(theirs)
    version = Document.objects.get(pk=theirs).version
    body = {**ACTS[act], **({"version": version} if "version" in ACTS[act] else {})}

    answer = clara.post(f"/review/{theirs}/{act}/", json.dumps(body), content_type="application/json")

    assert answer.status_code in (409, 302)
    assert state_of(theirs) == before


def test_control_what_one_holds_oneself_changes(scene: Scene, clara: Client) -> None:
    mine = scene.mine["document"]
    before = state_of(mine)
    body = {"version": Document.objects.get(pk=mine).version, "verb": "confirm", "path": "company"}
    answer = clara.post(f"/review/{mine}/decide/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert state_of(mine) != before


@pytest.mark.parametrize(
    ("address", "more"),
    [("type/", {"type": "receipt"}), ("retry/", {}), ("export/json/", {})],
    ids=["type", "retry", "export"],
)
def test_a_list_with_a_missing_document_tells_as_little_as_one_with_a_deleted(
    address: str, more: dict[str, str], scene: Scene, clara: Client
) -> None:
    answers = []
    for other in (uuid4(), scene.documents["deleted"].pk):
        ids = [str(scene.documents["finished"].pk), str(other)]
        answer = clara.post(f"/documents/{address}", {"documents": ids, **more})
        answers.append((answer.status_code, answer["Location"], said(answer)[-1]))
    assert answers[0] == answers[1]
    assert answers[0][2].startswith("No document was chosen")


def test_only_who_asked_takes_a_request_back(scene: Scene, client_for: ClientFor, clara: Client) -> None:
    theirs = Approval.objects.get(pk=scene.asked["carl"])
    refused = clara.post(f"/compliance/approvals/{theirs.pk}/withdraw/")
    missing = clara.post("/compliance/approvals/987654321/withdraw/")
    theirs.refresh_from_db()
    assert (refused.status_code, missing.status_code, theirs.state) == (404, 404, ApprovalState.WAITING)
    assert page_of(refused) == page_of(missing)
    client_for(scene.people.carl).post(f"/compliance/approvals/{theirs.pk}/withdraw/")
    theirs.refresh_from_db()
    assert theirs.state == ApprovalState.WITHDRAWN, "control: its owner can"


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_nobody_decides_their_own_request(decision: str, scene: Scene, client_for: ClientFor) -> None:
    own = Approval.objects.get(pk=scene.asked["olga"])
    answer = {"decision": decision, "words": "Agreed, I think."}
    client_for(scene.people.olga).post(f"/compliance/approvals/{own.pk}/", answer)
    own.refresh_from_db()
    assert own.state == ApprovalState.WAITING
    client_for(scene.people.otto).post(f"/compliance/approvals/{own.pk}/", answer)
    own.refresh_from_db()
    assert own.state != ApprovalState.WAITING, "control: a second person can"


def test_an_answer_of_another_conflict_cannot_be_chosen(scene: Scene, client_for: ClientFor) -> None:
    conflict = Conflict.objects.get(pk=scene.mine["conflict"])
    other = Conflict.objects.create(document_type=conflict.document_type, path="total")
    browser = client_for(make_person("cora", Role.CLERK))

    browser.post(f"/models/datasets/differing-answers/{other.pk}/", {"answer": scene.mine["conflict_answer"]})
    other.refresh_from_db()
    assert other.decided_at is None

    browser.post(f"/models/datasets/differing-answers/{conflict.pk}/", {"answer": scene.mine["conflict_answer"]})
    conflict.refresh_from_db()
    assert conflict.chosen_id == scene.mine["conflict_answer"], "control: of its own it can"


def test_a_trial_is_seen_only_in_the_browser_that_began_it(scene: Scene, client_for: ClientFor) -> None:
    token = "x" * 22
    place = trial._folder() / token
    place.mkdir(parents=True)
    (place / "schema.json").write_text("{}")
    own, other = client_for(scene.people.adam), client_for(make_person("anna", Role.ADMIN))
    session = own.session
    session[SESSION_KEY] = token
    session.save()
    try:
        address = f"/document-types/{scene.mine['type']}/1/trial/"
        assert b"Reading and extracting" in own.get(address).content, "control: it shows there"
        assert b"Reading and extracting" not in other.get(address).content
        assert b"Reading and extracting" not in other.get(f"{address}?token={token}").content
    finally:
        (place / "schema.json").unlink()
        place.rmdir()
