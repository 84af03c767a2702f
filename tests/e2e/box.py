"""A whole appliance of its own, started as `make run` starts it, for browser tests and the pictures in docs/."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 40
_PASSWORD = re.compile(r"log in as (\w+)\s+password (\S+)")


@dataclass
class Box:
    """Use as a context manager. `passwords` maps the demo people's names to what the first start printed."""

    folder: Path
    port: int = 0
    passwords: dict[str, str] = field(default_factory=dict)
    _output: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.port = _free_port()
        environment = os.environ | {
            "STRONGROOM_DATA_DIR": str(self.folder / "var"),
            "STRONGROOM_MODELS_STORE_ROOT": str(self.folder / "store"),
            "STRONGROOM_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "appliance.settings",
        }
        environment.pop("STRONGROOM_TEST_DATA_DIR", None)
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        self._wait_until_ready()
        self.passwords = dict(_PASSWORD.findall("".join(self._output)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdout:
            self._process.stdout.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """All that the processes have printed so far."""
        return "".join(self._output)

    def _collect(self) -> None:
        if self._process.stdout:
            self._output.extend(iter(self._process.stdout.readline, ""))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "Strongroom is ready" not in self.output:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise RuntimeError(f"the box did not start:\n{self.output}")
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
