"""The two brokers from outside: empty them, kill the one that is a server, count what waits in them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import psycopg

from bench.chaos.box import Box
from bench.chaos.rabbitmq import RabbitMQ

CONTROL_QUEUE = "control"
DOWN_SECONDS = 2.0


class Doorbell(Protocol):
    def empty(self) -> bool:
        """Take every message away. False when it does not answer."""
        ...

    def kill_and_start(self) -> bool:
        """False where the broker is no server of its own."""
        ...

    def waiting(self) -> int:
        """Messages that a worker could fetch now."""
        ...


@dataclass(frozen=True)
class InDatabase:
    box: Box

    def empty(self) -> bool:
        try:
            with psycopg.connect(self.box.database.url(), connect_timeout=5) as line:
                line.execute("SELECT pgmq.purge_queue(queue_name) FROM pgmq.list_queues()")
        except psycopg.OperationalError:
            return False
        return True

    def kill_and_start(self) -> bool:
        return False

    def waiting(self) -> int:
        from appliance.celery import QUEUES

        with psycopg.connect(self.box.database.url()) as line:
            counts = [
                line.execute(f"SELECT count(*) FROM pgmq.q_{queue} WHERE vt <= now()").fetchone()  # noqa: S608  ours
                for queue in QUEUES
            ]
        return sum(row[0] for row in counts if row)


@dataclass(frozen=True)
class OnServer:
    server: RabbitMQ

    def empty(self) -> bool:
        from appliance.celery import QUEUES

        return self.server.purge([*QUEUES, CONTROL_QUEUE])

    def kill_and_start(self) -> bool:
        """Nobody's broker starts itself: on a machine of its own the service manager would do this."""
        self.server.kill()
        time.sleep(DOWN_SECONDS)
        self.server.start()
        return True

    def waiting(self) -> int:
        from appliance.celery import QUEUES

        return self.server.waiting(list(QUEUES))
