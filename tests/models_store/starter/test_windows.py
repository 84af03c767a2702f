"""Long documents are cut as inference cuts them, and only what is inside a window is the answer."""

from __future__ import annotations

from itertools import islice
from random import Random

from extraction.schema import FieldSpec, Kind
from models_store.starter.factory.draft import PAGE_BREAK, Draft, Fact, bare, mark_again, read_marks
from models_store.starter.factory.pages import paged
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.schemas import Asked, Json, Printed, answer
from models_store.starter.factory.stream import Order, samples
from models_store.starter.factory.windows import cut, recover
from models_store.starter.factory.wordings import CONCEPTS, LINE_ITEMS

LONGEST = 300
_ITEMS = FieldSpec(
    name="items", kind=Kind.LIST, fields=(FieldSpec(name="description"), FieldSpec(name="amount", kind=Kind.AMOUNT))
)


def _draft() -> Draft:
    """A seller on top, three rows, a list of values, the date below."""
    draft = Draft()
    draft.add(draft.state(CONCEPTS["seller"], "ACME Ltd"))
    rows = [{"description": draft.mark(f"thing {n}"), "amount": draft.mark(f"{n}.50")} for n in range(3)]
    for row in rows:
        draft.add(row["description"], row["amount"])
    draft.facts["line_items"] = Fact(LINE_ITEMS, rows)
    notes = [draft.mark(f"note {n}") for n in range(2)]
    draft.facts["notes"] = Fact(CONCEPTS["title"], notes)
    draft.add(*notes, f"Date {draft.state(CONCEPTS['date'], '1 May 2024')}")
    return draft


def _asked(draft: Draft) -> list[Asked]:
    facts = draft.facts
    cells = tuple(Asked(spec, column=spec.name) for spec in _ITEMS.fields)
    return [
        Asked(FieldSpec(name="seller"), facts["seller"]),
        Asked(_ITEMS, facts["line_items"], parts=cells),
        Asked(FieldSpec(name="notes", many=True), facts["notes"]),
        Asked(FieldSpec(name="date", kind=Kind.DATE), facts["date"]),
    ]


def _answer(draft: Draft, lines: list[str]) -> dict[str, Json]:
    return answer(_asked(draft), Printed(read_marks("\n".join(lines)), draft.options))


def test_what_is_outside_of_a_window_is_null_and_half_a_row_keeps_its_cells() -> None:
    draft = _draft()
    assert _answer(draft, draft.lines[2:8]) == {
        "seller": None,
        "items": [
            {"description": None, "amount": "0.50"},
            {"description": "thing 1", "amount": "1.50"},
            {"description": "thing 2", "amount": "2.50"},
        ],
        "notes": ["note 0"],
        "date": None,
    }


def test_a_value_of_two_lines_is_there_only_as_a_whole() -> None:
    draft = Draft()
    address = draft.state(CONCEPTS["address"], f"1 High Street\n{draft.state(CONCEPTS['phone'], 'Leeds')}")
    asked = [Asked(FieldSpec(name="a"), draft.facts["address"]), Asked(FieldSpec(name="c"), draft.facts["phone"])]
    lines = address.split("\n")
    assert answer(asked, Printed(read_marks(address), {})) == {"a": "1 High Street Leeds", "c": "Leeds"}
    assert answer(asked, Printed(read_marks(lines[0]), {})) == {"a": None, "c": None}
    assert answer(asked, Printed(read_marks(lines[1]), {})) == {"a": None, "c": "Leeds"}


def test_a_second_statement_of_the_same_text_counts_where_the_first_is_outside() -> None:
    draft = Draft()
    draft.add(*(draft.state(CONCEPTS["seller"], text) for text in ("ACME Ltd", "Other Ltd", "ACME Ltd")))
    asked = [Asked(FieldSpec(name="s"), draft.facts["seller"])]
    assert [answer(asked, Printed(read_marks(line), {}))["s"] for line in draft.lines] == ["ACME Ltd", None, "ACME Ltd"]


def test_a_window_is_a_run_of_lines_that_fits() -> None:
    lines = [f"line {n} of the document" for n in range(100)]
    cuts = [cut(lines, LONGEST, Random(seed)) for seed in range(200)]
    for shown in cuts:
        assert shown == lines[lines.index(shown[0]) :][: len(shown)]
        assert sum(len(line) + 1 for line in shown) <= LONGEST
    assert any(shown[0] == lines[0] for shown in cuts)
    assert any(shown[-1] == lines[-1] and len(shown) > 3 for shown in cuts)
    assert len({shown[0] for shown in cuts}) > 40
    assert cut(lines[:5], LONGEST, Random(1)) == lines[:5]
    paragraph = " ".join(f"word{n}" for n in range(200))
    pieces = [cut([paragraph], LONGEST, Random(seed)) for seed in range(20)]
    assert all(len(piece) <= LONGEST and f" {piece} " in f" {paragraph} " for (piece,) in pieces)


def test_a_value_printed_once_more_inside_a_window_is_marked_there() -> None:
    draft = _draft()
    shown = recover(["Invoice of ACME Ltd, page 2", "ACME Ltd"], draft.facts.values())
    assert _answer(draft, shown)["seller"] == "ACME Ltd"
    assert [bare(line) for line in shown] == ["Invoice of ACME Ltd, page 2", "ACME Ltd"]
    assert mark_again("ACME Ltds", draft.lines[0]) is None


def test_pages_tear_no_value_and_keep_all_lines() -> None:
    draft = Draft()
    for number in range(40):
        draft.add(f"line {number}", draft.mark("two\nlines"))
    for seed in range(40):
        lines = paged(draft.lines, Random(seed), ())
        sheets = "\n".join(lines).split(PAGE_BREAK)
        assert len(sheets) > 1
        assert sum(list(read_marks(sheet).values()).count("two lines") for sheet in sheets) == 40
        assert all(f"line {number}" in lines for number in range(40))


def test_samples_are_cut_to_the_longest_that_is_allowed(pools: Pools) -> None:
    order = Order({"invoice": 1.0, "contract": 1.0}, sizes=(2,), longest_characters=LONGEST, clean=True)
    drawn = list(islice(samples(order, pools, 1), 100))
    assert all(sum(map(len, sample.pages)) <= LONGEST for sample in drawn)
    assert any(value is None for sample in drawn for value in sample.answer.values())
