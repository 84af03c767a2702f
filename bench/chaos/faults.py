"""What is done to the box, drawn from a seed: each kind comes about as often as any other."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import psycopg

from bench.chaos.box import Box, children_of, kill, send
from bench.chaos.doorbell import Doorbell
from bench.chaos.stand_in import stand_in

CONTROL = "worker-control"
PAUSED = ("read worker paused", "extract worker paused")
KINDS = (
    "read worker killed",
    "extract worker killed",
    "reading child killed",
    "web worker killed in mid-upload",
    "web server killed in mid-upload",
    "database backend killed",
    "database server killed",
    "sweeper killed",
    "clock killed",
    "sequencer killed",
    "training worker killed",
    *PAUSED,
    "broker emptied",
)
ONLY_WITH_A_SERVER = ("broker killed",)
LATEST_KILL_SECONDS = 0.12
THERE_SECONDS, AT_WORK_SECONDS, CHILD_SECONDS = 30.0, 3.0, 3.0


def deal(broker: str, seed: int) -> Iterator[str]:
    """All kinds in a drawn order, then all again, without an end."""
    random = Random(f"{seed} {broker}")
    kinds = [*KINDS, *(ONLY_WITH_A_SERVER if broker == "rabbitmq" else ())]
    while True:
        yield from random.sample(kinds, len(kinds))


@dataclass
class Injector:
    """Does to the box what is dealt. `pause_seconds`: how long a paused worker stays so. `upload`: one more document;
    what it is given is done between the halves of the request."""

    box: Box
    doorbell: Doorbell
    upload: Callable[[Callable[[], None]], bool]
    random: Random
    pause_seconds: float
    _pauses: list[threading.Thread] = field(default_factory=list)

    def inject(self, kind: str) -> bool:
        """False when there was nothing to do it to."""
        acts: dict[str, Callable[[], bool]] = {
            "read worker killed": lambda: self._kill_at_work("read"),
            "extract worker killed": lambda: self._kill_at_work("extract"),
            "reading child killed": self._kill_reading_child,
            "web worker killed in mid-upload": lambda: self._kill_in_upload(whole=False),
            "web server killed in mid-upload": lambda: self._kill_in_upload(whole=True),
            "database backend killed": self._kill_backend,
            "database server killed": lambda: kill(self.box.postmaster()),
            "sweeper killed": lambda: kill(self._there("worker-upkeep")),
            "clock killed": lambda: kill(self._there("beat")),
            "sequencer killed": lambda: kill(self._there("sequencer")),
            "training worker killed": lambda: kill(self._there("worker-train")),
            "read worker paused": lambda: self._pause("read"),
            "extract worker paused": lambda: self._pause("extract"),
            "broker emptied": self.doorbell.empty,
            "broker killed": self.doorbell.kill_and_start,
        }
        return acts[kind]()

    def finish(self) -> None:
        """Every paused worker goes on."""
        for pause in self._pauses:
            pause.join()

    def _kill_at_work(self, stage: str) -> bool:
        """With a document in hand where there is one; the control loses its worker at the same moment."""
        self._wait_for_work(stage)
        kill(self.box.pid(CONTROL))
        return kill(self._there(f"worker-{stage}"))

    def _kill_reading_child(self) -> bool:
        worker = self._there("worker-read")
        deadline = time.monotonic() + CHILD_SECONDS
        while worker is not None and time.monotonic() < deadline:
            found = children_of(worker)
            if found:
                return kill(self.random.choice(found))
            time.sleep(0.002)
        return False

    def _kill_in_upload(self, *, whole: bool) -> bool:
        """In the midst of the body, or a drawn moment later: then the file may be stored and the row not yet."""
        master = self._there("web")
        workers = children_of(master) if master is not None else []
        target = master if whole else (workers[0] if workers else None)
        if target is None:
            return False
        timer = threading.Timer(self.random.uniform(0.0, LATEST_KILL_SECONDS), lambda: kill(target))

        def in_between() -> None:
            timer.start()
            time.sleep(LATEST_KILL_SECONDS / 4)

        if not self.upload(in_between):
            return kill(target)
        timer.join()
        return True

    def _kill_backend(self) -> bool:
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        try:
            with psycopg.connect(self.box.database.url(), connect_timeout=5) as line:
                found = [row[0] for row in line.execute(query)]
        except psycopg.OperationalError:
            return False
        return bool(found) and kill(self.random.choice(sorted(found)))

    def _pause(self, stage: str) -> bool:
        """Meanwhile another worker stands in for it, so that what it comes back with may be stale."""
        for earlier in self._pauses:
            earlier.join()
        self._wait_for_work(stage)
        worker = self._there(f"worker-{stage}")
        if not send(worker, signal.SIGSTOP):
            return False
        control = self.box.pid(CONTROL)
        send(control, signal.SIGSTOP)
        self._pauses = [threading.Thread(target=self._go_on_later, args=(stage, worker, control))]
        self._pauses[0].start()
        return True

    def _go_on_later(self, stage: str, *pids: int | None) -> None:
        with stand_in(self.box, stage):
            time.sleep(self.pause_seconds)
            for pid in pids:
                send(pid, signal.SIGCONT)

    def _wait_for_work(self, stage: str) -> None:
        query = "SELECT 1 FROM documents_job WHERE state = 'running' AND stage = %s"
        for line in _looking(self.box, AT_WORK_SECONDS):
            if line.execute(query, [stage]).fetchone():
                return

    def _there(self, name: str) -> int | None:
        """The process, waited for while it is being started again."""
        deadline = time.monotonic() + THERE_SECONDS
        while (pid := self.box.pid(name)) is None and time.monotonic() < deadline:
            time.sleep(0.05)
        return pid


def _looking(box: Box, seconds: float) -> Iterator[psycopg.Connection]:
    """The same connection every few milliseconds, while it lasts."""
    deadline = time.monotonic() + seconds
    try:
        with psycopg.connect(box.database.url(), autocommit=True, connect_timeout=5) as line:
            while time.monotonic() < deadline:
                yield line
                time.sleep(0.01)
    except psycopg.OperationalError:
        return
