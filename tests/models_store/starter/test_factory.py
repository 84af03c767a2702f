"""The made-up documents say what their answers claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from extraction.grammar import MAX_WORDS
from extraction.schema import FieldSpec, Kind
from extraction.shipped_types import shipped_type, shipped_types
from extraction.spans import UnitIndex
from models_store.starter.factory.pools import Pools, build_pools, load_pools
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import WRITERS, Order, Sample, samples
from models_store.starter.factory.values import Values
from models_store.starter.factory.wordings import CONCEPTS, LISTS, is_held_out, shipped_concepts

DOCUMENTS = 150
SHIPPED = ("receipt", "invoice", "contract", "lab_report", "discharge_summary")


def _samples(pools: Pools, *writers: str, seed: int = 3, **wishes: object) -> list[Sample]:
    order = Order(dict.fromkeys(writers or tuple(WRITERS), 1.0), sizes=(0, 1, 2), **wishes)  # type: ignore[arg-type]
    return list(islice(samples(order, pools, seed), DOCUMENTS))


def _spans(fields: Sequence[FieldSpec], answer: dict[str, Json]) -> Iterator[str]:
    """Every text of the answer that must stand on the page."""
    for spec in fields:
        value = answer[spec.name]
        if spec.kind is Kind.LIST:
            assert isinstance(value, list)
            for row in value:
                assert isinstance(row, dict)
                yield from _spans(spec.fields, row)
        elif spec.kind is Kind.GROUP:
            assert isinstance(value, dict)
            yield from _spans(spec.fields, value)
        elif spec.many:
            assert isinstance(value, list)
            yield from (item for item in value if isinstance(item, str))
        elif spec.kind.is_span and value is not None:
            assert isinstance(value, str)
            yield value


def _not_on_the_page(sample: Sample) -> list[str]:
    """Values that could not be quoted from the page: they begin and end where words, numbers or signs do."""
    printed = UnitIndex(" ".join(" ".join(sample.pages).split()))
    return [value for value in _spans(sample.fields, sample.answer) if not printed.spans(value)]


@pytest.mark.parametrize("writer", sorted(WRITERS))
def test_every_value_stands_on_its_page(writer: str, pools: Pools) -> None:
    drawn = _samples(pools, writer)
    assert [value for sample in drawn for value in _not_on_the_page(sample)] == []
    assert sum(len(list(_spans(sample.fields, sample.answer))) for sample in drawn) > DOCUMENTS


def test_control_a_value_that_is_not_on_the_page_is_seen() -> None:
    sample = Sample("x", False, (FieldSpec(name="total"),), ("Total 12.50",), {"total": "12.51"})
    assert _not_on_the_page(sample) == ["12.51"]


def test_the_same_seed_gives_the_same_documents(pools: Pools) -> None:
    assert _samples(pools, seed=5) == _samples(pools, seed=5)
    assert _samples(pools, seed=5) != _samples(pools, seed=6)


def test_answers_follow_the_order_of_the_schema(pools: Pools) -> None:
    for sample in _samples(pools):
        assert list(sample.answer) == [spec.name for spec in sample.fields]


@pytest.mark.parametrize("writer", SHIPPED)
def test_a_shipped_schema_is_asked_whole(writer: str, pools: Pools) -> None:
    drawn = _samples(pools, writer, shipped_share=1.0)
    assert {sample.fields for sample in drawn} == {shipped_type(writer).fields}


@pytest.mark.parametrize("writer", SHIPPED)
def test_every_field_of_a_shipped_type_is_sometimes_there_and_sometimes_not(writer: str, pools: Pools) -> None:
    drawn = _samples(pools, writer, shipped_share=1.0)
    never_missing = {"company", "seller_name", "title", "party_a", "party_b", "line_items", "results", "gross_total"}
    for spec in shipped_type(writer).fields:
        absent = sum(sample.answer[spec.name] in (None, []) for sample in drawn)
        assert absent < DOCUMENTS, spec.name
        assert absent > 0 or spec.name in {*never_missing, "total", "effective_date", "patient_name"}, spec.name


def test_some_documents_have_several_pages(pools: Pools) -> None:
    counts = [len(sample.pages) for sample in _samples(pools)]
    assert counts.count(1) > DOCUMENTS / 2
    assert sum(count > 1 for count in counts) > DOCUMENTS / 20


def test_clean_documents_have_no_reading_errors(pools: Pools) -> None:
    def shouting(drawn: list[Sample]) -> int:
        return sum("".join(sample.pages).isupper() for sample in drawn)

    assert shouting(_samples(pools, *SHIPPED, clean=True)) == 0
    assert shouting(_samples(pools, *SHIPPED, clean=False)) > 0


def test_held_out_labels_are_about_a_fifth() -> None:
    labels = [label for concept in (*CONCEPTS.values(), *LISTS.values()) for label in concept.labels]
    assert 0.12 < sum(map(is_held_out, labels)) / len(labels) < 0.28


def test_training_never_sees_a_held_out_label(pools: Pools) -> None:
    held_out = {label for label in CONCEPTS["iban"].labels if is_held_out(label)}
    shown = {label for label in CONCEPTS["iban"].labels if not is_held_out(label)}
    pages = "\n".join(page for sample in _samples(pools, "invoice", clean=True) for page in sample.pages)
    assert not any(f"\n{label}" in pages for label in held_out - {"IBAN"})
    assert any(f"\n{label}" in pages for label in shown)


def test_each_field_of_the_shipped_types_has_its_concept() -> None:
    for spec in shipped_types():
        concepts = shipped_concepts(spec.name)
        assert list(concepts) == [field.name for field in spec.fields]
        assert set(concepts.values()) <= {*CONCEPTS, *LISTS}


def test_pools_are_built_anew_when_their_sources_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_store.starter.factory.pools.LOCALES", ("en_US",))
    first = load_pools(tmp_path / "pools.json")
    assert load_pools(tmp_path / "pools.json") == first
    monkeypatch.setattr("models_store.starter.factory.pools.LOCALES", ("de_DE", "fi_FI"))
    assert set(load_pools(tmp_path / "pools.json").homes) == {"de_DE", "fi_FI"}


def test_each_form_of_date_fits_the_grammar(pools: Pools) -> None:
    for seed in range(300):
        date = Values(pools, Random(seed)).date()
        assert len(date.split()) <= MAX_WORDS["DIGITS"]
        assert any(sign.isdigit() for sign in date)


def test_ibans_have_right_check_digits(pools: Pools) -> None:
    for seed in range(100):
        flat = Values(pools, Random(seed)).iban().replace(" ", "")
        assert int("".join(str(int(sign, 36)) for sign in flat[4:] + flat[:4])) % 97 == 1


@pytest.mark.parametrize("maker", ["date", "money", "phone", "code", "person", "company", "address", "vat_id", "email"])
def test_values_vary(maker: str, pools: Pools) -> None:
    values = {Values(pools, Random(seed)).of(maker) for seed in range(300)}
    assert len(values) > 250
    assert all(value == value.strip() and "\n" not in value for value in values)


def test_pools_are_the_same_each_time() -> None:
    assert build_pools(("en_US",), share=0.02) == build_pools(("en_US",), share=0.02)
