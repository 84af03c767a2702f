"""What is counted as an end, and what as a crash of the web server."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import RemoteDisconnected
from pathlib import Path
from typing import cast

import pytest

from bench.hostile.clerk import Answer, Clerk
from bench.hostile.feeding import Feeder, Outcome
from bench.hostile.files import Found, every_file
from bench.hostile.watching import MOST_GROWTH, Look, died, leftovers


class ScriptedClerk:
    """Gives one answer after the other; an error among them is raised."""

    def __init__(self, answers: Sequence[Answer | Exception]) -> None:
        self._answers = iter(answers)

    def upload(self, untrusted_name: str, content: bytes) -> Answer:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _fed(tmp_path: Path, *answers: Answer | Exception) -> Outcome:
    for number in range(len(answers)):
        (tmp_path / f"{number}.txt").write_text("text")
    feeder = Feeder(cast(Clerk, ScriptedClerk(answers)))
    feeder.feed(every_file(tmp_path))
    return feeder.outcome


def test_a_refusal_with_a_code_is_a_clear_end(tmp_path: Path) -> None:
    outcome = _fed(tmp_path, Answer(422, None, "empty_file"), Answer(413, None, "file_too_large"))
    assert outcome.states == {"refused: empty_file": 1, "refused: file_too_large": 1}
    assert (outcome.files, outcome.ended_clearly, outcome.crashes) == (2, 2, [])


def test_a_full_box_that_says_so_is_no_crash(tmp_path: Path) -> None:
    assert _fed(tmp_path, Answer(507, None, "storage_full")).crashes == []


@pytest.mark.parametrize("answer", [Answer(500, None, "http_500"), RemoteDisconnected()], ids=["500", "no answer"])
def test_control_a_web_server_that_breaks_is_counted(tmp_path: Path, answer: Answer | Exception) -> None:
    outcome = _fed(tmp_path, answer)
    assert (len(outcome.crashes), outcome.ended_clearly) == (1, 0)


def test_what_cannot_be_sent_is_told_and_has_ended(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    feeder = Feeder(cast(Clerk, ScriptedClerk([])))
    feeder.feed([*every_file(tmp_path), Found(b"/nowhere/at/all", "gone")])
    assert feeder.outcome.states == {"not sent: link_leads_nowhere": 1, "not sent: cannot_be_opened": 1}


CALM = Look({"web": 1, "worker-read": 2}, memory=100 << 20, sockets=20, readers=0, files=frozenset({"/t/old"}))


def test_a_box_that_is_as_before_has_no_leftovers() -> None:
    assert leftovers(CALM, CALM) == []
    assert died(CALM, CALM) == []


def test_control_what_is_left_behind_is_named() -> None:
    after = Look({"web": 1, "worker-read": 7}, CALM.memory + MOST_GROWTH + 1, 40, 1, frozenset({"/t/old", "/t/new"}))
    assert leftovers(CALM, after) == [
        "file /t/new", "1 reading processes", "the web holds 50 MiB more", "20 more sockets",
    ]  # fmt: skip
    assert died(CALM, after) == ["worker-read"]
