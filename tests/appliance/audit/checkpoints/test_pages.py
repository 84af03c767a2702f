from __future__ import annotations

import pytest

from appliance.audit.checkpoints import queries
from appliance.audit.checkpoints.services import register_witness, store_countersignature
from appliance.audit.models import AuditEvent
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import OLGAS_KEY, countersigned, sign_now

LIST = "/log/checkpoints/"


@pytest.fixture
def checkpoints(db):
    """Five, the oldest first; the third is counter-signed."""
    made = []
    for _ in range(5):
        entry()
        made.append(sign_now())
    register_witness(key_line=OLGAS_KEY.public.line, by="olga")
    store_countersignature(untrusted_note=countersigned(made[2]), by="olga")
    return made


def sizes(page) -> list[int]:
    return [row.size for row in page.context["page"].rows]


def test_checkpoints_are_listed_newest_first_in_pages(checkpoints, olga, client_for, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    browser, seen, address = client_for(olga), [], LIST
    while address:
        page = browser.get(address)
        seen += sizes(page)
        older = page.context["page"].older
        address = f"{LIST}?from={older}" if older is not None else ""

    assert seen == [checkpoint.size for checkpoint in checkpoints[::-1]]


def test_only_counter_signed_ones_can_be_asked_for(checkpoints, olga, client_for):
    page = client_for(olga).get(f"{LIST}?signed=1")

    assert sizes(page) == [checkpoints[2].size]
    assert page.context["page"].rows[0].witnesses == ("olga",)


def test_a_note_is_handed_out_with_its_counter_signature(checkpoints, olga, client_for):
    plain = client_for(olga).get(f"{LIST}{checkpoints[0].size}/note/").content.decode()
    signed = client_for(olga).get(f"{LIST}{checkpoints[2].size}/note/").content.decode()

    assert plain == checkpoints[0].note
    assert signed.startswith(checkpoints[2].note)
    assert "\n— olga " in signed


def test_the_paper_shows_the_newest_with_its_code(checkpoints, olga, client_for):
    page = client_for(olga).get(f"{LIST}paper/")

    assert page.context["row"].size == checkpoints[-1].size
    assert bytes(checkpoints[-1].root).hex() in page.text
    assert '<svg class="qr"' in page.text
    assert " style=" not in page.text


def test_the_code_holds_the_logs_own_signature_alone(checkpoints, db):
    row = queries.checkpoint_of(checkpoints[2].size)

    assert "— olga " in row.note
    assert queries.without_cosignatures(row) == checkpoints[2].note


def test_a_box_without_checkpoints_says_what_to_wait_for(olga, client_for):
    assert "No checkpoint yet" in client_for(olga).get(LIST).text
    assert "within a minute of its start" in client_for(olga).get(f"{LIST}paper/", follow=True).text


@pytest.mark.parametrize("path", ["999/note/", "999/paper/"])
def test_a_checkpoint_that_is_not_there_is_explained(checkpoints, olga, client_for, path):
    assert "no checkpoint of this size" in client_for(olga).get(f"{LIST}{path}", follow=True).text


@pytest.mark.parametrize("start", ["x", "-1", "9" * 30])
def test_a_size_that_makes_no_sense_is_the_newest(checkpoints, olga, client_for, start):
    assert len(sizes(client_for(olga).get(f"{LIST}?from={start}"))) == 5


def test_views_are_recorded(checkpoints, olga, client_for):
    client_for(olga).get(f"{LIST}{checkpoints[0].size}/paper/")
    event = AuditEvent.objects.order_by("-pk").first()

    assert (event.actor, event.action) == ("olga", "log_viewed")
    assert event.reason == f"checkpoint over {checkpoints[0].size} entries, on paper"


@pytest.mark.parametrize("path", [LIST, f"{LIST}paper/", f"{LIST}1/note/"])
def test_they_are_closed_to_clerks(clara, client_for, path):
    assert client_for(clara).get(path).status_code == 403
