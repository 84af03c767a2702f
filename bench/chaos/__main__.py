"""Kills the box again and again while documents are uploaded, and counts what is lost, done twice or stuck.

    python -m bench.chaos [--documents 300] [--faults 200] [--broker pgmq|rabbitmq] [--seed 1]
                          [--pause 50] [--lease SECONDS]

A box of its own, all processes as `make run` starts them. Only the time of the language model is a stub (50 to 500 ms a
document); every fifteenth document goes through the real one. A fault of each kind (faults.py) comes in a drawn order;
`--pause` is how long a paused worker stays so (longer than a lease and the sweep after it, so that another one takes
its document), `--lease` another lease than the product's.

`lost`: acknowledged uploads that are gone, whose bytes are not given back, or that have no result though they say so.
`duplicated`: documents with more than one result, or taken in twice. `stuck`: not in an end state in the end.
`recovery_*_s`: from a fault until every document that was under way at it is in an end state, further faults or not.
`control_lost`: of the same number of messages, under the same faults, those that plain Celery never worked off.
`findings`: what else must hold and did not: attempts, the log against records and verifier, files, messages left.
`rate_bound`: 0 losses in n faults bound their rate at 3/n (95 %).

The last line is one JSON object. Exit code 0 when nothing is lost, duplicated, stuck or found, and the control lost.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.chaos.box import running_box
from bench.chaos.doorbell import Doorbell, InDatabase, OnServer
from bench.chaos.figures import figures, is_kept
from bench.chaos.rabbitmq import RabbitMQ, running_rabbitmq
from bench.chaos.run import Outcome, Wanted, play

SHOWN = 40
IN_DATABASE = "pgmq://database"


def main() -> int:
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the box must not outlive its harness
    wanted = Wanted(asked.documents, asked.faults, asked.broker, asked.seed, asked.pause)
    print(f"seed {wanted.seed}, broker {wanted.broker}", flush=True)
    outcome, result = _played(wanted, asked)
    for finding in outcome.found.findings[:SHOWN]:
        print(f"  {finding}", flush=True)
    print(json.dumps(result))
    return 0 if is_kept(result) else 1


def _played(wanted: Wanted, asked: argparse.Namespace) -> tuple[Outcome, dict[str, Any]]:
    configured = {"STRONGROOM_DEMO": "0"}
    if asked.lease:
        configured["STRONGROOM_JOB_LEASE_SECONDS"] = str(asked.lease)
    with tempfile.TemporaryDirectory(prefix="chaos-") as name, _server(wanted.broker) as server:
        if server:
            configured["CELERY_BROKER_URL"] = server.url
        with running_box(Path(name), configured) as box:
            doorbell: Doorbell = OnServer(server) if server else InDatabase(box)
            outcome = play(box, doorbell, server.url if server else IN_DATABASE, wanted)
        if asked.keep_log:
            asked.keep_log.write_text(box.log)
        return outcome, {**figures(wanted, outcome), "left_running": len(box.leftovers())}


@contextmanager
def _server(broker: str) -> Iterator[RabbitMQ | None]:
    with running_rabbitmq() if broker == "rabbitmq" else nullcontext() as server:
        yield server


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--broker", choices=("pgmq", "rabbitmq"), default="pgmq")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=50.0)
    parser.add_argument("--lease", type=int)
    parser.add_argument("--keep-log", type=Path, help="where the output of the box is kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
