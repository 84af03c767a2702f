from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.decode import Certainty, RawValue, read_answer
from extraction.ground import GroundedValue, WordMap, ground
from extraction.language_model import Choice, Generation
from extraction.records import Box, Page, ReadDocument, Region, Span, ValuePath, Word
from extraction.schema import FieldSpec, Kind
from extraction.text_document import document_from_text
from extraction.windows import cut_windows
from tests.extraction.example_types import EVERYTHING, one_field


def _ground(text: str, *values: tuple[ValuePath, str | None, FieldSpec]) -> list[GroundedValue]:
    document = document_from_text(text)
    (window,) = cut_windows(document, tokens=10_000, count_tokens=len)
    raws = [RawValue(path, spec, raw, Certainty(1.0)) for path, raw, spec in values]
    return ground(raws, window, document, WordMap(document))


def _starts(found: list[GroundedValue]) -> list[int | None]:
    return [value.span.start if value.span else None for value in found]


TOTAL = FieldSpec(name="total", description="amount to pay", kind=Kind.AMOUNT)
PLAIN = FieldSpec(name="x")


def test_a_value_with_one_place_is_there() -> None:
    assert _starts(_ground("a 12.50 b", (("total",), "12.50", TOTAL))) == [2]


def test_of_several_places_the_labelled_one_is_taken() -> None:
    text = "Subtotal 9.00\nTax 9.00\nTotal 9.00\nCash 9.00"
    (value,) = _ground(text, (("total",), "9.00", TOTAL))
    assert (value.span, value.occurrences) == (Span(29, 33), 4)


def test_a_label_on_the_line_above_counts() -> None:
    assert _starts(_ground("9.00\nother\nTotal\n9.00", (("total",), "9.00", TOTAL))) == [17]


def test_without_a_label_the_first_place_is_taken() -> None:
    assert _starts(_ground("a 9.00\nb 9.00", (("total",), "9.00", TOTAL))) == [2]


def test_rows_go_down_the_page_and_keep_together() -> None:
    text = "Tea  1  2.00\nCake  1  2.00\nTea  1  2.00"
    cells = [("a", "Tea"), ("b", "1"), ("c", "2.00")], [("a", "Cake"), ("b", "1"), ("c", "2.00")]
    rows = [*cells, cells[0]]
    values = [(("rows", n, name), raw, PLAIN) for n, row in enumerate(rows) for name, raw in row]
    assert _starts(_ground(text, *values)) == [0, 4, 6, 11, 16, 18, 23, 27, 29]


def test_a_row_on_the_places_of_another_is_no_row() -> None:
    values = [(("rows", n, "a"), raw, PLAIN) for n, raw in enumerate(["Tea", "Tea", "Cake"])]
    found = _ground("Tea\nCake", *values)
    assert [(value.path, value.raw) for value in found] == [(("rows", 0, "a"), "Tea"), (("rows", 1, "a"), "Cake")]


def test_null_and_closed_values_have_no_place() -> None:
    closed = FieldSpec(name="c", kind=Kind.ENUM, options=("a",))
    found = _ground("a b", (("x",), None, PLAIN), (("c",), "a", closed))
    assert [(value.raw, value.span, value.occurrences) for value in found] == [(None, None, 0), ("a", None, 0)]


def _document() -> ReadDocument:
    def word(text: str, left: float, line: int, ocr: float | None = None) -> Word:
        return Word(text, Box(left, line / 10, left + 0.4, line / 10 + 0.05), line, ocr_confidence=ocr)

    pages = (
        Page(1, 100, 100, (word("RM12", 0.0, 0, 0.9), word("ab", 0.5, 0, 0.4), word("cd", 0.0, 1))),
        Page(2, 100, 100, (word("ef", 0.0, 0),)),
    )
    return ReadDocument("image/png", pages, "reader")


def test_a_part_of_a_word_gives_that_part_of_its_box() -> None:
    (region,) = WordMap(_document()).regions(Span(2, 4))
    assert region == Region(1, Box(0.2, 0.0, 0.4, 0.05))


def test_a_span_gives_one_box_for_each_line_and_page() -> None:
    document = _document()
    assert document.flat_text == "RM12 ab cd ef"
    assert WordMap(document).regions(Span(0, 13)) == (
        Region(1, Box(0.0, 0.0, 0.9, 0.05)),
        Region(1, Box(0.0, 0.1, 0.4, 0.1 + 0.05)),
        Region(2, Box(0.0, 0.0, 0.4, 0.05)),
    )


