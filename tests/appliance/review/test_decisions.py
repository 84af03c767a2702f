"""Decisions on values: what is stored, what it stands on, what the log says, and what is refused."""

from __future__ import annotations

import json

import pytest

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.models import AuditEvent
from appliance.documents.errors import ClaimedBySomebody, DocumentFinished
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import parse_path
from appliance.review import claims
from appliance.review.answers import Act, Verb
from appliance.review.decisions import decide
from appliance.review.errors import ChangedMeanwhile, NotAnOption, NothingToUndo, NotOnThePage, UnknownField
from appliance.review.models import Decision
from appliance.review.queries import CurrentValue, Review, Status, current_values, load_review
from extraction.records import Span
from extraction.spans import UnitIndex
from tests.appliance.review.factory import VALUES, invoice_to_review


@pytest.fixture
def document(clara: Person) -> Document:
    return claims.claim(document_id=invoice_to_review(clara).pk, by=clara)


def act(verb: Verb, path: str = "", **more: object) -> Act:
    return Act(verb, parse_path(path), **more)  # type: ignore[arg-type]


def do(document: Document, by: Person, done: Act) -> Review:
    version = Document.objects.get(pk=document.pk).version
    return decide(document_id=document.pk, by=by, version=version, act=done)


def value(review: Review, path: str) -> CurrentValue:
    found = review.value(parse_path(path))
    assert found is not None
    return found


def place(document: Document, text: str, number: int = 0) -> Span:
    return UnitIndex(load_read_document(document).flat_text).spans(text)[number]


def test_values_before_any_decision_are_those_of_the_extraction(document: Document) -> None:
    found = {value.path: value.raw for value in current_values(document)}
    assert found == {parse_path(path): raw for path, raw in VALUES.items()}


def test_confirming_keeps_the_value_and_settles_its_reasons(document: Document, clara: Person) -> None:
    review = do(document, clara, act(Verb.CONFIRM, "seller_name"))
    now = value(review, "seller_name")
    assert (now.raw, now.status, now.reasons, now.decided_by) == (
        "Hofmann & Söhne GmbH",
        Status.CONFIRMED,
        (),
        "Clara Clerk",
    )
    assert review.document.fields_to_check == 5


def test_confirming_what_was_not_found_says_that_it_is_absent(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.CONFIRM, "buyer_name")), "buyer_name")
    assert (now.raw, now.status, now.anchor) == (None, Status.ABSENT, "absent")


def test_confirming_a_decided_value_again_adds_no_decision(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.CONFIRM, "seller_name"))
    do(document, clara, act(Verb.CONFIRM, "seller_name"))
    assert Decision.objects.count() == 1


def test_picked_words_are_read_from_the_page_with_boxes_and_normal_form(document: Document, clara: Person) -> None:
    span = place(document, "03.04.2024")
    now = value(do(document, clara, act(Verb.TAKE, "issue_date", spans=(span,))), "issue_date")
    assert (now.raw, now.normal, now.anchor, now.span) == ("03.04.2024", "2024-04-03", "span", span)
    assert [region.page for region in now.regions] == [1]


def test_words_that_do_not_follow_one_another_are_kept_but_not_anchored(document: Document, clara: Person) -> None:
    spans = (place(document, "Hofmann"), place(document, "Lindenstraße"))
    now = value(do(document, clara, act(Verb.TAKE, "seller_name", spans=spans)), "seller_name")
    assert (now.raw, now.anchor, now.span, len(now.regions)) == ("Hofmann Lindenstraße", "typed", None, 2)


@pytest.mark.parametrize("span", [Span(0, 100_000), Span(5, 5), Span(7, 3)])
def test_a_place_outside_of_the_text_is_refused(document: Document, clara: Person, span: Span) -> None:
    with pytest.raises(NotOnThePage):
        do(document, clara, act(Verb.TAKE, "issue_date", spans=(span,)))


