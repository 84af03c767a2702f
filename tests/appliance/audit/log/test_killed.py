"""The sequencer killed at random moments (SIGKILL): the log stays whole, no place is given twice, nothing is lost.

STRONGROOM_KILLS says how often it is killed; 100 is the promise, a few are the every-day run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from appliance.audit.log import first_key, newest_checkpoint, write_log_folder
from appliance.audit.log import sequencer as sequencers
from appliance.audit.log.anchors import catch_up
from appliance.audit.log.folder import VERIFIER
from appliance.audit.log.reconcile import reconcile
from appliance.audit.log.sequencer import holding_lock
from appliance.audit.log.sequencing import Writer, append, begin, integrate, sign
from appliance.audit.models import Leaf, StagedRecord
from tests.appliance.audit.made import entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLS = int(os.environ.get("STRONGROOM_KILLS", "8"))
RECORDS = 40
Work = Callable[[], None]


def sequence_in_small_steps() -> None:
    """Many commits, so that many moments lie between two of them."""
    with holding_lock(threading.Event(), lambda _: None):
        writer = begin()
        while integrate(writer, at_most=3) or not StagedRecord.objects.exists():
            sign(writer)
            catch_up()


def unstage_and_place_apart() -> None:
    """What the sequencer must not do: two transactions, and death between them."""
    writer = begin()
    rows = list(StagedRecord.objects.select_related("event")[:3])
    with transaction.atomic():
        StagedRecord.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _die_here()
    _place(writer, rows)


def _place(writer: Writer, rows: list[StagedRecord]) -> None:
    append(writer.tree, [(row.pk, bytes(row.event.record)) for row in rows])


def _die_here() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_a_child(work: Work) -> int:
    """The number of a process that does it. It never comes back into the test."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 -- whatever it is, it must not go on as a second run of the tests
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def kill_after(child: int, seconds: float) -> None:
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def faults(folder: Path, before: dict[int, int]) -> list[str]:
    """What is wrong with the log now; `before` are the places (index -> entry) given out earlier."""
    # A long run leaves records waiting for long: that says something about the run, nothing about the log.
    found = [finding for finding in reconcile().findings if "see whether the sequencer runs" not in finding]
    places = dict(Leaf.objects.values_list("index", "event_id"))
    found += [f"place {index} was given again" for index, event in before.items() if places.get(index) != event]
    if newest_checkpoint() is not None:
        command = [sys.executable, "-I", str(VERIFIER), "log", str(write_log_folder(folder)), "--key", first_key().line]
        verdict = json.loads(subprocess.run(command, capture_output=True, check=False).stdout.splitlines()[-1])
        found += [verdict["message"]] if verdict["verdict"] != "ok" else []
    return found


def lock_is_free() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [sequencers.LOCK])
        (free,) = cursor.fetchone()
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sequencers.LOCK])
    return bool(free)


def test_killed_at_random_moments_the_log_stays_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(sequencers, "WAIT_FOR_LOCK_SECONDS", 0.02)
    moments = random.Random(20)
    reached: set[int] = set()
    for number in range(KILLS):
        for _ in range(RECORDS):
            entry()
        before = dict(Leaf.objects.values_list("index", "event_id"))
        child = in_a_child(sequence_in_small_steps)
        while lock_is_free():  # its start takes longer than its work, and is of no interest
            time.sleep(0.01)
        kill_after(child, moments.uniform(0, 1))
        while not lock_is_free():
            time.sleep(0.02)

        assert faults(tmp_path / str(number), before) == []
        reached.add(Leaf.objects.count())
    writer = begin()
    while integrate(writer):
        pass
    assert not StagedRecord.objects.exists()
    assert len(reached) > KILLS // 2, "most kills came before anything was written"


def test_control_a_sequencer_that_commits_in_two_steps_loses_records(tmp_path):
    for _ in range(5):
        entry()
    os.waitpid(in_a_child(unstage_and_place_apart), 0)

    found = faults(tmp_path, {})
    assert len([finding for finding in found if "neither in the signed tree" in finding]) == 3


def test_second_sequencer_waits_until_the_first_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(sequencers, "WAIT_FOR_LOCK_SECONDS", 0.02)
    entry()
    first = in_a_child(sequence_in_small_steps)
    while lock_is_free():
        time.sleep(0.02)
    said, stop = [], threading.Event()
    second = threading.Thread(target=sequencers.run, args=(stop, said.append))
    second.start()
    while not said:
        time.sleep(0.02)
    kill_after(first, 0)
    while len(said) < 2:
        time.sleep(0.02)
    stop.set()
    second.join()

    assert said[0] == "Another sequencer holds the log; waiting until it ends."
    assert said[1].startswith("The log is kept: epoch ")
    assert faults(tmp_path, {}) == []
