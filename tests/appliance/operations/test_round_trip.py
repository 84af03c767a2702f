"""A real worker process takes a real message, over PGMQ and over RabbitMQ, and its heartbeat shows."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from appliance.celery import make_app
from appliance.operations.models import WorkerHeartbeat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
TASK = "appliance.operations.tasks.ring"


def _test_database_url() -> str:
    values = settings.DATABASES["default"]
    with connection.cursor() as cursor:
        name, user = cursor.db.settings_dict["NAME"], values["USER"]
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgresql://{user}{password}@/{name}?host={values['HOST']}&port={values['PORT'] or 5432}"


def _wait_for(condition: Callable[[], bool], seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@contextmanager
def _worker(queue: str, *, broker_url: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "DATABASE_URL": _test_database_url(), "CELERY_BROKER_URL": broker_url}
    environment["DJANGO_SETTINGS_MODULE"] = "appliance.settings"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "appliance",
        "worker",
        "-Q",
        queue,
        "-n",
        f"{queue}@test",
        "-l",
        "INFO",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"],
            cwd=REPOSITORY,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _round_trip(broker_url: str, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    app = make_app(broker_url, _test_database_url(), time_limit=60)
    with _worker("read", broker_url=broker_url, log=log) as process:
        alive = _wait_for(WorkerHeartbeat.objects.filter(name="read@test", queue="read", pid=process.pid).exists)
        assert alive, log.read_text()
        with app.connection_for_write() as line:
            for queue, word in (("extract", "not for this worker"), ("read", "the bell rang")):
                app.send_task(TASK, args=[word], queue=queue, connection=line)
        assert _wait_for(lambda: "succeeded" in log.read_text()), log.read_text()
    app.close()
    assert "the bell rang" in log.read_text()
    assert "not for this worker" not in log.read_text()
    assert WorkerHeartbeat.objects.filter(name="read@test").exists() is False


def test_a_message_reaches_a_worker_over_pgmq(tmp_path: Path) -> None:
    _round_trip("pgmq://database", tmp_path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def rabbitmq(tmp_path: Path) -> Iterator[str]:
    """A RabbitMQ server of our own on free ports; nothing of an installed one is touched."""
    port, distribution = _free_port(), _free_port()
    home = Path("/tmp") / f"strongroom-rabbitmq-{os.getpid()}"
    home.mkdir()
    (home / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\n")
    (home / "enabled_plugins").write_text("[].\n")
    environment = {
        "PATH": f"/usr/lib/rabbitmq/bin:{os.environ['PATH']}",
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"strongroom{os.getpid()}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(_free_port()),
    }
    server_path = shutil.which("rabbitmq-server", path=environment["PATH"])
    assert server_path is not None
    with (home / "out").open("wb") as output:
        server = subprocess.Popen(
            [server_path], env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        assert _wait_for(lambda: _answers(port), seconds=90), (home / "out").read_text()
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)
        subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.rabbitmq
def test_a_message_reaches_a_worker_over_rabbitmq(rabbitmq: str, tmp_path: Path) -> None:
    _round_trip(rabbitmq, tmp_path)
