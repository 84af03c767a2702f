"""A word that lives through a whole box stands nowhere on its disk; with encryption off it does."""

from __future__ import annotations

import json
import subprocess
import sys

KEYS = {"places", "bytes_searched", "hits", "control_hits"}


def test_nothing_of_a_document_stands_in_clear_on_the_disk() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.marker", "--short"], capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures.keys() >= KEYS
    assert (figures["hits"], figures["readable"]) == (0, 0)
    assert {"blobs", "dump.sql", "postgres/base", "postgres/pg_wal"} <= figures["control_hits_by_place"].keys()
    assert figures["control_readable"] > 0
    assert figures["memory_hits"] > 0  # control: a training does need texts, and this is where they are
