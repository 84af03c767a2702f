"""Which processes the box is made of. `make run` starts them here; compose.isolated.yml lists the same ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from appliance.celery import QUEUES
from appliance.operations.database_roles import APPLICATION, SEQUENCER

PROCESS_NAMES = ("web", *(f"worker-{queue}" for queue in QUEUES), "beat", "sequencer")

_MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


@dataclass(frozen=True)
class ProcessSpec:
    """`command` is an argument list, no shell line."""

    name: str
    command: tuple[str, ...]


def all_processes(*, address: str, web_threads: int, run_dir: Path) -> list[ProcessSpec]:
    """`address` is host:port; each process keeps its number in `run_dir`/NAME.pid."""
    workers = [_worker(queue, run_dir) for queue in QUEUES]
    application = [_web(address, web_threads, run_dir), *workers, _beat(run_dir)]
    return [*(_as_role(APPLICATION, one) for one in application), _as_role(SEQUENCER, _sequencer(run_dir))]


def _as_role(role: str, process: ProcessSpec) -> ProcessSpec:
    """The rights that the process takes in the database; the program `env` replaces itself by the process."""
    return ProcessSpec(process.name, ("/usr/bin/env", f"STRONGROOM_DATABASE_ROLE={role}", *process.command))


def _web(address: str, threads: int, run_dir: Path) -> ProcessSpec:
    command = [sys.executable, "-m", "gunicorn", "appliance.wsgi", "--bind", address, "--worker-class", "gthread"]
    command += ["--workers", "1", "--threads", str(threads), "--timeout", "120", "--graceful-timeout", "3"]
    command += ["--pid", str(run_dir / "web.pid"), "--log-level", "warning", "--no-control-socket"]
    return ProcessSpec("web", tuple(command))


def _worker(queue: str, run_dir: Path) -> ProcessSpec:
    command = [*_celery(), "worker", "-Q", queue, "-n", f"{queue}@%h", "--without-gossip", "--without-mingle"]
    command += ["--loglevel", "WARNING", "--pidfile", str(run_dir / f"worker-{queue}.pid")]
    return ProcessSpec(f"worker-{queue}", tuple(command))


def _beat(run_dir: Path) -> ProcessSpec:
    command = [*_celery(), "beat", "--loglevel", "WARNING", "--schedule", str(run_dir / "beat-schedule")]
    return ProcessSpec("beat", (*command, "--pidfile", str(run_dir / "beat.pid")))


def _sequencer(run_dir: Path) -> ProcessSpec:
    command = [sys.executable, str(_MANAGE), "sequence_audit", "--pid", str(run_dir / "sequencer.pid")]
    return ProcessSpec("sequencer", tuple(command))


def _celery() -> list[str]:
    # Under root Celery warns at length because of pickle, which is switched off; our own check W002 says it in a line.
    silence = "ignore:You're running the worker"
    return [sys.executable, "-W", silence, "-m", "celery", "--app", "appliance", "--quiet"]
