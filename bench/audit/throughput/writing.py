"""Writers with and without the audit log, in turns, on a slow disk. See __main__.py for the figures."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections, transaction

from bench.audit.throughput.slow_disk import slow_server

REPOSITORY = Path(__file__).resolve().parents[3]
LOOK_EVERY_SECONDS = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--delay-us", type=int, default=5000)
    wanted = parser.parse_args()
    rates: dict[bool, list[float]] = {False: [], True: []}
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with slow_server(folder, delay_us=wanted.delay_us) as server:
            _prepare(folder, server.url(), wanted.writers)
            for audited in (False, True) * wanted.rounds:
                rate, seen = _round(wanted.writers, wanted.seconds, audited=audited)
                print(f"{'audited' if audited else 'unaudited'}: {rate:.0f} transactions a second", flush=True)
                rates[audited].append(rate)
                lags += seen
            connections.close_all()
    print(json.dumps(_figures(rates, lags)))
    return 0


def _figures(rates: dict[bool, list[float]], lags: list[float]) -> dict[str, float]:
    plain, audited = statistics.median(rates[False]), statistics.median(rates[True])
    return {
        "unaudited_per_second": round(plain, 1),
        "audited_per_second": round(audited, 1),
        "throughput_ratio": round(audited / plain, 3),
        "lag_p99_s": round(statistics.quantiles(lags, n=100)[98], 3),
        "lag_max_s": round(max(lags), 3),
    }


def _prepare(folder: Path, url: str, writers: int) -> None:
    os.environ |= {"STRONGROOM_DATA_DIR": str(folder), "DATABASE_URL": url}
    os.environ["DJANGO_SETTINGS_MODULE"] = "appliance.settings"
    django.setup()
    from django.conf import settings

    from appliance.audit.key_files import make_keys
    from appliance.sealing import keyset

    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id="measured")
    keyset.make(keyset.path())
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_counter (id int PRIMARY KEY, n bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_counter SELECT i, 0 FROM generate_series(1, %s) i", [writers])


def _round(writers: int, seconds: float, *, audited: bool) -> tuple[float, list[float]]:
    """Transactions a second, and how long the oldest staged record had waited at each look."""
    sequencer = _start_sequencer() if audited else None
    before = _count()
    connections.close_all()
    end = time.monotonic() + seconds
    children = [_writer(number, end, audited=audited) for number in range(1, writers + 1)]
    lags = []
    while time.monotonic() < end:
        lags += [_lag()] if audited else []
        time.sleep(LOOK_EVERY_SECONDS)
    for child in children:
        os.waitpid(child, 0)
    rate = (_count() - before) / seconds
    if sequencer:
        _drain()
        sequencer.terminate()
        sequencer.wait()
    return rate, lags


def _writer(number: int, end: float, *, audited: bool) -> int:
    child = os.fork()
    if child:
        return child
    from appliance.audit.actions import Action
    from appliance.audit.record import Subject, record

    try:
        while time.monotonic() < end:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE bench_counter SET n = n + 1 WHERE id = %s", [number])
                if audited:
                    record(Action.DOCUMENT_VIEWED, subject=Subject("document", str(number)))
    finally:
        os._exit(0)


def _start_sequencer() -> subprocess.Popen[bytes]:
    command = [sys.executable, str(REPOSITORY / "manage.py"), "sequence_audit"]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    assert process.stdout  # noqa: S101  asked for above
    process.stdout.readline()  # "The log is kept: ..."
    return process


def _drain() -> None:
    from appliance.audit.models import StagedRecord

    while StagedRecord.objects.exists():
        time.sleep(LOOK_EVERY_SECONDS)


def _lag() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(e.recorded_at)), 0)"
            " FROM audit_stagedrecord s JOIN audit_auditevent e ON e.id = s.event_id"
        )
        return float(cursor.fetchone()[0])


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM bench_counter")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
