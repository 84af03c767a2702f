"""A RabbitMQ server of the bench's own on free ports; nothing of an installed one is touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kombu import Connection

START_SECONDS = 120.0


@dataclass
class RabbitMQ:
    """`home` holds its data; the path must be short, because Erlang keeps a socket beside it."""

    home: Path
    port: int
    environment: dict[str, str]
    _server: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Raises SystemExit when it does not answer in time; its output is in `home`/out."""
        program = shutil.which("rabbitmq-server", path=self.environment["PATH"])
        if program is None:
            raise SystemExit("rabbitmq-server is not installed")
        with (self.home / "out").open("ab") as output:
            self._server = subprocess.Popen(
                [program], env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise SystemExit(f"RabbitMQ does not answer; see {self.home / 'out'}")
            time.sleep(0.2)

    def kill(self) -> None:
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()

    def purge(self, queues: list[str]) -> bool:
        """False when it does not answer."""
        line = Connection(self.url, connect_timeout=5)  # type: ignore[no-untyped-call]
        try:
            for queue in queues:
                line.default_channel.queue_purge(queue)  # type: ignore[no-untyped-call]
        except (*line.connection_errors, *line.channel_errors):
            return False
        finally:
            line.release()  # type: ignore[no-untyped-call]
        return True

    def waiting(self, queues: list[str]) -> int:
        """Messages that nobody has fetched."""
        with Connection(self.url, connect_timeout=5) as line:  # type: ignore[no-untyped-call]
            return sum(line.default_channel.queue_declare(queue, passive=True).message_count for queue in queues)

    def _answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=2) as line:  # type: ignore[no-untyped-call]
                line.connect()
        except OSError:
            return False
        return True


@contextmanager
def running_rabbitmq() -> Iterator[RabbitMQ]:
    home = Path("/tmp") / f"chaos-mq-{os.getpid()}"  # noqa: S108  short, see RabbitMQ.home; mkdir refuses a taken name
    home.mkdir(mode=0o700)
    server = _configured(home)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        subprocess.run(["epmd", "-kill"], env=server.environment, capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def _configured(home: Path) -> RabbitMQ:
    port = free_port()
    (home / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\n")
    (home / "enabled_plugins").write_text("[].\n")
    environment = {
        "PATH": f"/usr/lib/rabbitmq/bin:{os.environ['PATH']}",
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"chaos{os.getpid()}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(free_port()),
    }
    return RabbitMQ(home, port, environment)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
