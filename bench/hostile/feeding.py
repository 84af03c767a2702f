"""Gives the box one file after the other and waits for the end of each."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from bench.hostile.clerk import Answer, Clerk
from bench.hostile.files import Found

LONGEST_SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.05
TELL_EVERY = 100
AT_ONCE = 2
"""Documents that wait or are read at a time: the next one is there when the worker is done with one."""
REFUSED_BY_PLAN = frozenset({429, 503, 507})
"""Answers of a box that says that it has no room just now; all others from 500 on are crashes."""


@dataclass
class Waiting:
    """`since`: when its reading began, or when it was taken in as long as that was not seen."""

    found: Found
    since: float
    is_seen: bool = False


@dataclass
class Outcome:
    """What became of the files. `slowest`: seconds and name; `unfinished`: names without an end in time."""

    files: int = 0
    states: Counter[str] = field(default_factory=Counter)
    by_file: dict[bytes, str] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    unfinished: list[str] = field(default_factory=list)

    @property
    def ended_clearly(self) -> int:
        return self.files - len(self.unfinished)

    def note(self, found: Found, state: str, seconds: float = 0.0) -> None:
        self.states[state] += 1
        self.by_file[found.path] = state
        self.slowest = max(self.slowest, (seconds, found.untrusted_name))


class Feeder:
    """`outcome` grows while `feed` works."""

    def __init__(self, clerk: Clerk, *, longest_seconds: float = LONGEST_SECONDS) -> None:
        self.outcome = Outcome()
        self._clerk = clerk
        self._longest = longest_seconds
        self._waiting: dict[UUID, Waiting] = {}

    def feed(self, files: Iterable[Found]) -> None:
        for found in files:
            self.outcome.files += 1
            if self.outcome.files % TELL_EVERY == 0:
                print(f"{self.outcome.files} files, {dict(self.outcome.states.most_common(4))}", flush=True)
            self._settle(AT_ONCE - 1)
            self._send(found)
        self._settle(0)

    def _send(self, found: Found) -> None:
        try:
            content = found.read() if not found.obstacle else b""
        except OSError:
            self.outcome.note(found, "not sent: cannot_be_opened")
            return
        if found.obstacle:
            self.outcome.note(found, f"not sent: {found.obstacle}")
            return
        began = time.monotonic()
        try:
            answer = self._clerk.upload(found.untrusted_name, content)
        except (OSError, http.client.HTTPException) as error:
            self._crashed(found, f"no answer: {error!r}")
            return
        self._answered(found, answer, time.monotonic() - began)

    def _answered(self, found: Found, answer: Answer, seconds: float) -> None:
        if answer.document is not None:
            self._waiting[answer.document] = Waiting(found, time.monotonic())
        elif answer.status >= 500 and answer.status not in REFUSED_BY_PLAN:
            self._crashed(found, f"status {answer.status}")
        else:
            self.outcome.note(found, f"refused: {answer.code}", seconds)

    def _crashed(self, found: Found, what: str) -> None:
        self.outcome.crashes.append(f"{found.untrusted_name}: {what}")
        self.outcome.unfinished.append(found.untrusted_name)
        self.outcome.note(found, "web crash")

    def _settle(self, most: int) -> None:
        """Until at most so many are left."""
        self._look()
        while len(self._waiting) > most:
            time.sleep(LOOK_EVERY_SECONDS)
            self._look()

    def _look(self) -> None:
        now = time.monotonic()
        for document, state, is_ended in _states(tuple(self._waiting)):
            waiting = self._waiting[document]
            if not waiting.is_seen and (is_ended or state == "reading"):
                waiting.is_seen = True
                waiting.since = waiting.since if is_ended else now
            seconds = now - waiting.since
            if is_ended:
                self.outcome.note(waiting.found, state, seconds)
            elif seconds > self._longest:
                self.outcome.unfinished.append(waiting.found.untrusted_name)
                self.outcome.note(waiting.found, f"unfinished: {state}", seconds)
            if is_ended or seconds > self._longest:
                del self._waiting[document]


def _states(documents: tuple[UUID, ...]) -> list[tuple[UUID, str, bool]]:
    """Id, where it stands in words, and whether the reading has ended."""
    from appliance.documents.models import Document
    from appliance.documents.states import State

    found = Document.objects.filter(pk__in=documents).values_list("pk", "state", "error_code")
    busy = (State.RECEIVED, State.READING)
    return [(pk, f"{state}: {code}" if code else str(state), state not in busy) for pk, state, code in found]


def attachments_left(*, seconds: float = LONGEST_SECONDS) -> tuple[int, int]:
    """Waits for what hung on e-mails: how many documents that are, and how many of them have not ended."""
    from appliance.documents.models import Document
    from appliance.documents.states import State

    attached = Document.objects.exclude(parent=None)
    busy = attached.filter(state__in=(State.RECEIVED, State.READING))
    count, last_change = busy.count(), time.monotonic()
    while count and time.monotonic() - last_change < seconds:
        time.sleep(0.5)
        left = busy.count()
        count, last_change = left, last_change if left == count else time.monotonic()
    return attached.count(), count
