"""Keeps a set of processes running: one that ends is started again, after a pause that grows while it keeps ending."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from appliance.operations.processes import ProcessSpec

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0
GOOD_SECONDS = 30.0
"""Who lived so long was well: the next pause is the shortest again."""

_printing = threading.Lock()


@dataclass
class Child:
    """One process, its latest start, and when it may be started again (seconds of the monotonic clock)."""

    spec: ProcessSpec
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    next_start: float = 0.0

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, directory: Path) -> None:
        """In a session of its own, so that whatever it starts can be found and ended with it."""
        self.process = subprocess.Popen(
            self.spec.command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started_at = time.monotonic()
        threading.Thread(target=_relay, args=(self.spec.name, self.process.stdout), daemon=True).start()
        say(self.spec.name, f"started (process {self.process.pid})")

    def bury(self) -> None:
        """Once it has ended: end what it left behind, and set the time of the next start."""
        if self.process is None or self.lives:
            return
        self.signal(signal.SIGKILL)
        now = time.monotonic()
        if now - self.started_at > GOOD_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        self.next_start = now + self.pause
        say(self.spec.name, f"ended by itself ({_how(self.process.returncode)}); again in {self.pause:.1f} s")
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)
        self.process = None

    def signal(self, number: signal.Signals) -> None:
        """To the process and, with SIGKILL, to everything it started."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass


@dataclass
class Children:
    """All processes together. `also` is called with every look at them: other things that have to be kept running."""

    specs: Sequence[ProcessSpec]
    directory: Path
    also: Callable[[], None] = lambda: None
    _children: list[Child] = field(init=False)

    def __post_init__(self) -> None:
        self._children = [Child(spec) for spec in self.specs]

    def keep_running(self, stop: threading.Event, *, look_every: float = 0.2) -> None:
        """Until `stop` is set. Nothing is stopped then: see `end`."""
        while not stop.is_set():
            self.also()
            for child in self._children:
                child.bury()
                if child.process is None and time.monotonic() >= child.next_start:
                    child.start(self.directory)
            stop.wait(look_every)

    def end(self, *, patience: float) -> None:
        """Ask all to stop, wait for so many seconds, then kill who is left and what any of them left behind."""
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while any(child.lives for child in self._children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._children:
            if child.lives:
                say(child.spec.name, f"did not stop within {patience:.0f} s and is killed")
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def say(name: str, line: str) -> None:
    """One line of one process on our own output."""
    with _printing:
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:<14} | {line.rstrip()}\n")
        sys.stdout.flush()


def _relay(name: str, output: IO[bytes] | None) -> None:
    for line in output or ():
        say(name, line.decode("utf-8", "replace"))


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
