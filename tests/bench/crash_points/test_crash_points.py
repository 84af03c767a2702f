"""A few of the kills of `make crash-points`: the rest is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.documents import blobs
from bench.crash_points.after_a_kill import look, stored_files
from bench.crash_points.kills import kill_everywhere
from bench.crash_points.power_loss import CONTROLS, lose_power_everywhere
from bench.crash_points.traced_upload import Upload, traced, warm_up

pytestmark = [pytest.mark.strace, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_doorbell")]


@pytest.fixture(autouse=True)
def _refusals_apart(settings: Settings) -> None:
    settings.AUDIT_REFUSALS = "own connection"


def test_nothing_acknowledged_is_lost_by_a_kill(clara: Person, tmp_path: Path) -> None:
    found = kill_everywhere(clara, tmp_path, every=9)

    assert (found.lost, found.half_visible, found.not_swept) == (0, 0, 0)
    assert found.killed >= 3, "most uploads were through before they were killed"
    assert found.with_leftovers > 0, "no kill came between the file and its row"
    assert found.acknowledged >= 1
    assert found.control_lost > 0


def test_nothing_acknowledged_is_lost_with_the_power(clara: Person, tmp_path: Path) -> None:
    warm_up(clara)
    found = lose_power_everywhere(clara, tmp_path, every=6)

    assert (found.power_lost, found.control_caught) == (0, CONTROLS)
    assert found.power_points > 100


def test_upload_without_a_kill_leaves_nothing_behind(clara: Person, tmp_path: Path) -> None:
    warm_up(clara)
    ended = traced(Upload(clara, b"an upload"), tmp_path / "calls.strace")

    found = look(b"an upload", is_acknowledged=ended.is_acknowledged)
    assert (ended.status, ended.was_killed) == (201, False)
    assert (found.is_lost, found.faults, found.left, found.swept) == (False, (), 0, True)


def test_control_a_file_that_is_gone_shows(clara: Person, tmp_path: Path) -> None:
    warm_up(clara)
    traced(Upload(clara, b"an upload"), tmp_path / "calls.strace")
    for path in stored_files():
        path.unlink()

    found = look(b"an upload", is_acknowledged=True)
    assert (found.is_lost, found.faults) == (True, ("its bytes are not there",))


def test_control_leftovers_show_and_are_swept(clara: Person, tmp_path: Path) -> None:
    warm_up(clara)
    traced(Upload(clara, b"an upload"), tmp_path / "calls.strace")
    (Path(blobs.settings.BLOB_DIR) / "new" / "left").write_bytes(b"half of a f")

    found = look(b"an upload", is_acknowledged=True)
    assert (found.is_lost, found.left, found.swept) == (False, 1, True)
