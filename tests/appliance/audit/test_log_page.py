from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appliance.audit import queries
from appliance.audit.actions import Action, Outcome
from appliance.audit.filters import LogFilter, LogFilterForm
from appliance.audit.models import AuditEvent
from appliance.audit.record import Subject
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import sign_now
from tests.appliance.documents.made import to_review

LOG = "/log/"


def shown(page) -> list[int]:
    return [row.event.pk for row in page.context["page"].rows]


def test_log_shows_the_newest_entry_first(olga, client_for):
    entries = [entry().pk for _ in range(3)]

    assert shown(client_for(olga).get(LOG)) == entries[::-1]


def test_log_says_what_happened_in_words(olga, client_for):
    entry(Action.LOCKED_OUT, outcome=Outcome.REFUSED)
    page = client_for(olga).get(LOG)

    assert "Locked out after failed log-ins" in page.text
    assert timezone.now().strftime("%Y-%m-%d") in page.text
    assert "UTC" in page.text


def test_each_view_of_the_log_is_recorded_once_with_its_filter(olga, client_for):
    client_for(olga).get(f"{LOG}?person=clara&action=logged_in")
    events = AuditEvent.objects.all()

    assert [(e.actor, e.action, e.reason) for e in events] == [("olga", "log_viewed", "person=clara, action=logged_in")]


def test_record_of_a_view_does_not_repeat_a_file_name(olga, client_for):
    client_for(olga).get(f"{LOG}?document=Jane+Doe")

    assert AuditEvent.objects.get().reason == "document=(by file name)"


@pytest.mark.parametrize(("query", "wanted"), [
    ("person=carl", ["carl in"]),
    ("person=car", []),
    ("action=logged_out", ["clara out"]),
    ("outcome=refused", ["clara failed"]),
    ("outcome=done&person=clara", ["clara out", "clara in"]),
    ("", ["clara failed", "clara out", "carl in", "clara in"]),
])  # fmt: skip
def test_log_is_filtered_by_person_action_and_outcome(olga, client_for, query, wanted):
    made = {
        entry(actor="clara").pk: "clara in",
        entry(actor="carl").pk: "carl in",
        entry(Action.LOGGED_OUT).pk: "clara out",
        entry(Action.LOGIN_FAILED, outcome=Outcome.REFUSED).pk: "clara failed",
    }

    assert [made[pk] for pk in shown(client_for(olga).get(f"{LOG}?{query}"))] == wanted


@pytest.mark.parametrize(("since", "until", "found"), [(0, 0, 1), (-1, 0, 1), (1, 2, 0), (-2, -1, 0)])
def test_log_is_filtered_by_whole_days(olga, client_for, since, until, found):
    entry()
    days = [timezone.localdate() + timedelta(days=n) for n in (since, until)]
    page = client_for(olga).get(f"{LOG}?since={days[0]}&until={days[1]}")

    assert len(shown(page)) == found


def test_log_is_filtered_by_document_id_and_by_piece_of_its_name(olga, clara, client_for):
    document = to_review(clara)
    entry(subject=Subject("document", str(uuid4()), 1))
    by_id = shown(client_for(olga).get(f"{LOG}?document={document.pk}"))
    by_name = shown(client_for(olga).get(f"{LOG}?document=SCAN"))

    assert by_id == by_name
    assert set(by_id) == set(AuditEvent.objects.filter(object_id=str(document.pk)).values_list("pk", flat=True))


def test_log_links_a_document_to_its_timeline(olga, clara, client_for):
    document = to_review(clara)

    assert f'href="/log/documents/{document.pk}/"' in client_for(olga).get(LOG).text


@pytest.mark.parametrize("query", [
    "since=2026-02-30", "action=coffee", "since=2026-02-02&until=2026-02-01", "person=%00", "until=9999-12-31",
])  # fmt: skip
def test_filter_that_makes_no_sense_is_explained(olga, client_for, query):
    page = client_for(olga).get(f"{LOG}?{query}")

    assert page.status_code == 200
    assert len(page.context["form"].errors) == 1
    assert "page" not in page.context


def test_filter_without_a_match_says_what_to_do(olga, client_for):
    assert "No entry fits this filter" in client_for(olga).get(f"{LOG}?person=nobody").text


@pytest.mark.parametrize("before", ["x", "-1", "999999999999999999999", "١"])
def test_place_that_does_not_exist_is_the_beginning(olga, client_for, before):
    newest = entry().pk

    assert shown(client_for(olga).get(f"{LOG}?before={before}")) == [newest]


def test_pages_of_the_log_hold_every_entry_once(db, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 3)
    AuditEvent.objects.bulk_create(_same_moment(4))
    for _ in range(8):
        entry()
    entries = sorted(AuditEvent.objects.values_list("pk", flat=True), reverse=True)
    seen, before = [], None
    while True:
        page = queries.log_page(LogFilter(), document_ids=[], before=before)
        seen += [row.event.pk for row in page.rows]
        before = page.older
        if before is None:
            break

    assert seen == entries


