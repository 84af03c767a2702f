"""From an answer back to its place on the stored page."""

from __future__ import annotations

import pytest

from appliance.accounts.models import Person
from appliance.audit.evidence import NoEvidence
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import regions_json
from appliance.retraining.models import Measured, MeasuredValue
from appliance.retraining.runs import gallery
from appliance.retraining.runs.gallery import carried_back, crop_of, field_of, gallery_of
from extraction.ground import WordMap
from extraction.records import Span
from extraction.spans import UnitIndex
from extraction.text_document import document_from_text
from tests.appliance.retraining.datasets.made import reviewed
from tests.appliance.retraining.runs import made


@pytest.mark.parametrize(
    ("path", "field"),
    [("total", "total"), ("line_items[0].amount", "line_items.amount"), ("notes[2]", "notes"), ("a.b", "a.b")],
)
def test_rows_of_a_list_are_one_field(path: str, field: str) -> None:
    assert field_of(path) == field


@pytest.mark.parametrize(
    ("stored", "flat", "span", "expected"),
    [
        ("Total 12.50", "Total 12.50", Span(6, 11), Span(6, 11)),
        ("Total 12.50", "To tal 12.50", Span(7, 12), Span(6, 11)),
        ("Tot\u00a0al 12.50 x", "Tot al 12.50 x", Span(0, 6), Span(0, 6)),
    ],
    ids=["the same", "a blank more", "another blank"],
)
def test_a_place_is_carried_back(stored: str, flat: str, span: Span, expected: Span) -> None:
    assert carried_back(span, stored, flat) == expected


@pytest.fixture
def value(adam: Person, base: str, clara: Person) -> MeasuredValue:
    run = made.asked(adam, base, made.snapshot(documents=[reviewed(clara, "Company 0 Ltd", 0)]))
    measured = Measured.objects.create(run=run, snapshot=run.snapshot, model_digest="c" * 64, role="x", summary={})
    entry = run.snapshot.entries.order_by("position")[0]
    return MeasuredValue.objects.create(
        measured=measured, entry=entry, path="total", is_exact=False, is_right=False, untrusted_got="Company"
    )


@pytest.mark.django_db
def test_the_words_under_an_answer_are_found_on_the_stored_page(value: MeasuredValue) -> None:
    read = load_read_document(Document.objects.get(pk=value.entry.document_id))
    asked = document_from_text("\n".join(page.text for page in read.pages))
    place = UnitIndex(asked.flat_text).spans("Receipt no. R0000")[0]
    value.regions = regions_json(WordMap(asked).regions(place))

    found = gallery._span_of(value, asked)

    assert found is not None
    assert asked.flat_text[found.start : found.end] == "Receipt no. R0000"
    assert crop_of(value).startswith(b"\x89PNG")


@pytest.mark.django_db
def test_without_a_place_there_is_no_picture(value: MeasuredValue) -> None:
    value.path = "tax"
    with pytest.raises(NoEvidence):
        crop_of(value)


@pytest.mark.django_db
def test_a_run_that_measured_nothing_has_no_gallery(adam: Person, base: str) -> None:
    assert gallery_of(made.asked(adam, base), measured_id=None, field="", page=1) is None
