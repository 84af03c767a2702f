"""The one process that writes the tree. A lock of the database keeps a second one waiting; an epoch finds a stale one.

The lock is held by the connection that writes: who loses the lock cannot write either.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from appliance.audit.key_files import KeysMissing
from appliance.audit.log.anchors import catch_up
from appliance.audit.log.sequencing import BATCH, Superseded, Writer, begin, integrate, sign
from appliance.audit.log.signing_requests import answer_requests
from appliance.audit.log.stored_tree import TreeDamaged

CADENCE_SECONDS = 0.2
LOOK_AGAIN_SECONDS = 30.0
WAIT_FOR_LOCK_SECONDS = 1.0
LOCK = 0x5354524F  # "STRO": the number that all sequencers of a database agree on
Say = Callable[[str], None]


def trouble_file() -> Path:
    """Holds why the sequencer does not write, while it does not."""
    return settings.RUN_DIR / "sequencer.trouble"


def run(stop: threading.Event, say: Say) -> None:
    """Sequence until `stop` is set. Neither a damaged log nor a database that is away ends it: it says so and waits."""
    while not stop.is_set():
        try:
            _run_once(stop, say)
        except (TreeDamaged, KeysMissing) as error:
            _tell(say, str(error))
            stop.wait(LOOK_AGAIN_SECONDS)
        except Superseded as error:
            say(f"{error} Waiting for the lock again.")
        except (OperationalError, InterfaceError) as error:
            say(f"The database does not answer: {str(error).strip()}")
            stop.wait(WAIT_FOR_LOCK_SECONDS)
        finally:
            connection.close()


@contextmanager
def holding_lock(stop: threading.Event, say: Say) -> Iterator[bool]:
    """Waits until no other sequencer holds the log; False when `stop` came first."""
    said = False
    while not stop.is_set() and not _try_lock():
        if not said:
            say("Another sequencer holds the log; waiting until it ends.")
            said = True
        stop.wait(WAIT_FOR_LOCK_SECONDS)
    yield not stop.is_set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _run_once(stop: threading.Event, say: Say) -> None:
    with holding_lock(stop, say) as held:
        if not held:
            return
        writer = begin()
        trouble_file().unlink(missing_ok=True)
        say(f"The log is kept: epoch {writer.epoch}, {writer.tree.size} entries.")
        anchored = _Anchoring(say)
        anchored.try_now()
        while not stop.is_set():
            started = time.monotonic()
            taken = step(writer, anchored.try_now)
            if taken < BATCH:
                stop.wait(max(0.0, CADENCE_SECONDS - (time.monotonic() - started)))
        step(writer, anchored.try_now)


def step(writer: Writer, after_checkpoint: Callable[[], None]) -> int:
    """One round: a batch, what others ask to have signed, a checkpoint when it is due. Returns the batch's size."""
    taken = integrate(writer)
    answer_requests()
    if writer.is_due():
        sign(writer)
        after_checkpoint()
    return taken


class _Anchoring:
    """A volume that is away is said once; the overview shows it for as long as it lasts."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._failed = False

    def try_now(self) -> None:
        try:
            catch_up()
        except OSError as error:
            if not self._failed:
                self._say(f"Checkpoints cannot be anchored: {error}")
            self._failed = True
        else:
            self._failed = False


def _try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _tell(say: Say, sentence: str) -> None:
    say(sentence)
    trouble_file().parent.mkdir(parents=True, exist_ok=True)
    trouble_file().write_text(sentence, encoding="utf-8")
