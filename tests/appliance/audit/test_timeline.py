from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from appliance.audit import timeline
from appliance.audit.actions import Action
from appliance.audit.evidence import NoEvidence, picture_of
from appliance.audit.models import AuditEvent
from appliance.audit.record import Subject
from appliance.documents.models import Document, Page
from appliance.review.models import Decision
from tests.appliance.audit.made import FAR_AWAY, corrected, entry
from tests.appliance.behind_the_log import overwrite
from tests.appliance.documents.made import to_review


@pytest.fixture
def document(clara) -> Document:
    return to_review(clara)


def actions(document: Document, *, accesses: bool = False) -> list[str]:
    return [e.event.action for e in timeline.timeline_page(document, accesses=accesses).entries]


def test_timeline_tells_the_life_of_a_document_in_order(document):
    assert actions(document) == [
        "document_uploaded",
        "document_reading",
        "document_read",
        "document_extracting",
        "document_extracted",
    ]


def test_timeline_leaves_out_other_documents(document):
    entry(Action.DOCUMENT_EXPORTED, subject=Subject("document", FAR_AWAY["document_id"], 1))

    assert "document_exported" not in actions(document)


def test_timeline_shows_accesses_only_when_asked(document):
    entry(Action.DOCUMENT_VIEWED, subject=Subject("document", str(document.pk), 5))

    assert "document_viewed" not in actions(document)
    assert actions(document, accesses=True)[-1] == "document_viewed"


def test_timeline_shows_a_correction_with_old_and_new_value(document, clara):
    corrected(document, clara)
    change = timeline.timeline_page(document, accesses=False).entries[-1].change

    assert (change.before, change.after, change.is_proven) == ("12.50", "12.80", True)


@pytest.mark.parametrize("altered", [{"raw": "99.00", "normal": "99.00"}, {"salt": "0" * 32}])
def test_timeline_reports_a_stored_value_that_the_log_did_not_commit_to(document, clara, altered):
    decision = corrected(document, clara)
    overwrite(Decision.objects.filter(pk=decision.pk), **altered)
    last = timeline.timeline_page(document, accesses=False).entries[-1]

    assert (last.change, last.is_lost) == (None, True)


@pytest.mark.parametrize("name", ["before_raw", "before_normal", "normal"])
def test_timeline_reports_each_other_part_that_the_log_did_not_commit_to(document, clara, name):
    decision = corrected(document, clara)
    overwrite(Decision.objects.filter(pk=decision.pk), **{name: "99.00"})

    assert not timeline.timeline_page(document, accesses=False).entries[-1].change.is_proven


def test_timeline_names_the_digests_of_each_extraction(document):
    extracted = timeline.timeline_page(document, accesses=False).entries[-1]

    assert set(extracted.digests) == {"model", "prompt", "schema", "reader", "grammar", "extraction"}
    assert extracted.digests["model"] == "m" * 64


def test_timeline_goes_on_where_the_page_ends(document, monkeypatch):
    monkeypatch.setattr(timeline, "PAGE_SIZE", 3)
    first = timeline.timeline_page(document, accesses=False)
    second = timeline.timeline_page(document, accesses=False, after=first.newer)

    assert [len(first.entries), len(second.entries), second.newer] == [3, 2, None]


def test_timeline_page_shows_change_digests_and_the_way_to_the_evidence(document, clara, olga, client_for):
    decision = corrected(document, clara)
    text = client_for(olga).get(f"/log/documents/{document.pk}/").text

    assert "<del>12.50</del>" in text
    assert "<ins>12.80</ins>" in text
    assert "m" * 64 in text
    assert f"/log/evidence/decisions/{decision.pk}/" in text


def test_view_of_a_timeline_is_recorded_once(document, olga, client_for):
    client_for(olga).get(f"/log/documents/{document.pk}/")
    viewed = AuditEvent.objects.filter(actor="olga")

    assert [(e.action, e.object_id) for e in viewed] == [("timeline_viewed", str(document.pk))]


def test_timeline_of_no_document_is_not_found(olga, client_for):
    assert client_for(olga).get(f"/log/documents/{FAR_AWAY['document_id']}/").status_code == 404


def test_evidence_is_the_framed_piece_of_the_page(document):
    """A page of 40 x 60 pixels; with the margin, columns 3 to 20 and rows 10 to 25."""
    with Image.open(io.BytesIO(picture_of(document, [[1, 0.1, 0.2, 0.5, 0.4]]))) as picture:
        assert picture.size == (18, 16)


@pytest.mark.parametrize(
    "box", [[0, 0, 1, 1], [-1, -1, 2, 2], [0.5, 0.5, 0.5, 0.5], [1, 1, 1, 1], [0.9, 0.9, 0.1, 0.1]]
)
def test_evidence_never_reaches_out_of_the_page(document, box):
    page = Page.objects.get(document=document)
    with Image.open(io.BytesIO(picture_of(document, [[1, *box]]))) as picture:
        assert 1 <= picture.width <= page.width
        assert 1 <= picture.height <= page.height


@pytest.mark.parametrize("regions", [[], [[2, 0, 0, 1, 1]]])
def test_evidence_without_a_place_is_refused(document, regions):
    with pytest.raises(NoEvidence):
        picture_of(document, regions)


def test_view_of_evidence_is_recorded_as_a_view_of_the_document(document, olga, client_for):
    value = document.extractions.get().values.get(path="total")
    answer = client_for(olga).get(f"/log/evidence/values/{value.pk}/")
    viewed = AuditEvent.objects.filter(actor="olga")

    assert base64.b64decode(answer.context["picture"]).startswith(b"\x89PNG")
    assert "data:image/png;base64," in answer.text
    assert [(e.action, e.reason) for e in viewed] == [("document_viewed", "the place of total on the page")]
