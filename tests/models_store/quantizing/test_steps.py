"""Tracked steps: each names what went in and what came out, none is done twice, and a kill leaves nothing half."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extraction.language_model_llama import LlamaCppModel
from models_store.convert import Quantization
from models_store.durable import file_digest
from models_store.quantizing.steps import Request, Step, Weighing, make
from models_store.starter.random_weights import export_random
from models_store.weights import manifest_digest, read_folder
from tests.models_store.quantizing.fake_converter import calls, make_converter, make_merged

pytestmark = pytest.mark.model
REPOSITORY = Path(__file__).parents[3]
CHOSEN = (Quantization.F16, Quantization.Q8_0, Quantization.Q4_0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_random(tmp_path_factory.mktemp("model"))


@pytest.fixture
def request_(tmp_path: Path, model: Path) -> Request:
    return Request(
        merged=make_merged(tmp_path / "merged", model),
        out=tmp_path / "out",
        name="tiny",
        quantizations=CHOSEN,
        converter=make_converter(tmp_path / "converter"),
    )


def _without_time(steps: Sequence[Step]) -> list[Step]:
    return [replace(step, seconds=0.0) for step in steps]


def test_every_step_names_what_went_in_and_what_came_out(request_: Request) -> None:
    steps = list(make(request_))
    assert [(step.step, step.quantization) for step in steps] == [
        ("convert", "F16"),
        ("quantize", "Q8_0"),
        ("quantize", "Q4_0"),
    ]
    assert steps[0].before == manifest_digest(read_folder(request_.merged))
    for step in steps:
        file = request_.out / f"{step.quantization}.gguf"
        assert (step.after, step.bytes) == (file_digest(file), file.stat().st_size)
    assert {step.before for step in steps[1:]} == {steps[0].after}
    for name in ("Q8_0", "Q4_0"):
        with LlamaCppModel.load(request_.out / f"{name}.gguf", threads=1):
            pass


def test_full_precision_is_made_also_when_nobody_asked_for_it(request_: Request) -> None:
    steps = list(make(replace(request_, quantizations=(Quantization.Q8_0,))))
    assert [step.quantization for step in steps] == ["F16", "Q8_0"]


def test_what_is_done_is_not_done_again(request_: Request) -> None:
    first = list(make(request_))
    written = {path: path.stat().st_mtime_ns for path in request_.out.iterdir()}
    assert list(make(request_)) == first
    assert {path: path.stat().st_mtime_ns for path in request_.out.iterdir()} == written
    assert calls(request_.converter) == 1


@pytest.mark.parametrize("damage", ["file", "record", "missing"])
def test_what_is_damaged_is_made_again(request_: Request, damage: str) -> None:
    first = list(make(request_))
    file = request_.out / "Q4_0.gguf"
    if damage == "file":
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    elif damage == "record":
        file.with_suffix(".json").write_text('{"step"')
    else:
        file.unlink()
    assert _without_time(list(make(request_))) == _without_time(first)
    assert file_digest(file) == first[-1].after


def test_other_weights_are_not_taken_for_those_that_are_done(request_: Request, tmp_path: Path) -> None:
    first = list(make(request_))
    other = make_merged(tmp_path / "other", export_random(tmp_path / "random", seed=2))
    second = list(make(replace(request_, merged=other)))
    assert not {step.after for step in first} & {step.after for step in second}


def test_importance_weighs_the_coarse_quantizations_and_no_others(request_: Request) -> None:
    plain = {step.quantization: step.after for step in make(request_)}
    found: list[Path] = []

    def find(part: Path) -> None:
        found.append(part)
        part.write_text("importance")

    uneven = {"blk.0.attn_q.weight": np.linspace(0.01, 100, 64, dtype=np.float32)}
    weighing = Weighing(before="d" * 64, find=find, read=lambda _: uneven)
    steps = list(make(request_, weighing))
    assert [step.step for step in steps] == ["convert", "importance", "quantize", "quantize"]
    weighed = {step.quantization: step.after for step in steps}
    assert (weighed["F16"], weighed["Q8_0"]) == (plain["F16"], plain["Q8_0"])
    assert weighed["Q4_0"] != plain["Q4_0"]
    assert steps[3].before == f"{steps[0].after} {steps[1].after}"
    list(make(request_, weighing))
    assert len(found) == 1


def test_importance_is_not_looked_for_where_nothing_needs_it(request_: Request) -> None:
    def find(part: Path) -> None:
        raise AssertionError

    fine = replace(request_, quantizations=(Quantization.Q8_0,))
    assert len(list(make(fine, Weighing("d" * 64, find, lambda _: {})))) == 2


def _command(request: Request, *more: str) -> list[str]:
    named = ["--name", request.name, "--quantizations", ",".join(one.name for one in request.quantizations)]
    places = [str(request.merged), str(request.out), "--converter", str(request.converter)]
    return [sys.executable, "-m", "models_store.quantizing", *places, *named, *more]


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_program_prints_a_line_for_each_step(request_: Request, tmp_path: Path) -> None:
    done = _run(_command(request_), tmp_path)
    assert done.returncode == 0, done.stderr
    steps = [Step(**json.loads(line)) for line in done.stdout.splitlines()]
    assert steps == list(make(request_))
    assert not (tmp_path / "error.json").exists()


@pytest.mark.parametrize(
    ("more", "code", "detail"),
    [
        (["--quantizations", "Q8_0,Q9_Z"], "conversion_failed", "Q9_Z is none of F16, Q8_0"),
        (["--converter", "nothing here"], "converter_missing", "neither the converter nor"),
        (["--importance", "none.jsonl"], "conversion_failed", "none.jsonl"),
    ],
    ids=["unknown quantization", "no converter", "no labels"],
)
def test_a_failure_is_told_in_words(request_: Request, tmp_path: Path, more: list[str], code: str, detail: str) -> None:
    done = _run(_command(request_, *more), tmp_path)
    assert done.returncode == 1
    told = json.loads((tmp_path / "error.json").read_text())
    assert told["code"] == code
    assert detail in told["detail"]
    assert told["sentence"] in done.stderr
    assert told["next"] in done.stderr
    assert "Traceback" not in done.stderr


def test_weights_that_are_none_are_told_in_words(request_: Request, tmp_path: Path) -> None:
    (request_.merged / "config.json").unlink()
    assert _run(_command(request_), tmp_path).returncode == 1
    assert json.loads((tmp_path / "error.json").read_text())["code"] == "store_error"


def test_a_killed_program_goes_on_and_ends_with_the_same_files(request_: Request, tmp_path: Path) -> None:
    wanted = _without_time(list(make(request_)))
    killed = replace(request_, out=tmp_path / "killed", converter=make_converter(tmp_path / "slow", seconds=0.3))
    chance, seen = random.Random(4), set()
    for _ in range(4):
        process = subprocess.Popen(
            _command(killed), env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, stdout=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen |= {path.name for path in killed.out.glob("*.gguf")} if killed.out.exists() else set()
        for path in killed.out.glob("[FQ]*_*.gguf"):
            with LlamaCppModel.load(path, threads=1):
                pass
    assert _without_time(list(make(killed))) == wanted
    assert not list(killed.out.glob("*.part*"))


def test_the_converter_dies_with_the_program(request_: Request, tmp_path: Path) -> None:
    slow = replace(request_, converter=make_converter(tmp_path / "slow", seconds=60))
    process = subprocess.Popen(_command(slow), env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    noted = slow.converter / "process"
    _wait_for(lambda: noted.exists() and noted.read_text() != "")
    converter = int(noted.read_text())
    assert _is_running(converter)
    process.kill()
    process.wait()
    _wait_for(lambda: not _is_running(converter))


def _is_running(process: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_control_half_a_file_under_the_final_name_would_be_noticed(request_: Request) -> None:
    list(make(request_))
    file = request_.out / "Q8_0.gguf"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(Exception, match="not a model"), LlamaCppModel.load(file, threads=1):
        pass