def test_typed_text_that_stands_once_in_the_document_is_anchored_there(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.TYPE, "buyer_name", text="Nordlicht  Logistik AG")), "buyer_name")
    assert (now.raw, now.anchor, now.span) == (
        "Nordlicht Logistik AG",
        "span",
        place(document, "Nordlicht Logistik AG"),
    )


def test_typed_text_that_stands_nowhere_is_only_typed(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.TYPE, "buyer_name", text="Somebody else")), "buyer_name")
    assert (now.raw, now.anchor, now.span, now.regions) == ("Somebody else", "typed", None, ())


def test_a_misread_scan_keeps_the_place_and_takes_the_typed_text(document: Document, clara: Person) -> None:
    before = next(value for value in current_values(document) if value.path == ("iban",))
    misread = act(Verb.TYPE, "iban", text="DE89 3704 0044 0532 0130 01", is_ocr_wrong=True)
    now = value(do(document, clara, misread), "iban")
    assert (now.raw, now.anchor, now.regions) == ("DE89 3704 0044 0532 0130 01", "ocr_wrong", before.regions)


def test_typing_what_is_there_already_confirms_it(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.TYPE, "issue_date", text="2024-03-04")), "issue_date")
    assert (now.status, now.raw) == (Status.CONFIRMED, "04.03.24")


def test_typing_nothing_leaves_the_field_empty_which_is_not_absent(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.TYPE, "due_date", text=" ")), "due_date")
    assert (now.raw, now.status) == ("", Status.EMPTY)


def test_another_reading_changes_the_normal_form_and_keeps_the_words(document: Document, clara: Person) -> None:
    now = value(do(document, clara, act(Verb.CHOOSE, "issue_date", normal="2024-04-03")), "issue_date")
    assert (now.raw, now.normal, now.rule, now.anchor) == ("04.03.24", "2024-04-03", "date:mdy", "span")


def test_a_reading_that_the_words_do_not_have_is_refused(document: Document, clara: Person) -> None:
    with pytest.raises(NotAnOption):
        do(document, clara, act(Verb.CHOOSE, "issue_date", normal="1999-01-01"))


def test_a_correction_mends_the_rule_it_broke(document: Document, clara: Person) -> None:
    review = do(document, clara, act(Verb.TYPE, "net_total", text="508,00"))
    assert [issue.code for issue in review.issues] == ["add"]


def test_an_added_row_takes_the_words_under_its_columns(document: Document, clara: Person) -> None:
    line = Span(place(document, "Delivery").start, place(document, "24,90", 1).end)
    review = do(document, clara, act(Verb.ADD_ROW, "line_items", spans=(line,)))
    row = {value.path[2]: value.raw for value in review.values if value.path[:2] == ("line_items", 2)}
    assert row == {"description": "Delivery", "quantity": "1", "unit_price": "24,90", "amount": "24,90"}
    assert review.issues == ()


def test_an_empty_added_row_has_all_columns(document: Document, clara: Person) -> None:
    review = do(document, clara, act(Verb.ADD_ROW, "line_items"))
    row = [value.raw for value in review.values if value.path[:2] == ("line_items", 2)]
    assert row == [None, None, None, None]


def test_a_removed_row_is_gone_and_its_number_is_not_used_again(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.REMOVE_ROW, "line_items[1]"))
    review = do(document, clara, act(Verb.ADD_ROW, "line_items"))
    assert review.rows.of(("line_items",)) == [0, 2]


def test_a_list_without_rows_can_be_said_to_have_none(document: Document, clara: Person) -> None:
    for row in ("line_items[0]", "line_items[1]"):
        do(document, clara, act(Verb.REMOVE_ROW, row))
    now = value(do(document, clara, act(Verb.ABSENT, "line_items")), "line_items")
    assert (str(now.kind), now.status) == ("list", Status.ABSENT)


def test_undo_takes_back_the_latest_decision_and_then_the_one_before(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.TYPE, "buyer_name", text="First"))
    do(document, clara, act(Verb.TYPE, "buyer_name", text="Second"))
    once = value(do(document, clara, act(Verb.UNDO)), "buyer_name").raw
    twice = value(do(document, clara, act(Verb.UNDO)), "buyer_name").raw
    assert (once, twice) == ("First", None)
    with pytest.raises(NothingToUndo):
        do(document, clara, act(Verb.UNDO))


