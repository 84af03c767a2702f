"""What of a review becomes a label: answers that stand on something, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.accounts.models import Person
from appliance.documents.models import Document
from appliance.retraining.datasets.gathering import gather
from appliance.retraining.datasets.printed import Printed
from appliance.retraining.models import DocumentLabel
from appliance.review.answers import Verb
from extraction.records import Box, Page, ReadDocument, Span, Word
from extraction.text_document import document_from_text
from tests.appliance.retraining.datasets.made import (
    do,
    finished,
    lines_of,
    place,
    receipt_type,
    reopened,
    reviewed,
    to_review,
    values_of,
)

LINES = (*lines_of("ACME Coffee", 3), "Tea 2 3.10", "Scone 1 4.20", "Tax 1.05", "paid by C4rd")
ROWS = {
    "line_items[0].description": "Scone",
    "line_items[0].quantity": "1",
    "line_items[0].amount": "4.20",
}


@pytest.fixture
def document(clara: Person) -> Document:
    return to_review(clara, LINES, values_of("ACME Coffee", 3) | ROWS)


def label_of(document: Document, by: Person) -> DocumentLabel:
    finished(document, by)
    assert gather(receipt_type()) == 0
    return DocumentLabel.objects.get(document=document)


def test_values_that_a_person_let_stand_are_answers_with_their_place(document: Document, clara: Person) -> None:
    label = label_of(document, clara)

    start, end = label.spans["total"]
    assert Printed.of(read(LINES)).flat[start:end] == label.fields["total"] == "13.35"
    assert label.fields["tax"] is None
    assert label.labelled_by == clara
    assert label.left_out == {}


def test_words_picked_on_the_page_are_the_answer(document: Document, clara: Person) -> None:
    do(document, clara, Verb.TAKE, "tax", spans=(place(document, "1.05"),))

    label = label_of(document, clara)

    assert label.fields["tax"] == "1.05"
    assert label.spans["tax"] == [place(document, "1.05").start, place(document, "1.05").end]


@pytest.mark.parametrize(
    ("verb", "more", "why"),
    [(Verb.TYPE, {"text": "9.99"}, "typed"), (Verb.EMPTY, {}, "left empty")],
    ids=["typed", "left empty"],
)
def test_what_stands_on_nothing_is_not_asked(
    document: Document, clara: Person, verb: Verb, more: dict[str, str], why: str
) -> None:
    do(document, clara, verb, "tax", **more)

    label = label_of(document, clara)

    assert "tax" not in label.fields
    assert label.left_out == {"tax": why}


def test_control_not_in_the_document_is_asked_and_answered_so(document: Document, clara: Person) -> None:
    do(document, clara, Verb.ABSENT, "receipt_number")

    label = label_of(document, clara)

    assert label.fields["receipt_number"] is None
    assert "receipt_number" not in label.spans


def test_of_a_misread_word_the_printed_letters_stay_the_answer(document: Document, clara: Person) -> None:
    span = place(document, "C4rd")
    do(document, clara, Verb.TYPE, "payment_method", text="Card", spans=(span,), is_ocr_wrong=True)

    label = label_of(document, clara)

    assert label.fields["payment_method"] == "C4rd"
    assert label.spans["payment_method"] == [span.start, span.end]


def test_rows_go_down_the_page_with_added_ones_in_their_place(document: Document, clara: Person) -> None:
    do(document, clara, Verb.ADD_ROW, "line_items")
    do(document, clara, Verb.TAKE, "line_items[1].description", spans=(place(document, "Tea"),))
    do(document, clara, Verb.TAKE, "line_items[1].quantity", spans=(place(document, "2 3.10", 0),))
    do(document, clara, Verb.TAKE, "line_items[1].amount", spans=(place(document, "3.10"),))

    label = label_of(document, clara)

    assert [row["description"] for row in label.fields["line_items"]] == ["Tea", "Scone"]
    assert label.spans["line_items[0].amount"] == [place(document, "3.10").start, place(document, "3.10").end]


def test_removed_rows_are_gone_and_a_list_without_rows_is_absent(document: Document, clara: Person) -> None:
    do(document, clara, Verb.REMOVE_ROW, "line_items[0]")

    label = label_of(document, clara)

    assert label.fields["line_items"] is None
    assert not [path for path in label.spans if path.startswith("line_items")]


def test_list_with_a_cell_that_stands_on_nothing_is_not_asked_at_all(document: Document, clara: Person) -> None:
    do(document, clara, Verb.TYPE, "line_items[0].amount", text="5.55")

    label = label_of(document, clara)

    assert "line_items" not in label.fields
    assert list(label.left_out) == ["line_items"]


def test_label_follows_a_second_review(document: Document, clara: Person, carl: Person) -> None:
    label_of(document, clara)
    again = reopened(Document.objects.get(pk=document.pk), carl)
    assert gather(receipt_type()) == 0
    assert not DocumentLabel.objects.exists()
    do(again, carl, Verb.ABSENT, "receipt_number")

    label = label_of(again, carl)

    assert (label.fields["receipt_number"], label.labelled_by) == (None, carl)


def test_pages_read_anew_do_not_give_old_places_new_words(clara: Person) -> None:
    document = reviewed(clara, "ACME Coffee", 3)
    page = document.pages.get()
    page.words = page.words[1:]
    page.save()
    gather(receipt_type())

    label = DocumentLabel.objects.get()

    assert set(label.left_out.values()) == {"not on the page"}
    assert set(label.fields) == {"address", "tax", "payment_method", "line_items"}


def read(lines: tuple[str, ...]) -> ReadDocument:
    words = tuple(Word(text, Box(0, 0, 1, 1), row) for row, line in enumerate(lines) for text in line.split(" "))
    return ReadDocument("text/plain", (Page(1, 10, 10, words),), "r" * 64)


WORDS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=6).filter(str.strip)


@given(st.lists(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=4), min_size=1, max_size=3))
def test_text_of_a_label_file_reads_back_to_the_same_words_and_places(pages: list[list[list[str]]]) -> None:
    """Also with blanks, form feeds and line breaks inside of words, as OCR and PDF layers can give them."""
    document = ReadDocument(
        "application/pdf",
        tuple(
            Page(number, 10, 10, tuple(Word(w, Box(0, 0, 1, 1), row) for row, line in enumerate(page) for w in line))
            for number, page in enumerate(pages, start=1)
        ),
        "r" * 64,
    )
    printed = Printed.of(document)

    assert document_from_text(printed.text).flat_text == printed.flat
    assert printed.flat.split() == document.flat_text.split()
    start = 0
    for _, word in document.words:
        carried = printed.carried(Span(start, start + len(word.text)))
        assert carried is not None
        assert printed.of_span(carried).split() == word.text.split()
        start += len(word.text) + 1


@pytest.mark.parametrize("span", [Span(0, 99), Span(-1, 2), Span(2, 2), Span(4, 5)], ids=str)
def test_place_outside_of_the_text_or_of_a_blank_is_none(span: Span) -> None:
    assert Printed("ACME  Tea", "ACME  Tea").carried(span) is None


def test_pages_stay_pages() -> None:
    document = ReadDocument("application/pdf", (*read(("ACME",)).pages, *read(("Total 1",)).pages), "r" * 64)

    assert [page.text for page in document_from_text(Printed.of(document).text).pages] == ["ACME", "Total 1"]
