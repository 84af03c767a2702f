"""The child process of a check: its answer is believed only where output and exit status agree."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from appliance.audit.checking.models import CheckState, Verdict
from appliance.audit.checking.running import NO_ANSWER, Answer, Run, answer_of, check

FILES = [
    ("manifest.json", b"{}"),
    ("entries/000000.jsonl", b"{}\n" * 1000),
    ("entries/000001.jsonl", b"{}\n" * 7),
    ("tile/0/x001/067", b"0" * 32),
]


@pytest.fixture(autouse=True)
def run_dir(tmp_path: Path, settings) -> Path:
    settings.RUN_DIR = tmp_path / "run"
    return settings.RUN_DIR


def saying(script: str, **more: object) -> Run:
    """A verifier that does what `script` says; `folder` is what it was given."""
    preface = "import json,sys,pathlib,time\nfolder = pathlib.Path(sys.argv[2])\n"
    return Run("the key", command=(sys.executable, "-c", preface + script), **more)


def line(**answer: object) -> bytes:
    full = {"verdict": "ok", "kind": None, "index": None, "entries": 7, "checkpoints": 2, "message": ""}
    return json.dumps(full | answer).encode()


def test_the_verifier_sees_the_files_and_its_last_line_is_the_answer():
    script = (
        "names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file())\n"
        "print('some progress')\n"
        "print(json.dumps({'verdict':'tampered','kind':'leaf_differs','index':17,'entries':1007,'checkpoints':3,"
        "'message':' '.join([*names, *sys.argv[1:2], *sys.argv[3:]])}))\nsys.exit(1)"
    )
    told = []
    answer = check(FILES, saying(script, anchors=[Path("a.note")]), lambda state, written: told.append(state))

    assert answer == Answer(Verdict.TAMPERED, "leaf_differs", 17, 1007, 3, answer.message, anchors=1)
    assert answer.message == (
        "entries/000000.jsonl entries/000001.jsonl manifest.json tile/0/x001/067 log --key the key --anchor a.note"
    )
    assert told[0] == CheckState.WRITING


def test_nothing_is_left_behind(run_dir):
    check(FILES, saying("print('{}')"), lambda state, written: None)

    assert list((run_dir / "log-checks").iterdir()) == []


def test_progress_counts_records():
    told = []
    check(FILES, saying("time.sleep(1.5)"), lambda state, written: told.append((state, written)))

    assert told[-1] == (CheckState.VERIFYING, 1007)


def test_a_verifier_that_does_not_end_is_stopped():
    answer = check(FILES, saying("time.sleep(60)", limit_seconds=0.1), lambda state, written: None)

    assert answer.verdict == Verdict.NONE
    assert "too long" in answer.message


@pytest.mark.parametrize(("output", "status"), [
    (b"", 0), (b"Traceback\nValueError: x", 1), (b"[]", 0), (b'"ok"', 0), (b'{"verdict":"fine"}', 0), (b"{}", 0),
    (line(), 1), (line(verdict="tampered"), 0), (line() + b"\nand more", 0), (b"\xff\xfe", 0), (b"null", 0),
    (line(verdict=""), 1), (line(verdict=["ok"]), 0),
])  # fmt: skip
def test_what_is_no_clear_answer_is_never_a_good_one(output, status):
    assert answer_of(output, status=status).verdict == Verdict.NONE


def test_control_a_clear_answer_is_taken():
    assert answer_of(b"reading\n" + line(), status=0) == Answer(Verdict.OK, "", None, 7, 2, "")
    assert answer_of(line(), status=0) != NO_ANSWER


@pytest.mark.parametrize("index", [-1, "3", 1.5, True, 2**70])
def test_an_index_that_is_none_is_dropped(index):
    assert answer_of(line(verdict="tampered", index=index), status=1).index is None
