"""Real documents among the made-up ones: kept as they are, asked about in other words."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import sentencepiece
from pydantic import ValidationError

from extraction.schema import FieldSpec, Kind
from models_store.starter.curriculum import STAGES, Lessons, mixed
from models_store.starter.factory.pools import Pools
from models_store.starter.factory.stream import Sample
from models_store.starter.labelled import read_samples, shown, write_samples
from models_store.starter.tokenizer import load_tokenizer
from models_store.store import STARTER

FIELDS = (
    FieldSpec(name="company_name", description="who sold it"),
    FieldSpec(name="total", kind=Kind.NUMBER),
    FieldSpec(name="rows", kind=Kind.LIST, fields=(FieldSpec(name="item"),)),
)


def _sample(name: str, number: int) -> Sample:
    answer = {"company_name": f"Shop {number}", "total": None, "rows": [{"item": "tea"}]}
    return Sample(name, False, FIELDS, (f"Shop {number}\ntea", "second page"), answer)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    samples = [_sample("few", 0), *(_sample("many", number) for number in range(1, 10))]
    assert write_samples(samples, tmp_path / "real.jsonl") == {"few": 1, "many": 9}
    return tmp_path / "real.jsonl"


def test_what_is_written_is_read(path: Path) -> None:
    labelled = read_samples(path)
    assert labelled.sets["few"] == [_sample("few", 0)]
    assert labelled.facts()["samples"] == {"few": 1, "many": 9}
    before = labelled.digest
    path.write_text(path.read_text(encoding="utf-8").replace("Shop 3", "Shop 4"), encoding="utf-8")
    assert read_samples(path).digest != before


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"writer":"x","fields":[{"name":""}],"pages":[],"answer":{}}')
    with pytest.raises(ValidationError):
        read_samples(tmp_path / "x.jsonl")


def test_a_small_set_is_shown_more_often_than_its_size_but_less_than_a_large_one(path: Path) -> None:
    counts = Counter(sample.writer for sample in islice(shown(read_samples(path), Random(1)), 2000))
    assert 0.2 < counts["few"] / 2000 < 0.3


def test_pages_and_values_stay_while_names_vary(path: Path) -> None:
    names = set()
    for sample in islice(shown(read_samples(path), Random(2)), 300):
        assert [spec.name for spec in sample.fields] == list(sample.answer)
        assert all(value in (None, [{"item": "tea"}]) or value in sample.pages[0] for value in sample.answer.values())
        names |= set(sample.answer)
    assert {"company_name", "companyName"} <= names


def test_they_come_in_their_share(path: Path, pools: Pools) -> None:
    tokenizer = load_tokenizer(STARTER / "tokenizer.model")
    with_real = Lessons(pools, tokenizer, read_samples(path), labelled_share=0.4)
    assert 0.3 < _share_of_real(with_real, tokenizer) < 0.5
    assert _share_of_real(Lessons(pools, tokenizer), tokenizer) == 0


def _share_of_real(lessons: Lessons, tokenizer: sentencepiece.SentencePieceProcessor) -> float:
    """How many of 200 examples end in the last page of the real ones."""
    stage = next(stage for stage in STAGES if stage.name == "medium")
    wanted = tokenizer.encode("second page")
    shown_ids = [item.ids[: item.start - 1] for item in islice(mixed(stage, lessons, seed=3), 200)]
    return sum(ids[-len(wanted) :] == wanted for ids in shown_ids) / 200
