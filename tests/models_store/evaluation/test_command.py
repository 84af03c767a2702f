"""The measuring process: a file in, a file out, and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models_store.evaluation.records import Evaluation
from models_store.starter.random_weights import export_random
from models_store.store import STARTER, STARTER_WEIGHTS, file_digest
from tests.models_store.evaluation.test_measure import GOLD, TEXT, TYPE

pytestmark = pytest.mark.skipif(not (STARTER / STARTER_WEIGHTS).is_file(), reason="needs the starter's vocabulary")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_random(tmp_path_factory.mktemp("model"))


def _run(folder: Path, model: Path, labels: str) -> subprocess.CompletedProcess[str]:
    (folder / "test.jsonl").write_text(labels, encoding="utf-8")
    (folder / "type.json").write_text(TYPE.model_dump_json(), encoding="utf-8")
    files = ["--labels", "test.jsonl", "--type", "type.json", "--model", str(model), "--out", "out.json"]
    command = [sys.executable, "-m", "models_store.evaluation", *files, "--context", "1024"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_labels_in_outcomes_out(tmp_path: Path, model: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": TEXT, "fields": GOLD, "original": "e" * 64}) for n in range(2)]
    done = _run(tmp_path, model, "\n".join(lines))
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["done"], line["of"]) for line in told] == [(1, 2), (2, 2)]
    found = Evaluation.model_validate_json((tmp_path / "out.json").read_bytes())
    assert (found.model, len(found.documents)) == (file_digest(model), 2)
    assert found.file_bytes == model.stat().st_size
    assert 10_000_000 < found.memory_bytes < 4_000_000_000
    assert found.documents[0].original == "e" * 64
    assert all(document.is_valid and document.texts == document.verbatim for document in found.documents)


@pytest.mark.parametrize(
    ("labels", "code"), [pytest.param("", "bad_labels", id="empty"), pytest.param("{", "bad_labels", id="torn")]
)
def test_bad_labels_are_refused_in_words(tmp_path: Path, model: Path, labels: str, code: str) -> None:
    done = _run(tmp_path, model, labels)
    assert done.returncode == 1
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.keys() == {"code", "sentence", "next"}
    assert told["code"] == code
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.json").exists()


def test_a_file_that_is_no_model_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF or so")
    done = _run(tmp_path, tmp_path / "x.gguf", json.dumps({"text": TEXT, "fields": GOLD}))
    assert (done.returncode, json.loads(done.stdout.splitlines()[-1])["code"]) == (1, "model_unavailable")
    assert "Traceback" not in done.stderr
