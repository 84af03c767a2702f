from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.checking.models import LogCheck, Verdict
from appliance.audit.checkpoints.services import register_witness, store_countersignature
from appliance.audit.log.anchors import write_anchor
from appliance.audit.log.key_history import first_key
from appliance.audit.models import AuditEvent, Reconciliation
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import OLGAS_KEY, countersigned, sign_now

PAGE = "/log/overview/"


def sentences(page) -> list[str]:
    return [line.sentence for line in page.context["overview"].health]


def test_a_log_that_is_well_is_in_order_and_says_so_in_one_sentence(olga, client_for):
    entry()
    checkpoint = sign_now()
    write_anchor(checkpoint)
    register_witness(key_line=OLGAS_KEY.public.line, by="olga")
    store_countersignature(untrusted_note=countersigned(checkpoint), by="olga")
    Reconciliation.objects.create(made_at=timezone.now(), events=1, subjects=1, finding_count=0, findings=[])
    page = client_for(olga).get(PAGE)

    assert sentences(page) == ["The log is in order."]
    assert first_key().fingerprint in page.text
    assert "by olga, over" in page.text
    assert "every change has its record" in page.text
    assert "holds the newest checkpoint" in page.text


def test_a_new_box_says_what_comes_next(olga, client_for):
    page = client_for(olga).get(PAGE)

    assert sentences(page) == ["No checkpoint has been signed yet."]
    assert "none yet; it runs every night" in page.text


def test_a_log_without_anchor_and_signature_says_both_and_what_to_do(olga, client_for):
    entry()
    sign_now()
    said = sentences(client_for(olga).get(PAGE))

    assert any(sentence.startswith("Checkpoints are not anchored") for sentence in said)
    assert any(sentence.startswith("Never counter-signed") for sentence in said)


def test_what_a_check_found_stands_first(olga, client_for):
    entry()
    sign_now()
    LogCheck.objects.create(
        asked_by="olga", is_open=False, finished_at=timezone.now(), verdict=Verdict.TAMPERED, kind="cut"
    )

    assert sentences(client_for(olga).get(PAGE))[0].startswith("The last check found the log wrong: The log is shorter")


def test_entries_that_wait_are_counted(olga, client_for):
    entry()
    sign_now()
    entry()
    entry()
    facts = client_for(olga).get(PAGE).context["overview"].facts

    assert (facts.size, facts.waiting) == (3, 2)
    assert facts.oldest_waiting < timedelta(seconds=60)


def test_exceptions_lead_to_the_log(olga, client_for):
    entry(Action.LOGIN_FAILED, outcome=Outcome.REFUSED)
    page = client_for(olga).get(f"{PAGE}?days=30")

    assert page.context["overview"].exceptions.period == 30
    assert "?action=login_failed&amp;since=" in page.text
    assert 'class="kind-failed-log-ins"' in page.text


@pytest.mark.parametrize("days", ["", "0", "x", "365"])
def test_another_period_is_a_week(olga, client_for, days):
    assert client_for(olga).get(f"{PAGE}?days={days}").context["overview"].exceptions.period == 7


def test_the_page_needs_no_style_and_no_script_of_its_own(olga, client_for):
    text = client_for(olga).get(PAGE).text

    assert " style=" not in text
    assert "<script>" not in text


def test_each_view_is_recorded(olga, client_for):
    client_for(olga).get(PAGE)

    assert [(e.actor, e.action, e.reason) for e in AuditEvent.objects.all()] == [("olga", "log_viewed", "overview")]


def test_the_officer_starts_here(olga, client_for):
    assert client_for(olga).get("/")["Location"] == PAGE


@pytest.mark.parametrize("who", ["clara", "adam"])
def test_it_is_closed_to_others(request, client_for, who):
    assert client_for(request.getfixturevalue(who)).get(PAGE).status_code == 403