def test_paging_never_counts_off_rows(olga):
    newest = entry().pk
    with CaptureQueriesContext(connection) as captured:
        queries.log_page(LogFilter(), document_ids=[], before=newest)

    assert not any("OFFSET" in query["sql"] for query in captured)
    assert any("LIMIT" in query["sql"] for query in captured)


def test_an_entry_has_its_number_in_the_tree_or_waits(olga, client_for):
    first, second = entry(), entry()
    sign_now()
    waiting = entry()
    page = client_for(olga).get(f"{LOG}?person=clara")
    index = {row.event.pk: row.index for row in page.context["page"].rows}

    assert index[waiting.pk] is None
    assert (index[first.pk], index[second.pk]) == (first.leaf.index, second.leaf.index)
    assert "waiting" in page.text


def test_the_log_can_be_read_from_a_number_on(olga, client_for):
    entries = [entry() for _ in range(4)]
    sign_now()
    page = client_for(olga).get(f"{LOG}?person=clara&entry={entries[2].leaf.index}")

    assert shown(page) == [made.pk for made in entries[2::-1]]
    assert "Newest" in page.text


@pytest.mark.parametrize(("number", "said"), [("7", "there is none yet"), ("-1", "greater than or equal to 0")])
def test_a_number_that_is_not_there_is_explained(olga, client_for, number, said):
    assert said in client_for(olga).get(f"{LOG}?entry={number}").text


def test_paging_from_a_number_never_counts_off_rows(olga):
    entry()
    sign_now()
    with CaptureQueriesContext(connection) as captured:
        queries.log_page(LogFilter(), document_ids=[], entry=0)

    assert not any("OFFSET" in query["sql"] for query in captured)
    assert len(captured) <= 4


def test_an_entry_in_the_tree_shows_its_leaf_and_its_checkpoint(olga, client_for):
    event = entry()
    checkpoint = sign_now()
    page = client_for(olga).get(f"{LOG}events/{event.pk}/")

    assert bytes(event.leaf.leaf_hash).hex() in page.text
    assert f"checkpoint over {checkpoint.size} entries" in page.text
    assert f'href="/log/events/{event.pk}/proof/"' in page.text


def test_an_entry_whose_record_left_its_leaf_is_reported(olga):
    event = entry()
    sign_now()
    assert queries.event_detail(event).leaf_fits
    event.record = bytes(event.record).replace(b"clara", b"clark")

    assert not queries.event_detail(event).leaf_fits


def test_filter_survives_the_way_through_the_url():
    chosen = LogFilter(person="a b&c", document="ü", since=timezone.localdate())
    form = LogFilterForm(dict(part.split("=") for part in chosen.query.split("&")))

    assert chosen.query == f"person=a+b%26c&document=%C3%BC&since={timezone.localdate()}"
    assert form.is_valid()


def test_entry_is_shown_in_full_with_the_digest_of_its_bytes(olga, client_for):
    event = entry(Action.DOCUMENT_VIEWED, subject=Subject("document", "gone", 3), reason="a reason")
    page = client_for(olga).get(f"{LOG}events/{event.pk}/")
    detail = page.context["detail"]

    assert json.loads(detail.pretty_record) == json.loads(bytes(event.record))
    assert detail.sha256 in page.text
    assert detail.agrees
    assert "a reason" in page.text


@pytest.mark.parametrize("change", [
    {"actor": "carl"}, {"outcome": "failed"}, {"reason": "other"}, {"object_id": "other"},
    {"recorded_at": timezone.now()},
])  # fmt: skip
def test_entry_whose_columns_differ_from_its_record_is_reported(olga, change):
    event = entry(subject=Subject("document", "d", 1), reason="a reason")
    for name, value in change.items():
        setattr(event, name, value)

    assert not queries.event_detail(event).agrees


def test_view_of_an_entry_is_recorded(olga, client_for):
    event = entry()
    client_for(olga).get(f"{LOG}events/{event.pk}/")
    viewed = AuditEvent.objects.order_by("-pk").first()

    assert (viewed.actor, viewed.action, viewed.object_id) == ("olga", "log_viewed", str(event.event_id))


@pytest.mark.parametrize("who", ["clara", "adam"])
def test_log_is_closed_to_clerks_and_admins_and_the_try_is_recorded(request, client_for, who):
    person = request.getfixturevalue(who)
    answer = client_for(person).get(LOG)
    event = AuditEvent.objects.get()

    assert answer.status_code == 403
    assert (event.actor, event.action, event.object_id, event.outcome) == (who, "access_refused", LOG, "refused")
    assert event.reason == "needs view_log"


def _same_moment(count: int) -> list[AuditEvent]:
    """Entries of one and the same microsecond: only their number tells them apart."""
    return [AuditEvent(recorded_at=timezone.now().replace(microsecond=0), record=b"{}") for _ in range(count)]
