"""The screen and its requests: claims, who sees what, finishing, the queue, and what a bad request gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.documents.models import Document
from appliance.review.queries import load_review
from tests.appliance.cast import ClientFor
from tests.appliance.review.factory import VALUES, invoice_to_review


@pytest.fixture
def document(clara: Person) -> Document:
    return invoice_to_review(clara)


def url(document: Document, step: str = "") -> str:
    return f"/review/{document.pk}/{step}"


def post(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, content_type="application/json")


def version(document: Document) -> int:
    return Document.objects.get(pk=document.pk).version


def decide_everything(client: Client, document: Document) -> None:
    review = load_review(document)
    assert review is not None
    for path in ("issue_date", "due_date", "seller_name", "line_items[0].amount", "line_items[1].amount", "net_total"):
        body = {"version": version(document), "verb": "confirm", "path": path}
        assert post(client, url(document, "decide/"), body).status_code == 200


def actions(document: Document) -> list[str]:
    return list(AuditEvent.objects.filter(object_id=str(document.pk)).order_by("id").values_list("action", flat=True))


def test_opening_claims_the_document_for_fifteen_minutes(
    document: Document, clara: Person, client_for: ClientFor
) -> None:
    client_for(clara).get(url(document))
    document.refresh_from_db()
    assert document.claimed_by == clara
    assert document.claimed_until is not None
    assert timedelta(minutes=14) < document.claimed_until - timezone.now() <= timedelta(minutes=15)


def test_opening_again_renews_the_claim_without_another_record(
    document: Document, clara: Person, client_for: ClientFor
) -> None:
    for _ in range(2):
        client_for(clara).get(url(document))
    assert actions(document).count(Action.DOCUMENT_CLAIMED) == 1


def test_a_second_clerk_reads_only_and_sees_who_reviews(
    document: Document, clara: Person, carl: Person, client_for: ClientFor
) -> None:
    client_for(clara).get(url(document))
    page = client_for(carl).get(url(document)).content.decode()
    assert "Clara Clerk is reviewing this document." in page
    assert 'data-editable="no"' in page
    assert 'id="finish"' not in page


def test_a_second_clerks_decision_is_refused_in_a_sentence(
    document: Document, clara: Person, carl: Person, client_for: ClientFor
) -> None:
    client_for(clara).get(url(document))
    body = {"version": version(document), "verb": "confirm", "path": "iban"}
    response = post(client_for(carl), url(document, "decide/"), body)
    assert (response.status_code, response.json()["sentence"]) == (409, "Clara Clerk is reviewing this document now.")


def test_a_claim_that_ran_out_is_free_for_the_next(
    document: Document, clara: Person, carl: Person, client_for: ClientFor
) -> None:
    client_for(clara).get(url(document))
    Document.objects.filter(pk=document.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert 'data-editable="yes"' in client_for(carl).get(url(document)).content.decode()


def test_an_officer_reads_without_claiming_and_the_look_is_recorded(
    document: Document, olga: Person, client_for: ClientFor
) -> None:
    page = client_for(olga).get(url(document)).content.decode()
    document.refresh_from_db()
    assert "You see this document for reading only." in page
    assert document.claimed_by is None
    assert actions(document)[-1] == Action.DOCUMENT_VIEWED


def test_an_admin_is_refused(document: Document, adam: Person, client_for: ClientFor) -> None:
    assert client_for(adam).get(url(document)).status_code == 403


@pytest.mark.parametrize("step", ["decide/", "finish/", "renew/", "release/", "reopen/"])
def test_an_officer_can_change_nothing(document: Document, olga: Person, client_for: ClientFor, step: str) -> None:
    assert client_for(olga).post(url(document, step)).status_code == 403


def test_releasing_gives_the_document_back(document: Document, clara: Person, client_for: ClientFor) -> None:
    client = client_for(clara)
    client.get(url(document))
    response = client.post(url(document, "release/"))
    document.refresh_from_db()
    assert (response.status_code, document.claimed_by, document.claimed_until) == (302, None, None)


def test_finishing_is_refused_with_the_fields_that_are_left(
    document: Document, clara: Person, client_for: ClientFor
) -> None:
    client = client_for(clara)
    client.get(url(document))
    response = post(client, url(document, "finish/"), {"version": version(document)})
    assert response.status_code == 422
    assert [item["label"] for item in response.json()["left"]] == [
        "Issue date",
        "Due date",
        "Seller",
        "Line items 1, Amount",
        "Line items 2, Amount",
        "Net total",
    ]


def test_finishing_accepts_the_document_and_leads_on(document: Document, clara: Person, client_for: ClientFor) -> None:
    client = client_for(clara)
    client.get(url(document))
    decide_everything(client, document)
    response = post(client, url(document, "finish/"), {"version": version(document)})
    document.refresh_from_db()
    assert (response.json(), document.state, document.claimed_by) == ({"next": "/review/next/"}, "accepted", None)
    assert actions(document)[-1] == Action.DOCUMENT_FINISHED


def test_a_document_with_a_required_field_missing_cannot_be_finished_until_it_is_decided(
    clara: Person, client_for: ClientFor
) -> None:
    document, client = invoice_to_review(clara, values=VALUES | {"gross_total": None}), client_for(clara)
    client.get(url(document))
    response = post(client, url(document, "finish/"), {"version": version(document)})
    assert "Gross total" in [item["label"] for item in response.json()["left"]]
    body = {"version": version(document), "verb": "absent", "path": "gross_total"}
    left = post(client, url(document, "decide/"), body).json()["left"]
    review = load_review(Document.objects.get(pk=document.pk))
    assert review is not None
    assert (left, "Gross total" in [value.where for value in review.left]) == (len(review.left), False)


def test_a_finished_document_is_read_only_until_it_is_opened_again(
    document: Document, clara: Person, client_for: ClientFor
) -> None:
    client = client_for(clara)
    client.get(url(document))
    decide_everything(client, document)
    post(client, url(document, "finish/"), {"version": version(document)})
    assert 'data-editable="no"' in client.get(url(document)).content.decode()
    assert client.post(url(document, "reopen/")).status_code == 302
    assert 'data-editable="yes"' in client.get(url(document)).content.decode()


def test_the_queue_gives_the_oldest_document_that_nobody_else_holds(
    clara: Person, carl: Person, client_for: ClientFor
) -> None:
    older, newer = invoice_to_review(clara), invoice_to_review(clara, content=b"newer")
    client_for(clara).get(url(older))
    mine, his = (client_for(person).get("/review/next/").headers["Location"] for person in (clara, carl))
    assert (mine, his) == (url(older), url(newer))


def test_an_empty_queue_leads_to_the_inbox(clara: Person, client_for: ClientFor) -> None:
    assert client_for(clara).get("/review/next/").headers["Location"] == "/documents/"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"verb": "confirm", "path": "iban"}, "version"),
        ({"version": 1, "verb": "guess", "path": "iban"}, "verb"),
        ({"version": 1, "verb": "take", "path": "iban", "spans": [[1]]}, "spans"),
        ({"version": 1, "verb": "take", "path": "iban", "spans": [[-1, 4]]}, "spans"),
        ({"version": 1, "verb": "type", "path": "iban", "text": "x" * 2001}, "text"),
        ({"version": 1, "verb": "confirm", "path": "iban", "state": "accepted"}, "state"),
    ],
)
def test_a_request_that_does_not_fit_is_refused_and_says_where(
    document: Document, clara: Person, client_for: ClientFor, body: dict[str, Any], named: str
) -> None:
    response = post(client_for(clara), url(document, "decide/"), body)
    assert response.status_code == 400
    assert named in response.json()["sentence"]


def test_a_path_that_is_not_written_as_one_is_refused(document: Document, clara: Person, client_for: ClientFor) -> None:
    client = client_for(clara)
    client.get(url(document))
    body = {"version": version(document), "verb": "confirm", "path": "iban; drop"}
    response = post(client, url(document, "decide/"), body)
    assert (response.status_code, response.json()["code"]) == (422, "unknown_field")


def test_text_of_the_document_is_escaped_on_the_page(clara: Person, client_for: ClientFor) -> None:
    document = invoice_to_review(clara, name="<script>alert(1)</script>.pdf")
    page = client_for(clara).get(url(document)).content.decode()
    assert "<script>alert" not in page


def test_a_decision_needs_the_token_of_the_page(document: Document, clara: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(clara, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, url(document, "decide/"), {"version": 1, "verb": "undo"}).status_code == 403
