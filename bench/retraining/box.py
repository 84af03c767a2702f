"""A whole appliance of its own, started as `make run` starts it, with this process beside it on the same database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from appliance.operations.postgres import EmbeddedPostgres

REPOSITORY = Path(__file__).resolve().parents[2]
_START_SECONDS, _STOP_SECONDS = 180.0, 60.0


@contextmanager
def running_box(folder: Path) -> Iterator[None]:
    """All processes of the appliance run while the block does; its services can be called here, its data lie in
    `folder`. Once in a process. Raises SystemExit when the appliance does not start; its output is in `folder`/log."""
    folder.chmod(0o755)
    data = folder / "var"
    os.environ |= {
        "STRONGROOM_DATA_DIR": str(data),
        "STRONGROOM_MODELS_STORE_ROOT": str(folder / "store"),
        "STRONGROOM_PORT": str(_free_port()),
        "DJANGO_SETTINGS_MODULE": "appliance.settings",
    }
    os.environ.setdefault("STRONGROOM_CONVERTER_DIR", str(REPOSITORY / "var" / "converter"))
    with EmbeddedPostgres(data).in_use(), (folder / "log").open("wb") as log:
        command = [sys.executable, "manage.py", "up"]
        process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_until_ready(process, folder / "log")
            os.environ["DATABASE_URL"] = EmbeddedPostgres(data).url()
            django.setup()
            yield
        finally:
            _close_connections()
            process.send_signal(signal.SIGTERM)
            process.wait(_STOP_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while "Strongroom is ready" not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"the appliance did not start; the end of its output:\n{said[-3000:]}")
        time.sleep(0.3)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
