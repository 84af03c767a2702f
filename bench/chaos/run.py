"""One run: documents come in while faults are dealt; then the box is left alone until it is quiet, and judged."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from bench.chaos.box import Box
from bench.chaos.control import ControlRun, running_control
from bench.chaos.doorbell import Doorbell
from bench.chaos.faults import Injector, deal
from bench.chaos.invariants import Found, look_at_running, look_at_stopped
from bench.chaos.uploads import Uploads, slip
from bench.chaos.watching import Watch

SHORTEST_BREAK, LONGEST_BREAK = 0.3, 2.5
EMPTYING_SECONDS = 60.0
TYPE = "receipt"


@dataclass(frozen=True)
class Wanted:
    """`pause` and `settling` in seconds."""

    documents: int
    faults: int
    broker: str
    seed: int
    pause: float
    settling: float = 900.0


@dataclass
class Outcome:
    """`documents`: acknowledged ones. `stuck`: documents without an end. `fenced`: results that came too late."""

    documents: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    found: Found = field(default_factory=Found)
    recoveries: list[float] = field(default_factory=list)
    unanswered: int = 0
    stuck: int = 0
    fenced: int = 0
    control_lost: int = 0
    seconds: float = 0.0


def play(box: Box, doorbell: Doorbell, broker_url: str, wanted: Wanted) -> Outcome:
    began, outcome = time.monotonic(), Outcome()
    uploads, watch = log_in(box), Watch(box)
    with running_control(box, broker_url) as control, _beside(watch.run, watch.stop):
        clerk = Clerk(uploads, control, wanted.documents)
        injector = Injector(box, doorbell, clerk.upload, Random(wanted.seed), wanted.pause)
        with _beside(clerk.run, clerk.hurry):
            _deal(wanted, clerk, injector, watch, outcome)
        injector.finish()
        outcome.stuck = 0 if watch.settle(wanted.settling) else max(1, len(watch.under_way()))
        _wait_until_empty(doorbell, outcome)
        outcome.control_lost = control.lost()
    _forget_connections()
    look_at_running(uploads, clerk.contents, outcome.found)
    outcome.documents, outcome.recoveries, outcome.unanswered = (
        len(clerk.contents),
        watch.recoveries(),
        uploads.unanswered,
    )
    outcome.fenced = box.log.count("thrown away: ")
    box.stop()
    look_at_stopped(outcome.found)
    outcome.seconds = time.monotonic() - began
    return outcome


class Clerk:
    """Hands in the documents one after the other, a few for each fault, and the control's messages with them."""

    def __init__(self, uploads: Uploads, control: ControlRun, documents: int) -> None:
        self.contents: dict[str, bytes] = {}
        self._uploads, self._control, self._left = uploads, control, documents
        self._allowed, self._lock = threading.Semaphore(0), threading.Lock()

    def run(self) -> None:
        while self._left:
            self._allowed.acquire()
            self.upload()

    def allow(self, count: int) -> None:
        self._allowed.release(count) if count else None

    def hurry(self) -> None:
        """All that are left may come now."""
        self.allow(self._left)

    def upload(self, in_between: Callable[[], None] = lambda: None) -> bool:
        """One document, while there are any."""
        with self._lock:
            if not self._left:
                return False
            self._left -= 1
            number = self._left
        content = slip(number)
        self.contents[self._uploads.upload(content, in_between=in_between)] = content
        self._control.publish()
        return True


def _deal(wanted: Wanted, clerk: Clerk, injector: Injector, watch: Watch, outcome: Outcome) -> None:
    random, kinds = Random(f"{wanted.seed} breaks"), deal(wanted.broker, wanted.seed)
    while outcome.injected.total() < wanted.faults:
        dealt = outcome.injected.total()
        clerk.allow(wanted.documents * (dealt + 1) // wanted.faults - wanted.documents * dealt // wanted.faults)
        time.sleep(random.uniform(SHORTEST_BREAK, LONGEST_BREAK))
        kind, under_way, at = next(kinds), watch.under_way(), time.monotonic()
        if injector.inject(kind):
            outcome.injected[kind] += 1
            watch.note(kind, under_way, at)
            print(f"{time.strftime('%H:%M:%S')} {kind}, {len(under_way)} documents under way", flush=True)


def log_in(box: Box) -> Uploads:
    """A clerk of the bench's own, at the web server of the box."""
    from appliance.accounts.models import Person
    from appliance.accounts.roles import Role

    person = Person.objects.create_user(username="chaos", role=Role.CLERK)
    uploads = Uploads(box, TYPE)
    uploads.log_in(person)
    return uploads


def _forget_connections() -> None:
    """Those of this process were cut, too."""
    from django.db import connections

    connections.close_all()


def _wait_until_empty(doorbell: Doorbell, outcome: Outcome) -> None:
    deadline = time.monotonic() + EMPTYING_SECONDS
    while (left := doorbell.waiting()) and time.monotonic() < deadline:
        time.sleep(0.5)
    if left:
        outcome.found.findings.append(f"{left} messages wait in the broker")


@contextmanager
def _beside(run: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    """`run` goes on in a thread while the block does; `end` makes it end. What it raises is raised here."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        try:
            yield
        finally:
            end()
        running.result()
