"""The checks run in a process of their own; what it answers is not believed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models_store.intake import check
from models_store.intake.check import inspect
from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.errors import BrokenModel, CheckStopped, IntakeError, NotAModel, UnsafeFile
from tests.models_store.intake.made import checkpoint, gguf


def test_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    assert inspect(folder) == check_checkpoint(folder)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda folder: (folder / "x.bin").write_bytes(b""), UnsafeFile),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"short"), BrokenModel),
        (lambda folder: (folder / "config.json").unlink(), NotAModel),
    ],
    ids=["a pickle", "broken weights", "no config"],
)
def test_a_refusal_comes_through_with_its_reason(spoil: object, error: type[IntakeError], tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(error) as refused:
        inspect(folder)
    assert refused.value.detail
    assert refused.value.next_step != IntakeError.next_step or error is IntakeError


def test_a_file_is_a_gguf_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "tiny.GGUF"
    path.write_bytes(gguf())
    assert inspect(path).kind == "gguf"


def test_an_odd_path_does_no_harm(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "a 'b' \"c\" $(d)\n\u00e9")
    assert inspect(folder).kind == "checkpoint"
    with pytest.raises(NotAModel):
        inspect(tmp_path / "nowhere")


def test_a_check_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(CheckStopped, match="not done"):
        inspect(checkpoint(tmp_path / "m"), seconds=0.01)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"refused": 1}',
        b'{"found": {}}',
        b'{"found": {"kind": "pickle"}}',
        b"[" * 100_000,
    ],
    ids=["nothing", "a list", "an empty object", "null", "no detail", "nothing found", "half an intake", "deep"],
)
def test_an_answer_that_is_none_stops_the_intake(untrusted: bytes) -> None:
    with pytest.raises(CheckStopped):
        check._answer(untrusted)


def test_files_of_an_answer_cannot_point_outside(tmp_path: Path) -> None:
    found = check_checkpoint(checkpoint(tmp_path / "m")).model_dump(mode="json")
    assert check._answer(json.dumps({"found": found}).encode()).files
    found["files"][0]["name"] = "../../config.json"
    with pytest.raises(CheckStopped):
        check._answer(json.dumps({"found": found}).encode())


WITHOUT_LANDLOCK = "from extraction.read.sandbox import landlock; landlock.restrict_to = lambda _: None\n"


@pytest.mark.parametrize(
    ("knocked_out", "said"), [("", "found"), (WITHOUT_LANDLOCK, "refused")], ids=["all", "no files"]
)
def test_nothing_is_looked_at_without_the_walls(tmp_path: Path, knocked_out: str, said: str) -> None:
    request = json.dumps({"path": str(checkpoint(tmp_path / "m"))})
    script = f"{knocked_out}import sys; from models_store.intake import check; sys.exit(check.main())"
    done = subprocess.run([sys.executable, "-c", script], input=request, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout).keys() >= {said}
