"""The supervisor: what dies is started again; only one supervisor runs; a killed one leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.operations import supervisor
from appliance.operations.processes import all_processes
from appliance.operations.supervisor import AlreadyRunning, PortTaken

REPOSITORY = Path(__file__).resolve().parents[3]
RUN = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from appliance.operations.processes import ProcessSpec
from appliance.operations.supervisor import only_one, supervise
folder = Path(sys.argv[2])
sleeper = (
    "import os,sys,time; open(sys.argv[1],'w').write(str(os.getpid())); time.sleep(float(sys.argv[2]));"
    "sys.exit(int(sys.argv[3]))"
)
specs = [ProcessSpec(name, (sys.executable, "-c", sleeper, str(folder / f"{name}.pid"), seconds, status))
         for name, seconds, status in (("long", "60", "0"), ("short", sys.argv[3], sys.argv[4]))]
with only_one(folder):
    supervise(specs, directory=folder, ready=lambda: print("READY", flush=True))
    print("STOPPED", flush=True)
"""


def _start(folder: Path, *, seconds: str = "60", status: str = "0") -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(REPOSITORY), str(folder), seconds, status],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=REPOSITORY,
    )


def _pids(folder: Path) -> list[int]:
    deadline = time.monotonic() + 60
    paths = [folder / "long.pid", folder / "short.pid"]
    while not all(path.exists() and path.read_text() for path in paths):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return [int(path.read_text()) for path in paths]


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run with blanks"
    folder.mkdir()
    return folder


def _wait_for_another(path: Path, pid: int) -> int:
    deadline = time.monotonic() + 30
    while True:
        try:
            if (found := int(path.read_text())) != pid:
                return found
        except (OSError, ValueError):
            pass
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("status", ["0", "3"])
def test_one_that_ends_is_started_again_and_the_others_stay(folder: Path, status: str) -> None:
    process = _start(folder, seconds="0.5", status=status)
    long, short = _pids(folder)
    _wait_for_another(folder / "short.pid", short)
    assert _lives(long)
    supervisor.stop_running(folder)
    output, _ = process.communicate(timeout=60)
    assert f"ended by itself (status {status}); again in 0.5 s" in output


def test_one_that_is_killed_is_started_again(folder: Path) -> None:
    process = _start(folder)
    long, short = _pids(folder)
    os.kill(short, signal.SIGKILL)
    again = _wait_for_another(folder / "short.pid", short)
    assert (_lives(long), _lives(again)) == (True, True)
    supervisor.stop_running(folder)
    output, _ = process.communicate(timeout=60)
    assert "ended by itself (killed by SIGKILL)" in output
    assert [_lives(pid) for pid in (long, again)] == [False, False]


def test_stopping_from_another_process_ends_everything(folder: Path) -> None:
    process = _start(folder)
    pids = _pids(folder)
    assert supervisor.stop_running(folder) is True
    output, _ = process.communicate(timeout=60)
    assert "STOPPED\n" in output
    assert [_lives(pid) for pid in pids] == [False, False]
    assert supervisor.stop_running(folder) is False


def test_what_a_killed_supervisor_left_behind_is_stopped(folder: Path) -> None:
    process = _start(folder)
    pids = _pids(folder)
    process.kill()
    process.wait()  # its output stays open: the children hold it
    assert [_lives(pid) for pid in pids] == [True, True]
    assert supervisor.stop_leftovers(folder) is True
    assert [_lives(pid) for pid in pids] == [False, False]
    process.communicate(timeout=60)


def test_a_number_that_the_system_gave_to_another_process_is_left_alone(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (folder / "web.pid").write_text(str(stranger.pid))
        assert supervisor.stop_leftovers(folder) is False
        assert stranger.poll() is None
        stranger.send_signal(signal.SIGKILL)


def test_a_second_supervisor_is_refused(folder: Path) -> None:
    with supervisor.only_one(folder), pytest.raises(AlreadyRunning), supervisor.only_one(folder):
        pass


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port} cannot be used"):
            supervisor.check_address("127.0.0.1", port)
    supervisor.check_address("127.0.0.1", port)


def test_the_box_is_made_of_these_processes(tmp_path: Path) -> None:
    processes = all_processes(address="127.0.0.1:8000", web_threads=4, run_dir=tmp_path)
    workers = ["worker-read", "worker-extract", "worker-train", "worker-upkeep"]
    assert [process.name for process in processes] == ["web", *workers, "beat", "sequencer"]
