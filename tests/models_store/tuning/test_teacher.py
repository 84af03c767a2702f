"""A larger model's answers -> labels that weigh less."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from extraction.labels import Label, read_labels
from extraction.records import FieldValue, Reason, Span
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.starter.random_weights import export_random
from models_store.tuning.dataset import make_dataset
from models_store.tuning.ruler import Ruler
from models_store.tuning.teacher import Taught, Trust, main, soft_label, sure_values, teach
from tests.extraction.fakes import scripted

TEXT = "ACME FOODS\nTotal 8.00\nMilk  2.00"
TRUST = Trust()
ANSWER: dict[str, object] = {
    "shop": "ACME FOODS",
    "day": None,
    "total": "8.00",
    "paid": "cash",
    "notes": [],
    "goods": [],
}


def _value(*path: str | int, raw: str | None = "x", confidence: float = 0.95, reason: str = "") -> FieldValue:
    span = None if raw is None else Span(0, len(raw))
    reasons = (Reason(reason, ""),) if reason else ()
    return FieldValue(tuple(path), raw, span=span, confidence=confidence, reasons=reasons)


def _label() -> Label:
    return Label("d1", TEXT, None, {}, sender="ACME", original="f" * 64)


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        (_value("total"), True),
        (_value("total", raw=None), True),
        (_value("total", confidence=0.89), False),
        (_value("total", raw=None, confidence=0.5), False),
        (_value("total", reason="low_ocr"), False),
    ],
    ids=["sure", "sure null", "unsure", "unsure null", "doubtful"],
)
def test_only_what_is_sure_is_kept(value: FieldValue, is_kept: bool) -> None:
    assert sure_values([value], TRUST) == ([value] if is_kept else [])


def test_a_list_is_kept_as_a_whole_or_not_at_all() -> None:
    first = [_value("goods", 0, "what"), _value("goods", 0, "price")]
    assert sure_values(first, TRUST) == first
    assert sure_values([*first, _value("goods", 1, "what", confidence=0.2), _value("shop")], TRUST) == [_value("shop")]


def test_a_label_says_what_is_sure_and_where_it_stands(receipt: DocumentTypeSpec) -> None:
    values = [_value("shop", raw="ACME FOODS"), _value("day", raw=None), _value("goods", 0, "what", raw="ACME")]
    made = soft_label(_label(), values, receipt, TRUST)
    assert made == {
        "id": "d1",
        "text": TEXT,
        "fields": {"shop": "ACME FOODS", "day": None, "goods": [{"what": "ACME", "price": None}]},
        "spans": {"shop": [0, 10], "goods[0].what": [0, 4]},
        "weight": 0.3,
        "sender": "ACME",
        "original": "f" * 64,
    }


def test_of_a_group_the_sure_parts_are_kept() -> None:
    seller = FieldSpec(name="seller", kind=Kind.GROUP, fields=(FieldSpec(name="name"), FieldSpec(name="city")))
    document_type = DocumentTypeSpec(name="any", fields=(seller, FieldSpec(name="total")))
    made = soft_label(_label(), [_value("seller", "name", raw="ACME")], document_type, TRUST)
    assert made is not None
    assert made["fields"] == {"seller": {"name": "ACME"}}


@pytest.mark.parametrize("values", [[], [_value("day", raw=None)]], ids=["nothing", "only nulls"])
def test_what_teaches_nothing_has_no_label(receipt: DocumentTypeSpec, values: list[FieldValue]) -> None:
    assert soft_label(_label(), values, receipt, TRUST) is None


def test_a_sure_teacher_makes_labels_that_can_be_trained_on(receipt: DocumentTypeSpec, ruler: Ruler) -> None:
    taught = Taught()
    model = scripted(ANSWER, share=0.999)
    made = list(teach([_label()], receipt, model, trust=TRUST, taught=taught))
    assert (taught.documents, taught.labelled, taught.values) == (1, 1, 3)
    labels = read_labels([json.dumps(made[0])], Path())
    assert labels[0].weight == TRUST.weight
    assert labels[0].fields["shop"] == "ACME FOODS"
    dataset = make_dataset(labels, receipt, ruler)
    assert dataset.weights == (TRUST.weight,)
    assert all(coverage.anchored == coverage.values for coverage in dataset.coverage.values())


def test_an_unsure_teacher_makes_none(receipt: DocumentTypeSpec) -> None:
    """The control of the test above."""
    taught = Taught()
    assert list(teach([_label()], receipt, scripted(ANSWER, share=0.3), trust=TRUST, taught=taught)) == [None]
    assert (taught.documents, taught.labelled, taught.values) == (1, 0, 0)
    assert taught.unsure > 0


def test_a_document_that_the_model_gives_no_answer_for_is_passed_over(receipt: DocumentTypeSpec) -> None:
    taught = Taught()
    broken = scripted({"shop": "not on the page"})
    assert list(teach([_label()], receipt, broken, trust=TRUST, taught=taught)) == [None]
    assert taught.documents == 1


@pytest.fixture
def command(receipt: DocumentTypeSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command works in, with a model of random weights as the teacher."""
    model = export_random(tmp_path / "model")
    (tmp_path / "type.json").write_text(receipt.model_dump_json(), encoding="utf-8")
    (tmp_path / "texts.jsonl").write_text(json.dumps({"id": "1", "text": TEXT}) + "\n", encoding="utf-8")
    asked = ["--labels", "texts.jsonl", "--type", "type.json", "--model", str(model), "--out", "soft.jsonl"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["teacher", *asked, "--sure", "0"])
    return tmp_path


def test_the_command_tells_how_far_it_is_and_what_it_made(command: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main()
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0] == {"done": 1, "of": 1, "seconds_left": 0.0}
    assert told[-1].keys() == {"documents", "labelled", "values", "nulls", "unsure"}
    assert len((command / "soft.jsonl").read_text(encoding="utf-8").splitlines()) == told[-1]["labelled"]
    assert not (command / "soft.part").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("texts.jsonl", "{", "bad_labels"),
        ("type.json", "{}", "bad_schema"),
        ("model/model.q8_0.gguf", "x", "model_unavailable"),
    ],
    ids=["labels", "type", "model"],
)  # fmt: skip
def test_the_command_fails_in_words(
    command: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, code: str
) -> None:
    (command / name).write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out)["code"] == code
    assert not (command / "soft.jsonl").exists()
