"""Labels -> epochs, and their parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extraction.errors import LabelsError
from extraction.labels import Label
from extraction.schema import DocumentTypeSpec
from models_store.starter.factory.pools import Pools, build_pools
from models_store.starter.variation import seeded, varied
from models_store.tuning.dataset import Coverage, Dataset, Mixture, make_dataset
from models_store.tuning.replay import replayed
from models_store.tuning.ruler import Ruler
from models_store.tuning.split import by_field, group_name, split


@pytest.fixture(scope="module")
def pools() -> Pools:
    return build_pools(("en_US",), share=0.1)


@pytest.fixture(scope="module")
def dataset(receipt: DocumentTypeSpec, ruler: Ruler) -> Dataset:
    return make_dataset([_label(n) for n in range(12)], receipt, ruler)


def _label(number: int, shop: str = "") -> Label:
    fields = {"shop": shop or f"Shop {number}", "total": number + 0.5, "day": None}
    return Label(str(number), f"Shop {number}\nTotal {number}.50", None, fields)


def test_coverage_and_digest_tell_what_was_found(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    whole = make_dataset([_label(1), _label(2)], receipt, ruler)
    missed = make_dataset([_label(1), _label(2, "Elsewhere")], receipt, ruler)
    assert whole.coverage["shop"] == Coverage(2, 2)
    assert missed.coverage["shop"] == Coverage(2, 1)
    assert whole.digest != missed.digest
    assert whole.digest == make_dataset([_label(1), _label(2)], receipt, ruler).digest


def test_labels_that_say_nothing_of_their_documents_are_refused(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    with pytest.raises(LabelsError):
        make_dataset([Label("a", "empty", None, {"shop": "Elsewhere"})], receipt, ruler)
    with pytest.raises(LabelsError):
        make_dataset([Label("a", None, Path("nowhere.txt"), {"shop": "Elsewhere"})], receipt, ruler)


def test_epochs_differ_and_can_be_repeated(dataset: Dataset, ruler: Ruler, pools: Pools) -> None:
    mixture = Mixture(dataset, ruler, pools, replay=0.25, seed=1)
    first = mixture.epoch(0)
    assert len(first) == 12 + 4
    assert first == mixture.epoch(0)
    assert first != mixture.epoch(1)


def test_each_document_brings_its_weight(receipt: DocumentTypeSpec, ruler: Ruler, pools: Pools) -> None:
    labels = [_label(1), replace(_label(2), weight=0.3)]
    dataset = make_dataset(labels, receipt, ruler)
    assert dataset.weights == (1.0, 0.3)
    assert dataset.digest != make_dataset([_label(1), _label(2)], receipt, ruler).digest
    examples = Mixture(dataset, ruler, pools, replay=0.4, seed=1).epoch(0)
    assert [example.weight for example in examples] == [1.0, 0.3, 1.0]


def test_silent_windows_do_not_outnumber_the_others(receipt: DocumentTypeSpec, ruler: Ruler, pools: Pools) -> None:
    silent = [Label(f"s{n}", f"page {n}", None, {"day": None}) for n in range(20)]
    dataset = make_dataset([*silent, *(_label(n) for n in range(4))], receipt, ruler)
    assert len(Mixture(dataset, ruler, pools, replay=0.0, seed=1).epoch(0)) == 4 + 2


def test_variation_keeps_answers_and_changes_questions(dataset: Dataset) -> None:
    random = seeded(3)
    made = [varied(dataset.samples[0], random) for _ in range(60)]
    truth = dataset.samples[0].answer
    assert all([f.name for f in sample.fields] == list(sample.answer) for sample in made)
    assert all(truth[name] == value for sample in made for name, value in sample.answer.items())
    assert len({tuple(sample.answer) for sample in made}) > 3
    assert 2 < sum(not any(f.description for f in sample.fields) for sample in made) < 58


def test_every_replayed_document_lacks_something(ruler: Ruler, pools: Pools) -> None:
    examples = replayed(pools, ruler, count=5, seed=1)
    assert len(examples) == 5
    assert all(any(is_null for *_, is_null in example.values) for example in examples)
    assert all(len(example.ids) <= ruler.context_tokens for example in examples)


def test_no_group_is_in_both_parts() -> None:
    labels = [_label(n, f"Shop {n % 10} {'Ltd' if n % 3 else 'LTD.'}") for n in range(100)]
    train, held_out = split(labels, by_field("shop"), share=0.3)
    assert len(train) + len(held_out) == 100
    assert 20 <= len(held_out) <= 40
    assert not {by_field("shop")(one)[:6] for one in train} & {by_field("shop")(one)[:6] for one in held_out}
    assert (train, held_out) == split(labels, by_field("shop"), share=0.3)
    assert group_name("ACME Foods, Inc.") == group_name("acme-foods LLC") == "acme foods"


def test_records_without_a_group_are_split_one_by_one() -> None:
    train, held_out = split([Label(str(n), "", None, {}) for n in range(50)], by_field("shop"), share=0.2)
    assert (len(train), len(held_out)) == (40, 10)
