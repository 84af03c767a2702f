"""Reading errors change a page and the values in it alike, and no value runs into the text beside it."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from models_store.starter.factory import noise
from models_store.starter.factory.draft import Draft, bare, read_marks
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import Order, samples
from models_store.starter.factory.wordings import CONCEPTS
from models_store.starter.scans import Tally

ERRORS = (noise.scan, noise.glue, noise.break_numbers, noise.lose_gaps, noise.add_gaps, noise.drop_line, noise.stray)


def _page() -> str:
    draft = Draft()
    for number in range(12):
        draft.add(f"Amount {number}  RM{draft.mark('1,234.50')} paid", f"to {draft.mark('ACME & Sons of')}Leeds")
    draft.add(draft.state(CONCEPTS["address"], "1 High Street\nLeeds LS1 4AB"))
    return "\n".join(draft.lines)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_values_change_as_the_page_does(error: noise.Error) -> None:
    page = _page()
    for seed in range(30):
        noisy = error(page, Random(seed))
        flat = " ".join(bare(noisy).split())
        assert all(value in flat for value in read_marks(noisy).values() if value)
        assert len(read_marks(noisy)) >= len(read_marks(page)) - 2


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_each_error_happens(error: noise.Error) -> None:
    page = _page()
    assert any(bare(error(page, Random(seed))) != bare(page) for seed in range(20))


def test_blanks_between_a_value_and_a_word_beside_it_stay() -> None:
    draft = Draft()
    line = f"by {draft.mark('ACME')} of {draft.mark('12')} - 7"
    for seed in range(100):
        assert " ACME " in bare(noise.glue(line, Random(seed)))
    assert any("12-" in bare(noise.glue(line, Random(seed))) for seed in range(100))


def test_stray_signs_stay_out_of_values() -> None:
    page = _page()
    for seed in range(30):
        assert read_marks(noise.stray(page, Random(seed))) == read_marks(page)


def test_a_dropped_line_takes_its_values_with_it() -> None:
    page = _page()
    gone = [read_marks(page).keys() - read_marks(noise.drop_line(page, Random(seed))).keys() for seed in range(20)]
    assert {len(marks) for marks in gone} == {1}


def test_most_documents_are_clean() -> None:
    page = _page()
    clean = sum(noise.misread(page, Random(seed)) == page for seed in range(500))
    assert 0.55 < clean / 500 < 0.7


def test_noise_leaves_the_number_of_answers_as_it_is(pools: Pools) -> None:
    order = Order({"invoice": 1.0, "receipt": 1.0}, shipped_share=1.0)
    loud = list(islice(samples(order, pools, 2), 200))
    found = sum(value not in (None, []) for sample in loud for value in sample.answer.values())
    assert found > 200 * 7


def test_a_tally_tells_what_is_read_for_what() -> None:
    tally = Tally()
    for _ in range(5):
        tally.compare(["Total 10\t5.00", "nothing like it"], ["Total1O 5.00", "zzzz"])
    assert tally.instead["0", "O"] == 5
    assert tally.instead[" ", ""] == 5
    assert tally.instead["\t", " "] == 5
    assert tally.lost_lines == 5
    assert '" " = { "" = 1.00000 }' in tally.table(5)
