from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from appliance.documents.command_line import chosen_model
from appliance.documents.management.commands import extract
from extraction.language_model import adapted_digest
from extraction.shipped_types import shipped_type
from models_store import ModelCard, store
from models_store.durable import file_digest
from tests.appliance.audit.dossier.runs import random_model
from tests.appliance.documents import made
from tests.extraction.test_adapters import drawn_adapter


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    """What the command says on stderr when it ends with a status that is not 0."""
    with pytest.raises(SystemExit) as ended:
        call_command(*arguments)
    assert ended.value.code == 1
    told: dict[str, str] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return told


@pytest.fixture
def receipt(tmp_path: Path) -> str:
    path = tmp_path / "receipt.txt"
    path.write_text("ACME Coffee\nTotal 12.50\n")
    return str(path)


def test_extract_of_a_missing_file_names_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "extract", "/nowhere.pdf", "--type", "receipt")

    assert told["code"] == "file_missing"
    assert told["next_step"]


def test_extract_of_an_empty_file_names_the_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()

    assert refused(capsys, "extract", str(tmp_path / "empty.pdf"), "--type", "receipt")["code"] == "empty_file"


def test_extract_without_a_type_names_the_code(capsys: pytest.CaptureFixture[str], receipt: str) -> None:
    assert refused(capsys, "extract", receipt)["code"] == "type_unknown"
    assert refused(capsys, "extract", receipt, "--type", "nonsense")["code"] == "type_unknown"


def test_extract_with_a_bad_schema_names_the_code(
    capsys: pytest.CaptureFixture[str], receipt: str, tmp_path: Path
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"name": "x", "fields": []}')

    assert refused(capsys, "extract", receipt, "--schema", str(schema))["code"] == "bad_schema"


def test_extract_without_a_model_names_the_code(
    capsys: pytest.CaptureFixture[str], receipt: str, tmp_path: Path, settings: Settings
) -> None:
    settings.MODELS_STORE_ROOT = tmp_path

    assert refused(capsys, "extract", receipt, "--type", "receipt")["code"] == "model_unavailable"
    unknown = refused(capsys, "extract", receipt, "--type", "receipt", "--model", "0" * 64)
    assert unknown["code"] == "model_unavailable"


def test_evaluate_of_bad_labels_names_the_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text("not JSON\n")

    assert refused(capsys, "evaluate", str(labels), "--type", "receipt")["code"] == "bad_labels"


def test_extract_tells_value_place_and_digests() -> None:
    told = extract.as_json(b"bytes", made.read_result(), shipped_type("receipt"), made.extraction_result())

    fields = told["fields"]
    assert isinstance(fields, list)
    assert fields[1] | {"reasons": [], "regions": []} == {
        "field": "total",
        "value": "12.50",
        "raw": "12.50",
        "rule": "amount:decimal",
        "page": 1,
        "box": [0.1, 0.2, 0.18, 0.25],
        "regions": [],
        "confidence": 0.4,
        "ocr_confidence": None,
        "alternatives": [],
        "reasons": [],
    }
    assert told["digests"] == {name: name[0] * 64 for name in ("model", "prompt", "schema", "reader", "grammar")}


def test_the_type_that_is_asked_for_decides_who_answers(tmp_path: Path, settings: Settings) -> None:
    settings.MODELS_STORE_ROOT = root = tmp_path / "models"
    base = random_model(tmp_path, root=root, seed=1)
    store.promote(base, root=root)
    file = drawn_adapter(tmp_path / "adapter.gguf", 1)
    own = file_digest(file)
    card = ModelCard(
        digest=adapted_digest(base, own), name="for receipts", base=base, runs_on=base, adapter_file=own,
        document_type="receipt", context_tokens=1024,
    )  # fmt: skip
    adapter = store.add_adapter(file, card, root=root)
    store.promote(adapter, root=root, document_type="receipt")

    assert answering(type="receipt") == adapter
    assert answering(type="invoice") == base
    assert answering(type="receipt", schema=tmp_path / "mine.json") == base  # a type of one's own has no adapter
    assert answering(type="receipt", model=base) == base
    assert answering(type="invoice", model=adapter) == adapter


def answering(**options: object) -> str:
    with chosen_model({"model": None, "schema": None, **options}) as model:
        return model.digest
