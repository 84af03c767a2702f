"""Another worker beside a paused one, as an operator adds one; it is asked to end as the product's are."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.chaos.box import REPOSITORY, Box


@contextmanager
def stand_in(box: Box, queue: str) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--app", "appliance", "--quiet", "worker", "-Q", queue]
    command += ["-n", f"stand-in-{queue}@%h", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    environment = {**box.environment, "STRONGROOM_DATABASE_ROLE": "strongroom_app"}
    with (box.folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
