"""A PostgreSQL whose flushes take as long as on a slow disk: started under strace, which delays them."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from appliance.operations.postgres import EmbeddedPostgres, programs

CALLS = "fsync,fdatasync"
START_SECONDS = 60


@contextmanager
def slow_server(folder: Path, *, delay_us: int) -> Iterator[EmbeddedPostgres]:
    """Running while the block does; as durable as the product's. Raises RuntimeError when it does not start."""
    server = EmbeddedPostgres(folder)
    server.start()
    server.stop()
    owner = server.cluster.stat()
    server.socket_dir.mkdir(mode=0o700)  # the stop took it away
    os.chown(server.socket_dir, owner.st_uid, owner.st_gid)
    null = subprocess.DEVNULL
    process = subprocess.Popen(_command(server, delay_us), cwd="/", stdout=null, stderr=null)
    try:
        _wait_until_answering(server, process)
        yield server
    finally:
        # strace passes no signals on: the server itself is told, by the number it keeps in its folder.
        if process.poll() is None:
            os.kill(int((server.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        process.wait(START_SECONDS)


def _command(server: EmbeddedPostgres, delay_us: int) -> list[str]:
    account = pwd.getpwuid(server.cluster.stat().st_uid).pw_name
    strace = ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={CALLS}"]
    strace += ["-e", f"inject={CALLS}:delay_enter={delay_us}"]
    postgres = [str(programs() / "postgres"), "-D", str(server.cluster), "-c", "listen_addresses="]
    postgres += ["-c", f"unix_socket_directories={server.socket_dir}", "-c", "max_connections=60", "-c", "TimeZone=UTC"]
    return [*strace, *(["-u", account] if os.geteuid() == 0 else []), *postgres]


def _wait_until_answering(server: EmbeddedPostgres, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the database under strace did not start")
