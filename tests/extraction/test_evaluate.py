from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.errors import LabelsError
from extraction.evaluate import Evaluation, evaluate, read_text_file
from extraction.labels import read_labels
from extraction.pipeline import extract
from extraction.records import FieldValue, ReadDocument, Reading, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.scores import Counts, score_document
from extraction.text_document import document_from_text
from tests.extraction.example_types import ITEMS, one_field
from tests.extraction.fakes import scripted

NOWHERE = Path("nowhere")


def _value(path: ValuePath, raw: str | None, normal: str | None = None) -> FieldValue:
    return FieldValue(path, raw, reading=Reading(normal or raw, "test") if raw else None)


def _lenient(kind: Kind, raw: str | None, gold: object, normal: str | None = None, **extra: object) -> Counts:
    score = score_document([_value(("value",), raw, normal)], {"value": gold}, one_field(kind, **extra))
    return score.lenient["value"]


RIGHT, WRONG, MISSED, NOTHING = Counts(1, 0, 0), Counts(0, 1, 1), Counts(0, 0, 1), Counts()


def test_a_date_in_figures_is_right_in_one_of_its_readings() -> None:
    assert _lenient(Kind.DATE, "12/03/19", "2019-12-03") == RIGHT
    assert _lenient(Kind.DATE, "12/03/19", "2019-03-12") == RIGHT
    british = one_field(Kind.DATE).model_copy(update={"date_order": "DMY"})
    score = score_document([_value(("value",), "12/03/19")], {"value": "2019-12-03"}, british)
    assert score.lenient["value"] == WRONG


@pytest.mark.parametrize(
    ("kind", "raw", "gold"),
    [
        (Kind.TEXT, "ACME Ltd.", "acme ltd"),
        (Kind.TEXT, "RM 9.00", "9.00"),
        (Kind.AMOUNT, "1,234.50", 1234.5),
        (Kind.AMOUNT, "$5.00", "5"),
        (Kind.DATE, "4 March 2024", "2024-03-04"),
        (Kind.TEXT, "25/12/2018 8:13 PM", "25/12/2018"),
        (Kind.TEXT, "b", ["a", "b"]),
        (Kind.BOOLEAN, "true", True),
    ],
)
def test_the_same_value_in_another_form_is_right(kind: Kind, raw: str, gold: object) -> None:
    assert _lenient(kind, raw, gold) == RIGHT


@pytest.mark.parametrize(
    ("kind", "raw", "gold"),
    [
        (Kind.TEXT, "ACME", "ACME Ltd"),
        (Kind.IDENTIFIER, "007", "7"),
        (Kind.AMOUNT, "12.50", 12.05),
        (Kind.DATE, "04/03/2024", "2024-04-04"),
        (Kind.TEXT, "-", "."),
        (Kind.BOOLEAN, "true", False),
    ],
)
def test_control_another_value_is_wrong(kind: Kind, raw: str, gold: object) -> None:
    assert _lenient(kind, raw, gold) == WRONG


@pytest.mark.parametrize("gold", [None, "", []])
def test_a_value_that_should_be_absent_is_wrong(gold: object) -> None:
    assert _lenient(Kind.TEXT, "x", gold) == Counts(0, 1, 0)
    assert _lenient(Kind.TEXT, None, gold) == NOTHING
    assert _lenient(Kind.TEXT, None, "x") == MISSED


def test_exact_means_the_text_or_its_normal_form() -> None:
    def exact(raw: str, normal: str, gold: object) -> int:
        return score_document([_value(("value",), raw, normal)], {"value": gold}, one_field()).exact["value"].right

    assert [exact("RM 9.00", "9.00", gold) for gold in ("RM 9.00", "9.00", 9, "rm 9.00", "9")] == [1, 1, 1, 0, 0]


def test_repeated_values_are_compared_as_multisets() -> None:
    values = [_value(("value", n), raw) for n, raw in enumerate(["a", "b", "b", "c"])]
    score = score_document(values, {"value": ["b", "a", "a", "d"]}, one_field(many=True))
    assert score.lenient["value"] == Counts(2, 2, 2)


def test_one_of_several_accepted_spans_is_enough_where_the_schema_says_so() -> None:
    document_type = one_field(many=True, description="score a prediction right if it equals any of them")
    values = [_value(("value", 0), "b")]
    assert score_document(values, {"value": ["a", "b", "c"]}, document_type).lenient["value"] == RIGHT
    assert score_document(values, {"value": ["a"]}, document_type).lenient["value"] == WRONG