def test_the_ocr_confidence_is_that_of_the_worst_word() -> None:
    words = WordMap(_document())
    assert words.ocr_confidence(Span(0, 7)) == 0.4
    assert words.ocr_confidence(Span(8, 13)) is None


@given(st.text(alphabet="ab \n\f1-", max_size=80), st.data())
def test_every_span_lies_inside_of_its_page(text: str, data: st.DataObject) -> None:
    document = document_from_text(text)
    if not document.words:
        return
    start = data.draw(st.integers(0, len(document.flat_text) - 1))
    end = data.draw(st.integers(start + 1, len(document.flat_text)))
    if document.flat_text[start:end] != document.flat_text[start:end].strip():
        return
    for region in WordMap(document).regions(Span(start, end)):
        assert 0 <= region.box.left < region.box.right <= 1
        assert 0 <= region.box.top < region.box.bottom <= 1


def _generation(answer: bytes, *choices: Choice) -> Generation:
    return Generation(answer, choices, finished=True)


def test_the_answer_is_read_with_the_certainty_of_each_value() -> None:
    answer = b'{"value":"a\\"b"}'
    choices = (Choice(0, 2, 0.1, 0.05), Choice(9, 10, 0.8, 0.2), Choice(10, 13, 0.5, 0.4), Choice(15, 16, 0.1, 0.05))
    (value,) = read_answer(_generation(answer, *choices), one_field().fields).values
    assert value.raw == 'a"b'
    assert value.certainty == Certainty(pytest.approx(0.4), 0.5, 0.4)


def test_forced_values_are_certain() -> None:
    (value,) = read_answer(_generation(b'{"value":null}'), one_field().fields).values
    assert (value.raw, value.certainty.confidence) == (None, 1.0)


WHOLE = (
    b'{"company":"a","date":null,"due":null,"total":"1","number":null,"payment":"cash","paid":true,"notes":["x","y"],'
    b'"seller":{"city":"c","rate":null},"line_items":[{"description":"d","amount":"2"},{"description":"e","amount":"3"}]}'
)
SINGLES = 9
WHOLE_NAMES = [spec.name for spec in EVERYTHING.fields]


def test_an_answer_that_is_cut_anywhere_gives_every_field() -> None:
    whole = read_answer(_generation(WHOLE), EVERYTHING.fields).values
    assert len(whole) == SINGLES + 2 + 4
    assert not any(value.is_cut for value in whole)
    for end in range(len(WHOLE)):
        values = read_answer(_generation(WHOLE[:end]), EVERYTHING.fields).values
        singles = [value for value in values if not any(isinstance(part, int) for part in value.path)]
        assert len(singles) == SINGLES
        assert all(value.raw is None for value in singles if value.is_cut)
        known = {value.path: value.raw for value in whole}
        assert [value for value in values if value.raw not in (None, known[value.path])] == []


BEHIND = {
    b"": WHOLE_NAMES[1:],
    b'{"company":"a': [name for name in WHOLE_NAMES if name != "company"],
    b'{"company":"a"': WHOLE_NAMES[1:],
    b'{"company":"a","date":null,"due":': WHOLE_NAMES[2:],
    WHOLE[: WHOLE.index(b'"y"')]: ["seller", "line_items"],
    WHOLE[: WHOLE.index(b',"rate"')]: ["seller", "line_items"],
    WHOLE[: WHOLE.index(b'"3"')]: [],
    WHOLE: [],
}


@pytest.mark.parametrize("answer", BEHIND, ids=len)
def test_what_stands_behind_the_cut_is_asked_again_but_not_a_list(answer: bytes) -> None:
    rest = read_answer(_generation(answer), EVERYTHING.fields).rest
    assert [spec.name for spec in rest] == BEHIND[answer]


def test_only_the_rest_of_a_group_is_asked_again() -> None:
    rest = read_answer(_generation(WHOLE[: WHOLE.index(b',"rate"')]), EVERYTHING.fields).rest
    assert [field.name for field in rest[0].fields] == ["rate"]


def test_questions_come_to_an_end_whatever_is_cut() -> None:
    for end in range(len(WHOLE)):
        fields, asked = EVERYTHING.fields, 0
        while fields:
            fields, asked = read_answer(_generation(WHOLE[:end]), fields).rest, asked + 1
        assert asked <= SINGLES + 2
