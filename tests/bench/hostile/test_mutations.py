"""A short run of the damaged files; the long one is `make hostile-mutations`."""

from __future__ import annotations

import pytest

from bench.hostile import mutations
from bench.hostile.mutating import DAMAGES, good_files, mutated
from bench.hostile.mutations import End, read_mutations

NUMBER = 24


def test_none_of_some_damaged_files_gets_past_the_reading_process() -> None:
    figures = read_mutations(NUMBER, seed=7)
    assert (figures["escaped"], figures["leftovers"]) == (0, 0)
    assert sum(figures["states"].values()) == NUMBER  # type: ignore[attr-defined]


def test_control_an_error_that_is_no_refusal_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "read_mutation", lambda at, seed: End("escaped", 0.0, f"mutation {at}"))
    assert read_mutations(3, seed=1)["escaped"] == 3


def test_a_mutation_is_the_same_each_time_and_another_one_with_another_seed() -> None:
    assert mutated(5, 1) == mutated(5, 1)
    assert mutated(5, 1) != mutated(5, 2)
    assert mutated(5, 1)[1] != dict(good_files())[mutated(5, 1)[0]]


def test_there_are_good_files_of_each_format() -> None:
    suffixes = {name.rpartition(".")[2] for name, _ in good_files()}
    assert suffixes == {"pdf", "png", "jpg", "tif", "txt", "html", "eml", "docx"}
    assert len(DAMAGES) == 8