def test_rows_are_matched_by_what_agrees() -> None:
    document_type = DocumentTypeSpec(name="t", fields=(ITEMS,))
    cells = [("Cake", "2"), ("Tea", "1"), ("Pie", "9")]
    values = [
        _value(("line_items", n, name), raw)
        for n, row in enumerate(cells)
        for name, raw in zip(("description", "amount"), row, strict=True)
    ]
    gold = [{"description": "Tea", "amount": 1}, {"description": "Cake", "amount": 3}]
    score = score_document(values, {"line_items": gold}, document_type)
    assert score.lenient == {"line_items.description": Counts(2, 1, 0), "line_items.amount": Counts(1, 2, 1)}
    missing = score_document([], {"line_items": gold}, document_type)
    assert missing.lenient == {"line_items.description": Counts(0, 0, 2), "line_items.amount": Counts(0, 0, 2)}


def test_groups_are_scored_by_their_fields() -> None:
    seller = FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="city"), FieldSpec(name="zip")))
    document_type = DocumentTypeSpec(name="t", fields=(seller,))
    values = [_value(("seller", "city"), "Bonn"), _value(("seller", "zip"), None)]
    score = score_document(values, {"seller": {"city": "Bonn", "zip": "53111"}}, document_type)
    assert score.lenient == {"seller.city": RIGHT, "seller.zip": MISSED}


def test_only_labelled_fields_are_scored() -> None:
    document_type = DocumentTypeSpec(name="t", fields=(FieldSpec(name="a"), FieldSpec(name="b")))
    assert score_document([_value(("a",), "x"), _value(("b",), "y")], {"a": "x"}, document_type).lenient == {"a": RIGHT}


def test_counts_give_precision_recall_and_f1() -> None:
    counts = Counts(6, 2, 4)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.6, pytest.approx(2 / 3))
    assert (NOTHING.precision, NOTHING.recall, NOTHING.f1) == (0.0, 0.0, 0.0)


def test_labels_name_their_document_and_what_is_visible() -> None:
    lines = [
        json.dumps({"id": "a", "text": "hello", "fields": {"x": "1"}}),
        "",
        json.dumps({"id": "b", "text_file": "b.txt", "file": "b.pdf", "fields": {"x": "1", "y": "2", "z": ["3", "4"]}})[
            :-1
        ]
        + ', "visible": {"x": true, "y": null, "z": ["3"]}}',
    ]
    first, second = read_labels(lines, Path("folder"))
    assert (first.id, first.text, first.path, first.fields) == ("a", "hello", None, {"x": "1"})
    assert (second.path, second.fields) == (Path("folder/b.txt"), {"x": "1", "z": ["3"]})
    assert read_labels(lines, Path("folder"), limit=1) == (first,)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: an object"),
        ('{"fields": {}}', "line 1: text or file"),
        ("", "there is"),
    ],
)
def test_bad_labels_are_refused_with_their_line(line: str, sentence: str) -> None:
    with pytest.raises(LabelsError, match=sentence):
        read_labels([line], NOWHERE)


def test_a_run_gives_the_figures_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Beta\fTotal 2.00", encoding="utf-8")
    labels = read_labels(
        [
            json.dumps({"id": "a", "text": "Alpha", "fields": {"value": "alpha"}}),
            json.dumps({"id": "b", "file": "b.txt", "fields": {"value": "2"}}),
        ],
        tmp_path,
    )
    seen: list[str] = []
    report = evaluate(
        labels,
        one_field(),
        scripted({"value": "Alpha"}, {"value": "Beta"}),
        read_file=lambda path: document_from_text("never"),
        on_document=lambda label, extraction: seen.append(f"{label.id} {extraction.pages_total}"),
    )
    figures = report.as_dict()
    assert figures.pop("seconds_per_document") >= 0
    assert figures == {
        "n": 2,
        "micro_f1": 0.5,
        "micro_f1_exact": 0.0,
        "fields": {"value": {"precision": 0.5, "recall": 0.5, "f1": 0.5}},
        "verbatim": 1.0,
        "schema_valid": 1.0,
        "model": "fake",
    }
    assert seen == ["a 1", "b 2"]
    assert report.table().splitlines()[1].split() == ["value", "0.500", "0.500", "0.500", "2"]


def test_control_a_value_from_another_document_lowers_verbatim() -> None:
    document: ReadDocument = document_from_text("Alpha")
    label = read_labels([json.dumps({"text": "x", "fields": {}})], NOWHERE)[0]
    extraction = extract(document_from_text("Stranger"), one_field(), scripted({"value": "Stranger"}))
    evaluation = Evaluation(one_field())
    evaluation.add(label, document, extraction)
    assert evaluation.report("m").verbatim == 0.0


def test_a_missing_text_file_is_refused() -> None:
    with pytest.raises(LabelsError):
        read_text_file(NOWHERE / "none.txt")
