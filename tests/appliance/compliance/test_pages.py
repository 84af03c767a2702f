"""The pages, as people of each role meet them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.urls import reverse
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import GRANTS, Permission, Role
from appliance.audit.models import AuditEvent
from appliance.compliance.models import Approval, LegalHold, RetentionRule, Tombstone
from appliance.compliance.rights import WORDS, matrix
from appliance.documents.models import Document
from tests.appliance.cast import make_person
from tests.appliance.compliance.made import asked, deleted, held, second_officer
from tests.appliance.documents.made import receipt_type, to_review

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


def views_logged() -> list[str]:
    events = AuditEvent.objects.filter(action="compliance_viewed", object_type="page").order_by("pk")
    return list(events.values_list("object_id", flat=True))


def test_the_queue_says_what_why_who_and_since_when(client_for, clara, olga):
    asked(clara, to_review(clara))

    shown = text_of(client_for(olga).get(reverse("compliance:approvals")))

    for words in ("Delete one document", "Sent in by mistake.", "Clara Clerk", "Decide"):
        assert words in shown
    assert views_logged() == ["approvals"]


def test_an_officer_alone_is_told_so(client_for, clara, olga):
    asked(olga, to_review(clara))
    browser = client_for(olga)
    assert "No other compliance officer is active" in text_of(browser.get(reverse("compliance:approvals")))
    second_officer()

    shown = text_of(browser.get(reverse("compliance:approvals")))

    assert "No other compliance officer" not in shown
    assert "your request" in shown


def test_deciding_on_the_page_deletes_and_shows_what_was_done(client_for, clara, olga):
    document = to_review(clara)
    request = asked(clara, document)
    browser, page = client_for(olga), reverse("compliance:approval", args=[request.pk])
    assert "destroyed" in text_of(browser.get(page))

    for _ in range(2):
        answer = browser.post(page, {"words": "Agreed.", "decision": "approve"}, follow=True)

    shown = text_of(answer)
    assert "Approved and carried out" in shown
    assert "its tombstone is left" in shown
    assert Tombstone.objects.count() == 1


def test_a_decision_needs_words(client_for, clara, olga):
    page = reverse("compliance:approval", args=[asked(clara, to_review(clara)).pk])

    answer = client_for(olga).post(page, {"words": "", "decision": "approve"})

    assert "This field is required" in text_of(answer)
    assert Document.objects.exists()


def test_refusing_keeps_the_document(client_for, clara, olga):
    page = reverse("compliance:approval", args=[asked(clara, to_review(clara)).pk])

    answer = client_for(olga).post(page, {"words": "We need it.", "decision": "refuse"}, follow=True)

    assert "Refused. Nothing was done." in text_of(answer)
    assert "We need it." in text_of(client_for(olga).get(reverse("compliance:decided")))
    assert Document.objects.exists()


def test_a_hold_in_the_way_is_told_before_and_after(client_for, clara, olga):
    document = to_review(clara)
    request = asked(clara, document)
    held(olga, document)
    browser, page = client_for(olga), reverse("compliance:approval", args=[request.pk])
    assert "cannot be carried out while this legal hold is in force: Case 7" in text_of(browser.get(page))

    answer = browser.post(page, {"words": "Go.", "decision": "approve"}, follow=True)

    assert "A legal hold forbids it. It is: Case 7." in text_of(answer)
    assert Document.objects.exists()


def test_a_clerk_learns_that_a_document_is_held_and_not_by_what_case(client_for, clara, olga):
    document = to_review(clara)
    held(olga, document)
    page = reverse("compliance:document", args=[document.pk])

    shown = text_of(client_for(clara).get(page)) + text_of(client_for(clara).post(page, {"reason": "x"}, follow=True))

    assert "A legal hold forbids it." in shown
    assert "Case 7" not in shown
    assert "Case 7" in text_of(client_for(olga).get(page))


def test_a_clerk_asks_for_a_deletion_and_withdraws(client_for, clara, carl):
    document = to_review(clara)
    browser, page = client_for(clara), reverse("compliance:document", args=[document.pk])
    browser.post(page, {"reason": "Wrong patient file."})
    assert "Withdraw my request" in text_of(browser.get(page))
    assert "Withdraw my request" not in text_of(client_for(carl).get(page))

    browser.post(reverse("compliance:withdraw", args=[Approval.objects.get().pk]))

    assert "Ask for its deletion" in text_of(browser.get(page))


def test_the_page_of_a_deleted_document_says_what_when_and_by_whom(client_for, clara, olga):
    document = to_review(clara)
    deleted(clara, olga, document)

    answer = client_for(clara).get(reverse("review:document", args=[document.pk]), follow=True)

    shown = text_of(answer)
    for words in (
        "This document was deleted",
        "(clara)</span>, 20",
        "Clara Clerk",
        "Olga Officer",
        "Sent in by mistake.",
        document.sha256,
    ):
        assert words in shown
    assert document.untrusted_name not in shown
    assert str(document.pk)[:8] in text_of(client_for(olga).get(reverse("compliance:deleted")))


def test_a_document_that_never_was_is_not_found(client_for, olga):
    page = reverse("compliance:document", args=["00000000-0000-4000-8000-000000000000"])

    assert client_for(olga).get(page).status_code == 404


def test_a_hold_is_placed_by_ids_and_its_release_asked_for(client_for, clara, olga):
    document = to_review(clara)
    browser = client_for(olga)
    assert str(document.pk) in text_of(browser.get(reverse("compliance:hold_new") + f"?document={document.pk}"))
    given = {"name": "Case 7", "reason": "Court", "scope": "list", "documents": str(document.pk)}

    answer = browser.post(reverse("compliance:hold_new"), given, follow=True)

    assert "is in force" in text_of(answer)
    hold = LegalHold.objects.get()
    browser.post(reverse("compliance:hold", args=[hold.pk]), {"reason": "Case closed"})
    assert "A second officer decides" in text_of(browser.get(reverse("compliance:hold", args=[hold.pk])))
    request = Approval.objects.get()
    client_for(second_officer()).post(
        reverse("compliance:approval", args=[request.pk]), {"words": "Yes", "decision": "approve"}
    )
    assert "Released" in text_of(browser.get(reverse("compliance:holds")))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"scope": "list"}, "Name at least one document."),
        ({"scope": "list", "documents": "x"}, "is not the id of a document"),
        ({"scope": "list", "documents": "00000000-0000-4000-8000-000000000000"}, "None of these ids"),
        ({"scope": "type"}, "Choose the type."),
        ({"scope": "filter"}, "Fill in at least one part"),
        ({"scope": "filter", "uploaded_from": "2026-02-02", "uploaded_until": "2026-01-01"}, "swap the two days"),
    ],
)
def test_a_hold_that_covers_nothing_is_explained(client_for, olga, wrong, told):
    answer = client_for(olga).post(reverse("compliance:hold_new"), {"name": "A", "reason": "B", **wrong})

    assert told in text_of(answer)
    assert not LegalHold.objects.exists()


def test_a_rule_is_asked_for_and_stopped_at_once(client_for, olga):
    receipt_type()
    browser, page = client_for(olga), reverse("compliance:rule", args=["receipt"])
    given = {"days": 30, "counts_from": "upload", "automatic": "delete", "reason": "The law"}
    assert "second officer approves" in text_of(browser.post(page, given, follow=True))
    assert not RetentionRule.objects.exists()
    client_for(second_officer()).post(
        reverse("compliance:approval", args=[Approval.objects.get().pk]), {"words": "Yes", "decision": "approve"}
    )
    assert "deleted by itself 30 days after upload" in text_of(browser.get(reverse("compliance:retention")))

    browser.post(reverse("compliance:keep", args=["receipt"]))

    assert RetentionRule.objects.get().days is None


def test_what_falls_due_is_shown_before_it_does(client_for, clara, olga):
    document = to_review(clara)
    Document.objects.update(uploaded_at=timezone.now() - timedelta(days=20))
    RetentionRule.objects.create(document_type=receipt_type(), days=30, counts_from="upload")
    held(olga, document)

    shown = text_of(client_for(olga).get(reverse("compliance:retention")))

    assert "1 <span" in shown
    assert "Kept by a legal hold" in shown


def test_the_rights_are_those_that_the_box_obeys(client_for, adam):
    shown = text_of(client_for(adam).get(reverse("compliance:rights")))

    assert set(WORDS) == set(Permission)
    for row in matrix():
        assert row.words in shown
        assert row.granted == tuple(row.permission in GRANTS[role] for role in Role)
    pages = {page for row in matrix() for page in row.pages}
    assert "/compliance/holds/new/" in pages


def test_the_rights_as_csv_name_everybody_and_hold_no_formula(client_for, olga):
    make_person("eve", Role.CLERK, full_name="=HYPERLINK(1) Eve")

    answer = client_for(olga).get(reverse("compliance:rights_csv"))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["upload_documents", WORDS[Permission.UPLOAD_DOCUMENTS], "yes", "no", "no"] == rows[1][:5]
    assert ["eve", "'=HYPERLINK(1) Eve", "Clerk", "yes", "never"] in rows
    assert AuditEvent.objects.filter(action="rights_exported").count() == 1


def test_accounts_at_rest_are_listed_and_only_the_admin_gets_a_link(client_for, settings, olga, adam):
    settings.DORMANT_DAYS = 10
    old = make_person("dora", Role.CLERK, full_name="Dora Dormant")
    make_person("nora", Role.CLERK, full_name="Nora Never")
    fresh = make_person("fred", Role.CLERK, full_name="Fred Fresh")
    Person.objects.filter(pk=old.pk).update(last_login=timezone.now() - timedelta(days=11))
    Person.objects.filter(pk__in=(fresh.pk,)).update(last_login=timezone.now() - timedelta(days=9))
    AccessAttempt.objects.create(username="fred", ip_address="192.0.2.1", failures_since_start=5)

    for_admin = text_of(client_for(adam).get(reverse("compliance:accounts")))
    for_officer = text_of(client_for(olga).get(reverse("compliance:accounts")))

    dormant, rest = for_admin.split("Never logged in")
    assert "Dora Dormant" in dormant
    assert "Fred Fresh" not in dormant
    never, locked = rest.split("Locked after failed log-ins")
    assert "Nora Never" in never
    assert "Fred Fresh" in locked
    link = reverse("accounts:person", args=[old.pk])
    assert (link in for_admin, link in for_officer) == (True, False)


@pytest.mark.parametrize("page", ["audit:timeline", "dossier:dossier", "review:document"])
def test_every_way_to_a_deleted_document_leads_to_its_tombstone(client_for, clara, olga, page):
    document = to_review(clara)
    deleted(clara, olga, document)

    answer = client_for(olga).get(reverse(page, args=[document.pk]))

    assert answer["Location"] == reverse("compliance:document", args=[document.pk])


def test_the_log_leads_to_the_tombstone(client_for, clara, olga):
    document = to_review(clara)
    deleted(clara, olga, document)

    shown = text_of(client_for(olga).get(reverse("audit:log")))

    assert f'<a href="{reverse("compliance:document", args=[document.pk])}"' in shown
