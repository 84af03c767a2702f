"""The program that trains in a folder: what it reads and writes, how it stops, goes on and fails."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForCausalLM

from extraction.errors import LabelsError
from extraction.schema import DocumentTypeSpec
from models_store.store import CARD, file_digest
from models_store.tuning.__main__ import CAN_GO_ON, ERROR, reason
from models_store.tuning.child import MERGED, OUT, PROGRESS, REQUEST, RESULT, TYPE, work
from models_store.tuning.errors import BadRequest, DiskFull, TooLittleMemory, TuningError
from models_store.tuning.merge import ADAPTER

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
SETTINGS = {"epochs": 2, "rate": 2e-2, "batch_tokens": 256, "warm_up_steps": 2}


def _line(number: int) -> str:
    text = f"Shop {number}\nTotal {number}.50"
    start = len(f"Shop {number} Total ")
    fields = {"shop": f"Shop {number}", "total": f"{number}.50", "day": None}
    spans = {"total": [start, start + len(f"{number}.50")]}
    return json.dumps({"id": str(number), "text": text, "fields": fields, "spans": spans}) + "\n"


@pytest.fixture
def folder(base: Path, receipt: DocumentTypeSpec, tmp_path: Path) -> Path:
    return _prepared(tmp_path, base, receipt)


@pytest.fixture(scope="module")
def done(base: Path, receipt: DocumentTypeSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run from beginning to end."""
    run = _prepared(tmp_path_factory.mktemp("done"), base, receipt)
    work(run)
    return run


def _prepared(place: Path, base: Path, document_type: DocumentTypeSpec) -> Path:
    run = place / "run"
    run.mkdir()
    _order(run, base)
    (run / TYPE).write_text(document_type.model_dump_json(), encoding="utf-8")
    (run / "train.jsonl").write_text("".join(map(_line, range(10, 40))), encoding="utf-8")
    (run / "calibration.jsonl").write_text("".join(map(_line, range(50, 56))), encoding="utf-8")
    return run


def _order(run: Path, base: Path, **changes: Any) -> None:
    order = {"base": str(base), "card": str(base / CARD), "settings": SETTINGS, "replay": 0.2, "threads": 1}
    (run / REQUEST).write_text(json.dumps(order | changes), encoding="utf-8")


def _command(run: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "models_store.tuning", str(run), *options]


def _lines(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / PROGRESS).read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_adapter_merged_model_and_figures(done: Path) -> None:
    result = json.loads((done / RESULT).read_bytes())
    assert result["coverage"] == {"shop": [30, 30], "total": [30, 30]}
    assert (result["n_train"], result["n_calibration"], result["base"]) == (30, 6, "a" * 64)
    assert result["calibration"][-1] < result["calibration"][0]
    assert result["settings"]["rate"] == SETTINGS["rate"]
    for part in (ADAPTER, MERGED):
        assert result[part] == {path.name: file_digest(path) for path in (done / OUT / part).iterdir()}
    assert AutoModelForCausalLM.from_pretrained(done / OUT / MERGED)
    assert not (done / "checkpoints").exists()
    told = _lines(done)
    assert set(told[0]) == {
        "step", "epoch", "share", "loss", "calibration", "tokens", "seconds", "seconds_left",
    }  # fmt: skip
    assert told[0]["calibration"] is not None
    assert told[-1]["share"] == 1.0


def test_a_run_that_is_done_is_left_alone(folder: Path) -> None:
    (folder / RESULT).write_text("{}", encoding="utf-8")
    work(folder)
    assert (folder / RESULT).read_text(encoding="utf-8") == "{}"
    assert not (folder / PROGRESS).exists()


def test_without_documents_to_calibrate_all_epochs_are_trained(folder: Path) -> None:
    (folder / "calibration.jsonl").write_text("", encoding="utf-8")
    work(folder)
    result = json.loads((folder / RESULT).read_bytes())
    assert (result["n_calibration"], result["calibration"]) == (0, [])
    assert result["best_step"] == result["steps"]


@pytest.mark.slow
def test_sigterm_stops_a_run_and_the_next_one_goes_on(done: Path, folder: Path) -> None:
    with subprocess.Popen(_command(folder)) as child:
        while not (folder / PROGRESS).exists():
            assert child.poll() is None
            time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=120) == CAN_GO_ON
    assert list((folder / "checkpoints").glob("*/whole.json"))
    assert not (folder / RESULT).exists()
    work(folder)
    wanted, found = (json.loads((run / RESULT).read_bytes()) for run in (done, folder))
    assert found[ADAPTER] == wanted[ADAPTER]


def test_too_little_memory_is_told_without_a_traceback(folder: Path) -> None:
    command = _command(folder, "--memory", str(60 * 2**20))
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    told = json.loads((folder / ERROR).read_bytes())
    assert (told["code"], told["sentence"]) == (TooLittleMemory.code, TooLittleMemory.sentence)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (REQUEST, "{"),
        (REQUEST, '{"base": "b", "card": "c", "settings": {"rank": 0}}'),
        (REQUEST, '{"base": "b", "card": "c", "settings": {"trust_remote_code": true}}'),
        (REQUEST, '{"base": "b", "card": "c", "replay": 0.9}'),
        (REQUEST, '{"base": "b", "card": "c", "unknown": 1}'),
        (TYPE, '{"name": "x"}'),
    ],
    ids=["broken", "rank", "unknown setting", "replay", "unknown key", "type"],
)
def test_an_order_that_makes_no_sense_is_refused(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadRequest):
        work(folder)


def test_labels_that_cannot_be_read_are_refused(folder: Path) -> None:
    (folder / "train.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    with pytest.raises(LabelsError):
        work(folder)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), TooLittleMemory),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:123] DefaultCPUAllocator: can't allocate memory"),
            TooLittleMemory,
        ),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), TooLittleMemory),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), TooLittleMemory),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), DiskFull),
        (RuntimeError("shapes do not fit"), TuningError),
        (BadRequest("x"), BadRequest),
    ],
    ids=["python", "torch", "gpu", "system", "disk", "other", "ours"],
)
def test_a_failure_is_told_in_words(error: Exception, kind: type[TuningError]) -> None:
    told = reason(error)
    assert type(told) is kind
    assert told.sentence
    assert told.next_step
