"""Runs all processes of the box together, and the embedded database under them: what dies is started again.

One supervisor per data directory, a way to stop it from another terminal, and clearing up after one that was killed
without a chance to stop its children. `children.py` starts, watches and restarts the processes.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

from appliance.operations.children import Children
from appliance.operations.processes import ProcessSpec

LOCK_NAME = "supervisor.lock"
STOP_SECONDS = 30.0
PATIENCE_SECONDS = 15.0
"""A worker needs some to hand back its document and its message, and to close its connections."""


class AlreadyRunning(Exception):
    """Another supervisor holds this data directory."""


class PortTaken(Exception):
    """Something else listens on the address."""


@contextmanager
def only_one(run_dir: Path) -> Iterator[None]:
    """Holds the data directory for this supervisor. Raises AlreadyRunning."""
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / LOCK_NAME).open("a+") as lock:
        os.set_inheritable(lock.fileno(), False)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def check_address(host: str, port: int) -> None:
    """Raises PortTaken before anything is started, because a web process that dies later explains less."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"{host}:{port} cannot be used ({error.strerror}).") from error


def supervise(
    processes: Sequence[ProcessSpec],
    *,
    directory: Path,
    ready: Callable[[], None],
    also: Callable[[], None] = lambda: None,
) -> None:
    """Runs until somebody asks to stop (SIGTERM, SIGINT). `also` is called at every look at the processes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=ready, daemon=True, name="ready").start()
    children = Children(processes, directory, also)
    try:
        children.keep_running(stop)
    finally:
        children.end(patience=PATIENCE_SECONDS)


def wait_until_answering(url: str, *, seconds: float) -> str:
    """Waits until the address answers 200. Returns "" then, else what is wrong with it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310  our own address
                return ""
        except HTTPError as error:
            return f"{url} answers with an error ({error.code})"
        except OSError:
            time.sleep(0.2)
    return f"{url} did not answer within {seconds:.0f} s"


def stop_running(run_dir: Path) -> bool:
    """Stops the supervisor of this data directory and anything it left behind. Returns whether something ran."""
    supervisor = _holder(run_dir)
    if supervisor is not None:
        _signal(supervisor, signal.SIGTERM)
        _wait_until(lambda: _holder(run_dir) is None)
    return stop_leftovers(run_dir) or supervisor is not None


def stop_leftovers(run_dir: Path) -> bool:
    """Stops processes whose supervisor was killed, and removes their process-number files."""
    found = False
    for pid_file in sorted(run_dir.glob("*.pid")):
        pid = _number(pid_file)
        if pid and _belongs_to(pid, pid_file):
            found = True
            _signal(pid, signal.SIGTERM)
            if not _wait_until(lambda pid=pid, pid_file=pid_file: not _belongs_to(pid, pid_file)):  # type: ignore[misc]
                _signal(pid, signal.SIGKILL)
        pid_file.unlink(missing_ok=True)
    return found


def _holder(run_dir: Path) -> int | None:
    """The process that supervises this data directory now; a number left in a file nobody holds does not count."""
    path = run_dir / LOCK_NAME
    if not path.exists():
        return None
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _number(path)
            return pid if pid and Path(f"/proc/{pid}").exists() else None
    return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text().strip())
    except (OSError, ValueError):
        return None


def _belongs_to(pid: int, pid_file: Path) -> bool:
    """Process numbers are used again by the system, so the command line must name our file."""
    try:
        return os.fsencode(pid_file) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _wait_until(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
