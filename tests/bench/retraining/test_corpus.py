"""What the loop is run on: slips whose truth is printed, labels with and without a schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.retraining.corpus import labelled, made_up
from bench.retraining.house_documents import DOCUMENT_TYPE, WARDS, house_documents
from extraction.errors import LabelsError
from extraction.schema import Kind

ROW = {
    "id": "r1",
    "text": "ACME\nMilk 2.00\n",
    "fields": {"shop": "ACME", "goods": [{"name": "Milk", "price": "2.00"}]},
}


def written(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_what_a_slip_says_is_printed_and_what_it_does_not_say_is_null() -> None:
    slips = house_documents(3 * WARDS, seed=7)
    names = {spec.name for spec in DOCUMENT_TYPE.fields}
    for slip in slips:
        assert slip.fields.keys() == names
        assert all(value in slip.text for value in slip.fields.values() if value is not None)
    for name in ("batch", "due_back", "cleared_by"):
        absent = sum(slip.fields[name] is None for slip in slips)
        assert 0 < absent < len(slips)


def test_the_same_seed_gives_the_same_slips_and_a_ward_keeps_its_name() -> None:
    assert house_documents(30, seed=7) == house_documents(30, seed=7) != house_documents(30, seed=8)
    slips = house_documents(2 * WARDS, seed=7)
    assert [slip.sender for slip in slips[:WARDS]] == [slip.sender for slip in slips[WARDS:]]
    assert len({slip.sender for slip in slips}) > WARDS / 2


def test_made_up_documents_are_files_as_a_clerk_would_upload_them() -> None:
    corpus = made_up(5)
    assert [one.name for one in corpus.documents] == [f"slip-{n:04d}.txt" for n in range(5)]
    assert corpus.sender_field in {spec.name for spec in corpus.document_type.fields}


@pytest.mark.parametrize("beside", ["labels", "files"])
def test_the_schema_lies_beside_the_labels_or_the_files(tmp_path: Path, beside: str) -> None:
    folders = {"labels": tmp_path / "a", "files": tmp_path / "b"}
    for folder in folders.values():
        folder.mkdir()
    schema = {"type": "object", "title": "Bill", "properties": {"company": {"type": "string"}}}
    (folders[beside] / "bill.json").write_text(json.dumps(schema), encoding="utf-8")
    labels = written(folders["labels"], {**ROW, "schema": "bill.json"})

    corpus = labelled(labels, folders["files"], None, limit=None)

    assert [spec.name for spec in corpus.document_type.fields] == ["company"]
    assert corpus.sender_field == "company"


def test_without_a_schema_the_type_is_made_of_the_labels(tmp_path: Path) -> None:
    corpus = labelled(written(tmp_path, ROW, {**ROW, "id": "r2", "fields": {"day": None}}), tmp_path, None, limit=None)

    kinds = {spec.name: spec.kind for spec in corpus.document_type.fields}
    assert kinds == {"shop": Kind.TEXT, "goods": Kind.LIST, "day": Kind.TEXT}
    assert [column.name for column in corpus.document_type.fields[1].fields] == ["name", "price"]
    assert [one.name for one in corpus.documents] == ["r1.txt", "r2.txt"]


def test_no_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelsError):
        labelled(written(tmp_path), tmp_path, None, limit=None)
