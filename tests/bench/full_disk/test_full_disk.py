"""Full volumes, short: one that is really full, in a process of its own, and a disk that fails at single calls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.accounts.models import Person
from bench.full_disk.browser import Answer, Body, Browser
from bench.full_disk.cells import Cell
from bench.full_disk.injected import fail_everywhere

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.mounts
@pytest.mark.strace
@pytest.mark.slow
def test_full_volumes_are_told_in_words_and_lose_nothing() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "bench.full_disk", "--every", "9"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)

    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    figures = json.loads(run.stdout.splitlines()[-1])
    assert (figures["cells"], figures["recovered"], figures["silent_losses"]) == (9, 9, 0)
    assert figures["control_work_failed"] is True


@pytest.mark.strace
@pytest.mark.usefixtures("no_doorbell")
@pytest.mark.django_db(transaction=True)
def test_disk_that_fails_at_a_single_call_leaves_nothing(clara: Person, tmp_path: Path) -> None:
    found = fail_everywhere(clara, tmp_path, every=5)

    assert found.injected >= 4
    assert (found.refused, found.unclear, found.left) == (found.injected, 0, 0)


@pytest.mark.strace
@pytest.mark.usefixtures("no_doorbell")
@pytest.mark.django_db(transaction=True)
def test_control_a_refusal_without_words_is_unclear(
    clara: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.full_disk.injected.IN_WORDS", {"ENOSPC": (500, ""), "EIO": (500, "")})

    found = fail_everywhere(clara, tmp_path, every=9)
    assert (found.refused, found.unclear) == (0, found.injected)


@pytest.mark.django_db
def test_browser_notices_what_is_lost(clara: Person) -> None:
    browser = Browser(clara)
    answer = browser.upload(b"an upload of a clerk")
    assert answer.document_id is not None
    assert (answer.status, browser.lost()) == (201, 0)
    assert browser.download(answer.document_id) == b"an upload of a clerk"

    browser.acknowledged[answer.document_id] = b"other bytes"
    assert browser.lost() == 1


def test_something_happens_once_in_the_middle_of_a_request() -> None:
    happened: list[int] = []
    body = Body(b"x" * 100, lambda: happened.append(body.tell()))
    while body.read(30):
        pass

    assert happened == [60]


@pytest.mark.parametrize(
    ("answer", "is_refused"),
    [
        (Answer(507, "storage_full"), True),
        (Answer(503, "database_away"), True),
        (Answer(503), False),
        (Answer(500), False),
        (Answer(201), False),
    ],
    ids=["full", "away", "no words", "a bug", "taken in"],
)
def test_only_a_refusal_with_words_counts(answer: Answer, is_refused: bool) -> None:
    assert Cell("documents", "before", answer, reads=True, recovery_seconds=0.1).is_refused_in_words is is_refused
