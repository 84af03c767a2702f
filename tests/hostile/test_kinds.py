"""The first file of each kind through the reading process, with small limits; it ends as its kind says, or worse files
would be told apart no more. The control reads without the process and its limits."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from extraction.errors import ReadingError, error_codes
from extraction.read import Limits, Reader
from extraction.read.lines import Piece
from extraction.read.messages import Pixels
from tests.hostile.every_kind import KINDS, write_all
from tests.hostile.kinds import READ, Kind

LIMITS = Limits(base_seconds=30.0, page_seconds=1.0)
REPOSITORY = Path(__file__).resolve().parents[2]
SLOW = {"form_bomb", "endless_drawing", "tiny_tiles"}
"""Kinds that may well end by the limit of time, so on a busy machine each may: their limit is not waited for here."""
WATCH_SECONDS = 8


class NoOcr:
    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        return pixels, []


@cache
def end_of(kind: Kind, number: int = 0, limits: Limits = LIMITS) -> str:
    """READ, or the code of the refusal. Any other error is a finding, and the test fails with it."""
    name = kind.file_name(number).decode("utf-8", "replace")
    try:
        Reader(NoOcr()).read(kind.make(number), untrusted_name=name, limits=limits)
    except ReadingError as error:
        return error.code
    return READ


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name not in SLOW], ids=lambda kind: kind.name)
def test_a_hostile_file_ends_in_the_way_of_its_kind(kind: Kind) -> None:
    # Without OCR a picture has no words: that is no refusal of the picture.
    may_be = kind.ends | ({"nothing_to_read"} if READ in kind.ends else set())
    assert end_of(kind) in may_be


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in SLOW], ids=lambda kind: kind.name)
def test_a_file_without_end_is_stopped(kind: Kind) -> None:
    assert end_of(kind, limits=Limits(base_seconds=2.0)) == "reading_timeout"


def test_every_end_has_a_sentence_and_says_what_to_do() -> None:
    for code in {code for kind in KINDS for code in kind.ends if code != READ}:
        error = error_codes()[code]
        assert error.sentence.endswith(".")
        assert error.next_step.endswith((".", ")."))


def test_there_are_a_thousand_files_of_more_than_sixty_kinds_and_no_two_alike(tmp_path: Path) -> None:
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    small = [kind for kind in KINDS if kind.name in {"outline_loop", "strange_name", "nothing", "cut_mail"}]
    assert write_all(tmp_path, small) == sum(kind.variants for kind in small)
    assert sum(kind.variants for kind in KINDS) >= 1_000


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if not kind.name.startswith("encrypted")][::7], ids=lambda kind: kind.name
)
def test_a_variant_has_the_same_bytes_each_time_and_no_other_has_them(kind: Kind) -> None:
    digests = [hashlib.sha256(kind.make(number)).hexdigest() for number in (0, 1, 0)]
    assert digests[0] == digests[2]
    assert digests[0] != digests[1]


def _parse_without_limits(kind: str, name: str) -> subprocess.CompletedProcess[bytes]:
    """The parser alone, in a process with nothing around it but a watch."""
    program = (
        "from extraction.read.limits import Limits\n"
        "from tests.hostile.every_kind import KINDS\n"
        f"from extraction.read.{kind} import open_{kind} as read\n"
        f"content = next(one for one in KINDS if one.name == {name!r}).make(0)\n"
        "[page for page in read(content, Limits(unpacked_bytes=10**12, archive_ratio=10**9)).pages]\n"
    )
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=REPOSITORY, timeout=WATCH_SECONDS, capture_output=True, check=False)


@pytest.mark.parametrize("name", ["endless_drawing", "form_bomb"])
def test_control_without_the_process_and_its_limits_they_hang(name: str) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        _parse_without_limits("pdf", name)