def test_undo_leaves_the_decisions_of_others_alone(document: Document, clara: Person, carl: Person) -> None:
    do(document, clara, act(Verb.CONFIRM, "seller_name"))
    claims.release(document_id=document.pk, by=clara)
    with pytest.raises(NothingToUndo):
        do(document, carl, act(Verb.UNDO))


@pytest.mark.parametrize("path", ["nothing", "line_items[7].amount", "line_items[0]", "line_items"])
def test_a_path_that_holds_no_value_is_refused(document: Document, clara: Person, path: str) -> None:
    with pytest.raises(UnknownField):
        do(document, clara, act(Verb.TYPE, path, text="x"))


def test_deciding_on_an_old_version_is_refused(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.CONFIRM, "seller_name"))
    with pytest.raises(ChangedMeanwhile):
        decide(document_id=document.pk, by=clara, version=document.version, act=act(Verb.CONFIRM, "iban"))


@pytest.mark.parametrize(
    "sent",
    [act(Verb.CONFIRM, "seller_name"), act(Verb.TYPE, "buyer_name", text="X"), act(Verb.ADD_ROW, "line_items")],
)
def test_an_act_that_is_sent_twice_is_saved_once(document: Document, clara: Person, sent: Act) -> None:
    first = decide(document_id=document.pk, by=clara, version=document.version, act=sent)
    second = decide(document_id=document.pk, by=clara, version=document.version, act=sent)
    assert (Decision.objects.count(), second.document.version) == (1, first.document.version)


def test_an_undo_that_is_sent_twice_is_saved_once(document: Document, clara: Person) -> None:
    version = do(document, clara, act(Verb.CONFIRM, "seller_name")).document.version
    decide(document_id=document.pk, by=clara, version=version, act=act(Verb.UNDO))
    decide(document_id=document.pk, by=clara, version=version, act=act(Verb.UNDO))
    assert Decision.objects.filter(kind="undone").count() == 1


def test_somebody_else_cannot_decide_on_a_claimed_document(document: Document, carl: Person) -> None:
    with pytest.raises(ClaimedBySomebody):
        do(document, carl, act(Verb.CONFIRM, "seller_name"))


def test_a_finished_document_takes_no_decision(document: Document, clara: Person) -> None:
    Document.objects.filter(pk=document.pk).update(state="accepted")
    with pytest.raises(DocumentFinished):
        do(document, clara, act(Verb.CONFIRM, "seller_name"))


def test_the_record_holds_commitments_that_the_decision_opens_and_no_text(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.TYPE, "buyer_name", text="Nordlicht Logistik AG"))
    event, decision = AuditEvent.objects.filter(action=Action.VALUE_DECIDED).get(), Decision.objects.get()
    stored = bytes(event.record)
    commitments = json.loads(stored)["commitments"]
    assert commitments["before"] == commitment(None, decision.salt)
    assert commitments["after"] == commitment("Nordlicht Logistik AG", decision.salt)
    assert (event.reason, event.object_version) == ("buyer_name: corrected", document.version + 1)
    assert b"Nordlicht" not in stored


def test_decisions_outside_of_lists_outlive_a_new_run(document: Document, clara: Person) -> None:
    do(document, clara, act(Verb.TYPE, "buyer_name", text="Nordlicht Logistik AG"))
    do(document, clara, act(Verb.TYPE, "line_items[0].quantity", text="99"))
    again = document.extractions.get()
    values = list(again.values.all())
    again.pk, again.key = None, "another"
    again.save()
    for row in values:
        row.pk, row.extraction = None, again
        row.save()
    document.current_extraction = again
    review = load_review(document)
    assert review is not None
    assert (value(review, "buyer_name").raw, value(review, "line_items[0].quantity").raw) == (
        "Nordlicht Logistik AG",
        "2",
    )
