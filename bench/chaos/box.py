"""A whole box of the product's own processes, started as `make run` starts it, and a look at them from outside.

The harness restarts nothing of it: what is killed must be brought back by the box itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django

from appliance.operations.postgres import EmbeddedPostgres
from bench.chaos.rabbitmq import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = "bench.chaos.settings"
_START_SECONDS, _STOP_SECONDS = 180.0, 60.0


@dataclass(frozen=True)
class Box:
    folder: Path
    port: int
    environment: Mapping[str, str]
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    @property
    def database(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.folder / "var")

    def pid(self, name: str) -> int | None:
        """The process that the box runs under this name now; None while there is none."""
        return _living(self.folder / "var" / "run" / f"{name}.pid")

    def postmaster(self) -> int | None:
        return _living(self.database.cluster / "postmaster.pid", must_name="")

    def start(self) -> None:
        """Raises SystemExit when it does not answer in time."""
        with (self.folder / "log").open("wb") as log:
            command = [sys.executable, "manage.py", "up"]
            process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._processes.append(process)
        _wait_until_ready(process, self)

    def stop(self) -> None:
        """The processes; the database stays for as long as this process uses it. May be called again."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
            process.wait(_STOP_SECONDS)

    def leftovers(self) -> list[str]:
        """Command lines of processes that still name this box."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            line = _command_line(int(entry.parent.name))
            if str(self.folder) in line:
                found.append(line)
        return found


def children_of(pid: int) -> list[int]:
    """All processes below this one."""
    try:
        own = [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()]
    except OSError:
        return []
    return own + [below for one in own for below in children_of(one)]


def kill(pid: int | None) -> bool:
    return send(pid, signal.SIGKILL)


def send(pid: int | None, number: signal.Signals) -> bool:
    """False when there is no such process any more."""
    try:
        if pid is not None:
            os.kill(pid, number)
    except ProcessLookupError:
        return False
    return pid is not None


@contextmanager
def running_box(folder: Path, configured: Mapping[str, str]) -> Iterator[Box]:
    """Once in a process: it sets Django up on the same database. The output of the box is in `folder`/log."""
    folder.chmod(0o755)
    box = _configured(folder, configured)
    with box.database.in_use():
        try:
            box.start()
            os.environ["DATABASE_URL"] = box.database.url()
            django.setup()
            yield box
        finally:
            _close_connections()
            box.stop()


def _configured(folder: Path, configured: Mapping[str, str]) -> Box:
    port = free_port()
    os.environ |= {
        "STRONGROOM_DATA_DIR": str(folder / "var"),
        "STRONGROOM_MODELS_STORE_ROOT": str(folder / "store"),
        "STRONGROOM_PORT": str(port),
        "STRONGROOM_EXTRACT_THREADS": "1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        **configured,
    }
    return Box(folder, port, dict(os.environ))


def _wait_until_ready(process: subprocess.Popen[bytes], box: Box) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while "Strongroom is ready" not in box.log:
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"the box did not start; the end of its output:\n{box.log[-3000:]}")
        time.sleep(0.3)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _living(pid_file: Path, *, must_name: str | None = None) -> int | None:
    """Process numbers are used again, and a killed process leaves its file: the command line must name it."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    line = _command_line(pid)
    return pid if line and (str(pid_file) if must_name is None else must_name) in line else None


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
