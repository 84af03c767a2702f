"""A reading process notices each wall that is missing, and opens nothing without those that are needed."""

from __future__ import annotations

from contextlib import closing

import pytest

from bench.escapes import scene, trial
from extraction.errors import ReaderCrashed, SandboxMissing, StrongroomError
from extraction.read.boundary import Ended, ParsedPage, Started, parse, standing_protections
from extraction.read.limits import Limits
from extraction.read.sandbox.protections import NEEDED, Protection
from tests import samples

KNOCKED_OUT = "tests.extraction.read.sandbox.knocked_out"
WISHED_FOR = sorted(set(Protection) - NEEDED)
DOCUMENTS = {
    "pdf": samples.invoice_pdf(),
    "image": samples.receipt_png(),
    "docx": samples.contract_docx(),
    "html": samples.page_html(),
    "mail": samples.message_eml([("a.txt", b"hello")]),
    "text": "Ümläut in Windows-1252".encode("cp1252"),
}


def test_needed_walls_stand_on_this_machine() -> None:
    assert standing_protections(Limits()) >= NEEDED


def test_namespaces_are_told_when_they_are_allowed_and_when_they_are_not() -> None:
    assert trial.protections(trial.CONTAINER) == sorted(NEEDED)
    assert set(trial.protections(trial.SHUT_IN)) in (set(NEEDED), set(Protection))


@pytest.mark.parametrize("wall", sorted(NEEDED))
def test_a_needed_wall_that_is_missing_is_noticed_and_nothing_is_opened(wall: str) -> None:
    told = standing_protections(Limits(), child=(KNOCKED_OUT, wall))
    with (
        pytest.raises(SandboxMissing) as refused,
        closing(parse(b"x", "text", Limits(), child=(KNOCKED_OUT, wall))) as it,
    ):
        list(it)
    assert (set(Protection) - told, refused.value.detail) == ({wall}, f"missing: {wall}")


@pytest.mark.parametrize("wall", WISHED_FOR)
def test_a_wished_for_wall_that_is_missing_is_noticed_and_documents_are_opened(wall: str) -> None:
    child = (KNOCKED_OUT, wall)
    with closing(parse(b"x", "text", Limits(), child=child)) as events:
        kinds = [type(event) for event in events]
    assert kinds == [Started, ParsedPage, Ended]
    assert wall not in standing_protections(Limits(), child=child)


def test_a_refusal_says_what_a_clerk_can_do() -> None:
    error: StrongroomError = SandboxMissing()
    assert (error.code, "administrator" in error.next_step) == ("sandbox_missing", True)


def test_a_process_that_says_nothing_of_its_walls_is_not_believed() -> None:
    with pytest.raises(ReaderCrashed), closing(parse(b"x", "text", Limits(), child=("this", "-c"))) as events:
        list(events)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_each_kind_is_read_the_same_with_all_walls_as_in_a_container_and_with_none(kind: str) -> None:
    launchers = (trial.SHUT_IN, trial.CONTAINER, trial.OPEN)
    read = []
    for launcher in launchers:
        with closing(parse(DOCUMENTS[kind], kind, Limits(), child=(launcher, "/nowhere"))) as events:
            read.append(list(events))
    assert read[0] == read[1] == read[2]
    assert type(read[0][-1]) is Ended


def test_control_a_folder_in_front_takes_the_place_of_a_library() -> None:
    outcomes = trial.try_all(trial.SHUT_IN)
    assert len(outcomes.of) >= 30
    assert scene.PLANTED.is_dir()
