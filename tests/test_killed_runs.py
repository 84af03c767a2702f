from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from appliance.operations.postgres import EmbeddedPostgres
from tests import killed_runs


def _ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def _runs(process: int) -> bool:
    """A process that has ended may stay in the table until somebody asks for its exit status; its command is gone."""
    command = Path(f"/proc/{process}/cmdline")
    return command.exists() and command.read_bytes() != b""


def test_server_of_a_killed_run_is_stopped_and_its_data_removed(tmp_path: Path) -> None:
    folder = tmp_path / f"{killed_runs.PREFIX}-{_ended_process()}-abc"
    left_behind = EmbeddedPostgres(folder, durable=False)
    left_behind.start()
    process = int((left_behind.cluster / "postmaster.pid").read_text().splitlines()[0])
    assert _runs(process)  # control

    killed_runs.clear_up(tmp_path)

    assert not _runs(process)
    assert not folder.exists()


def test_control_the_data_of_a_run_that_goes_on_stays(tmp_path: Path) -> None:
    folder = tmp_path / f"{killed_runs.PREFIX}-{os.getpid()}-abc"
    folder.mkdir()

    killed_runs.clear_up(tmp_path)

    assert folder.exists()
