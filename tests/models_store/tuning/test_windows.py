"""Samples: cut and rendered as when the model is used."""

from __future__ import annotations

from dataclasses import replace

from extraction.prompt import Mark, render
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.text_document import document_from_text
from models_store.starter.encoding import BOS, encode
from models_store.starter.factory.stream import Sample
from models_store.tuning.ruler import Ruler
from models_store.tuning.truth import find_truth
from models_store.tuning.windows import samples_of


def _samples(text: str, gold: dict[str, object], document_type: DocumentTypeSpec, ruler: Ruler) -> list[Sample]:
    return list(samples_of(find_truth(document_from_text(text), gold, document_type), document_type, ruler))


def _long(*lines: str) -> str:
    """A page with much between these lines."""
    return ("\n" + "some words that say nothing at all\n" * 60).join(lines)


def test_the_prompt_is_the_one_of_inference(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    text = "ACME  FOODS\nTotal   8.00\fpage two"
    gold = {"shop": "Acme Foods", "day": None, "total": 8, "paid": "card", "notes": [], "goods": []}
    (sample,) = _samples(text, gold, receipt, replace(ruler, context_tokens=4096))
    wanted = [BOS]
    for segment in render(receipt, document_from_text(text).pages).segments:
        encode_one = ruler.tokenizer.encode
        wanted += [ruler.tokenizer.piece_to_id(segment)] if isinstance(segment, Mark) else encode_one(segment)
    example = encode(sample, ruler.tokenizer)
    assert example.ids[: example.start] == wanted
    answer = '{"shop":"ACME FOODS","day":null,"total":"8.00","paid":"card","notes":[],"goods":[]}'
    assert ruler.tokenizer.decode(example.ids[example.start : -1]) == answer


def test_a_value_outside_of_the_window_is_null(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    found = _samples(_long("ACME FOODS", "Total 123.45"), {"shop": "Acme Foods", "total": 123.45}, receipt, ruler)
    assert len(found) > 1
    assert (found[0].answer["shop"], found[0].answer["total"]) == ("ACME FOODS", None)
    assert (found[-1].answer["shop"], found[-1].answer["total"]) == (None, "123.45")


def test_a_text_that_is_printed_once_more_is_the_answer_there_too(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    found = _samples(_long("ACME FOODS", "", "ACME FOODS"), {"shop": "Acme Foods"}, receipt, ruler)
    assert (found[0].answer["shop"], found[-1].answer["shop"]) == ("ACME FOODS", "ACME FOODS")


def test_what_may_stand_there_by_chance_is_not_asked(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    found = _samples(_long("ACME FOODS 12", "", "12 days"), {"shop": "Acme Foods", "total": 12}, receipt, ruler)
    assert found[0].answer["total"] == "12"
    assert "total" not in found[-1].answer
    assert [spec.name for spec in found[-1].fields] == ["shop"]


def test_rows_stand_in_the_windows_that_print_them(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    gold = {"goods": [{"what": "Milk", "price": 2.5}, {"what": "Bread", "price": 3.5}]}
    found = _samples(_long("Milk  2.50", "Bread  3.50"), gold, receipt, ruler)
    assert found[0].answer == {"goods": [{"what": "Milk", "price": "2.50"}]}
    assert found[-1].answer == {"goods": [{"what": "Bread", "price": "3.50"}]}


def test_many_fields_are_asked_in_parts(ruler: Ruler) -> None:
    fields = tuple(FieldSpec(name=f"field_{n}", description="what it is " * 5) for n in range(40))
    group = FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="name"), FieldSpec(name="city")))
    document_type = DocumentTypeSpec(name="wide", fields=(*fields, group))
    gold: dict[str, object] = {**dict.fromkeys((f.name for f in fields), None), "seller": {"name": "ACME", "city": "X"}}
    found = _samples("ACME", gold, document_type, ruler)
    assert len(found) > 1
    assert found[-1].answer["seller"] == {"name": "ACME"}
    assert [spec.name for spec in found[-1].fields[-1].fields] == ["name"]


def test_a_sample_without_an_answer_is_not_made(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    assert _samples("ACME", {"total": 5}, receipt, replace(ruler, context_tokens=512)) == []
