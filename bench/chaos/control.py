"""The control: the same broker and the same faults, but plain Celery: messages are acknowledged when they are fetched,
and no table of jobs stands behind them. What it loses shows that the harness sees losses.

    python -m bench.chaos.control BROKER_URL FOLDER     runs its worker under the product's supervisor
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from celery import Celery
from kombu.exceptions import OperationalError

from bench.chaos.box import REPOSITORY, Box
from bench.chaos.doorbell import CONTROL_QUEUE
from bench.chaos.faults import CONTROL

BROKER, DATABASE = "CHAOS_CONTROL_BROKER", "CHAOS_CONTROL_DATABASE"
TABLE = "chaos_control"
SECONDS_A_DOCUMENT = 0.6
"""About what a document of the bench takes in both stages of the product."""
MOST_TRIES = 200


class BrokerGone(Exception):
    """The broker of the control does not come back."""


def make_app(broker_url: str, database_url: str) -> Celery:
    """Celery as it comes, but for what the brokers need to be reached at all."""
    from appliance.celery import transport_options

    app = Celery("control", broker=broker_url)
    options = transport_options(broker_url, database_url, time_limit=60) if broker_url.startswith("pgmq") else {}
    app.conf.update(
        task_default_queue=CONTROL_QUEUE,
        worker_pool="solo",
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options=options,
        task_ignore_result=True,
    )

    def extract(number: int) -> None:
        time.sleep(SECONDS_A_DOCUMENT)
        with psycopg.connect(database_url) as line:
            line.execute(f"INSERT INTO {TABLE} VALUES (%s)", [number])  # noqa: S608  our own name

    app.task(name="control.extract")(extract)
    return app


class ControlRun:
    """Publishes a message for each document, and counts those that came to nothing."""

    def __init__(self, box: Box, broker_url: str) -> None:
        self._database = box.database.url()
        self._app = make_app(broker_url, self._database)
        self._published = 0
        with psycopg.connect(self._database) as line:
            line.execute(f"CREATE TABLE {TABLE} (number integer)")

    def publish(self) -> None:
        """Until the broker takes it, as a client repeats an upload that was not answered."""
        for _ in range(MOST_TRIES):
            try:
                self._app.send_task("control.extract", args=[self._published])
            except (OperationalError, psycopg.OperationalError, AttributeError):
                self._app.pool.force_close_all(close_pool=False)  # as in appliance/ringing.py
                self._app.pool.setup()
                time.sleep(0.3)
                continue
            self._published += 1
            return
        raise BrokerGone

    def lost(self) -> int:
        with psycopg.connect(self._database) as line:
            row = line.execute(f"SELECT count(DISTINCT number) FROM {TABLE}").fetchone()  # noqa: S608  our own name
        return self._published - (row[0] if row else 0)


@contextmanager
def running_control(box: Box, broker_url: str) -> Iterator[ControlRun]:
    run = ControlRun(box, broker_url)
    command = [sys.executable, "-m", "bench.chaos.control"]
    environment = {**box.environment, BROKER: broker_url, DATABASE: box.database.url()}
    with (box.folder / "control.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
        try:
            yield run
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def main() -> None:
    from appliance.operations.processes import ProcessSpec
    from appliance.operations.supervisor import supervise

    run_dir = Path(os.environ["STRONGROOM_DATA_DIR"]) / "run"
    command = [sys.executable, "-m", "celery", "--app", "bench.chaos.control_app", "--quiet", "worker"]
    command += ["-n", "control@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    command += ["--pidfile", str(run_dir / f"{CONTROL}.pid")]
    supervise([ProcessSpec(CONTROL, tuple(command))], directory=REPOSITORY, ready=lambda: None)


if __name__ == "__main__":
    main()
