"""How the box is: what the health page shows and /healthz says."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from appliance.audit.key_files import KeysMissing
from appliance.audit.log import state
from appliance.audit.queries import last_event
from appliance.celery import QUEUES
from appliance.documents.admission import stopped_by
from appliance.documents.errors import StorageFull
from appliance.documents.models import Job, JobState, Stage
from appliance.operations.heartbeat import GONE_AFTER_SECONDS
from appliance.operations.models import WorkerHeartbeat
from appliance.retraining.models import ServingAlarm
from appliance.retraining.serving.alarms import open_alarms
from extraction.read.sandbox.protections import NEEDED, Protection
from models_store import ModelCard, store

SLOW_AFTER, STUCK_AFTER = timedelta(minutes=5), timedelta(minutes=30)
LOW_DISK, FULL_DISK = 0.10, 0.03
_GIB = 1024**3


class Condition(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `advice` says what to do and is empty while all is well."""

    name: str
    condition: Condition
    finding: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class StageLoad:
    stage: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class Worker:
    queue: str
    name: str
    is_alive: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """`condition` is the worst of the checks."""

    condition: Condition
    checks: list[Check]


def health() -> Health:
    checks = [look() for look in CHECKS]
    return Health(_worst(check.condition for check in checks), checks)


def stage_loads() -> list[StageLoad]:
    counted = Job.objects.values_list("stage", "state").annotate(n=Count("pk"))
    count = {(stage, state): n for stage, state, n in counted}
    states = (JobState.WAITING, JobState.RUNNING, JobState.FAILED)
    return [StageLoad(stage.label, *(count.get((stage, state), 0) for state in states)) for stage in Stage]


def workers() -> list[Worker]:
    """Every worker that beats, and one line for each queue that has none."""
    beats = list(WorkerHeartbeat.objects.all())
    found = [Worker(beat.queue, beat.name, _is_fresh(beat.seen_at), beat.seen_at) for beat in beats]
    served = {worker.queue for worker in found}
    return found + [Worker(queue, "", is_alive=False, seen_at=None) for queue in QUEUES if queue not in served]


def versions() -> dict[str, str]:
    connection.ensure_connection()
    server = connection.connection.info.server_version
    return {
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "PostgreSQL": f"{server // 10000}.{server % 10000}",
    }


def _waiting() -> Check:
    waiting = Job.objects.filter(state=JobState.WAITING).exclude(stage=Stage.SHADOW)  # those give way to all others
    oldest = waiting.order_by("created_at").first()
    if oldest is None:
        return Check("Queue", Condition.OK, "Nothing waits.")
    age = timezone.now() - oldest.created_at
    finding = f"The oldest job has waited for {_minutes(age)}."
    if age < SLOW_AFTER:
        return Check("Queue", Condition.OK, finding)
    advice = "See below whether a worker is missing. If all are there, the box has more work than it can do now."
    return Check("Queue", Condition.WARNING if age < STUCK_AFTER else Condition.BAD, finding, advice)


def _failed() -> Check:
    since = timezone.now() - timedelta(days=1)
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=since).exclude(stage=Stage.SHADOW).count()
    if not failed:
        return Check("Failed jobs", Condition.OK, "None in the last 24 hours.")
    advice = "Clerks find these documents in the inbox under “Set aside”, each with its reason."
    return Check("Failed jobs", Condition.WARNING, f"{failed} in the last 24 hours.", advice)


def _workers() -> Check:
    alive = {worker.queue for worker in workers() if worker.is_alive}
    missing = [queue for queue in QUEUES if queue not in alive]
    if not missing:
        return Check("Workers", Condition.OK, "Every queue has a worker.")
    finding = f"No worker serves: {', '.join(missing)}."
    return Check(
        "Workers", Condition.BAD, finding, "Stop and start the box (make stop, make run). Waiting documents are kept."
    )


def _sandbox() -> Check:
    """What stands around the processes that open documents, as the reading workers found it when they began."""
    readers = [beat for beat in WorkerHeartbeat.objects.filter(queue=Stage.READ) if _is_fresh(beat.seen_at)]
    if not readers:
        return Check("Sandbox", Condition.OK, "No worker reads documents now.")
    standing = set(Protection).intersection(*(beat.protections for beat in readers))
    missing = NEEDED - standing
    if missing:
        finding = f"No document is opened, because its process would not be shut in: {_listed(missing)}."
        return Check("Sandbox", Condition.BAD, finding, "See “The sandbox” in docs/operations.md: kernel, container.")
    absent = set(Protection) - standing
    finding = f"Documents are opened behind: {_listed(standing)}."
    return Check("Sandbox", Condition.OK, f"{finding} Not allowed here: {_listed(absent)}." if absent else finding)


def _listed(protections: Iterable[Protection]) -> str:
    return ", ".join(sorted(protection.replace("_", " ") for protection in protections))


def _disk() -> Check:
    usage = shutil.disk_usage(settings.DATA_DIR)
    share = usage.free / usage.total
    finding = f"{usage.free / _GIB:.1f} GiB of {usage.total / _GIB:.1f} GiB are free ({share:.0%})."
    if share >= LOW_DISK:
        return Check("Disk", Condition.OK, finding)
    advice = "Make room on the disk of the data directory before uploads are refused."
    return Check("Disk", Condition.WARNING if share >= FULL_DISK else Condition.BAD, finding, advice)


def _uploads() -> Check:
    stopped = stopped_by()
    if stopped is None:
        return Check("Uploads", Condition.OK, "Are taken in.")
    finding = f"{stopped.sentence} ({stopped.code}: {stopped.detail})"
    if isinstance(stopped, StorageFull):
        return Check("Uploads", Condition.BAD, finding, "Make room there; uploads go on by themselves, no restart.")
    advice = "Wait until the workers have caught up, or raise STRONGROOM_QUEUE_LIMIT."
    return Check("Uploads", Condition.WARNING, finding, advice)


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return Check("Database", Condition.OK, f"Answers; it takes {size / _GIB:.2f} GiB.")


def _model() -> Check:
    try:
        card = store.current(root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        return Check(
            "Model", Condition.BAD, str(error), "Choose another model under Models, or restore the folder of models."
        )
    if card is None:
        return Check(
            "Model", Condition.BAD, "No model is in force.", "Import or promote a model; documents wait until then."
        )
    advice = "Open Models: check its weights, restore its file, or go back."
    for alarm in open_alarms():
        if alarm.document_type or alarm.digest == card.digest:
            return Check("Model", Condition.BAD, _fallen_back(alarm, card), advice)
    own = [name for name, pointer in store.type_pointers(root=settings.MODELS_STORE_ROOT).items() if pointer.production]
    adapters = f"; adapters of their own: {', '.join(sorted(own))}" if own else ""
    return Check("Model", Condition.OK, f"{card.name}, {card.digest[:12]}…{adapters}")


def _fallen_back(alarm: ServingAlarm, general: ModelCard) -> str:
    answers = "the one before it answers" if alarm.serving else "no other model can take its place: documents wait"
    name = f"The adapter of {alarm.document_type}" if alarm.document_type else general.name
    return f"{name}, {alarm.digest[:12]}…, is in force but cannot be loaded; {answers}."


def _log() -> Check:
    newest = last_event()
    if newest is None:
        advice = "Someone has logged in to see this page, so there must be an entry: tell the compliance officer."
        return Check("Log", Condition.BAD, "The log is empty.", advice)
    try:
        log = state()
    except KeysMissing as error:
        return Check("Log", Condition.BAD, str(error), "Restore the folder of keys from its copy: nothing is recorded.")
    if log.trouble:
        return Check("Log", Condition.BAD, log.trouble, "Tell the compliance officer, and change nothing until then.")
    if log.is_held_up:
        advice = "Stop and start the box (make stop, make run). Sensitive acts are refused until then."
        return Check("Log", Condition.BAD, "No checkpoint was signed for more than three minutes.", advice)
    if log.forged:
        finding = f"Records that the box did not write, kept out of it: {log.forged}."
        return Check("Log", Condition.BAD, finding, "Tell the compliance officer: somebody writes into the database.")
    if log.anchors.trouble:
        return Check("Log", Condition.WARNING, "Checkpoints are not anchored.", log.anchors.trouble)
    return Check("Log", Condition.OK, f"The last entry is {_minutes(timezone.now() - newest.recorded_at)} old.")


CHECKS: tuple[Callable[[], Check], ...] = (
    _waiting,
    _failed,
    _workers,
    _sandbox,
    _model,
    _disk,
    _uploads,
    _database,
    _log,
)


def _worst(conditions: Iterable[Condition]) -> Condition:
    return max(conditions, key=list(Condition).index)


def _is_fresh(seen_at: datetime) -> bool:
    return timezone.now() - seen_at < timedelta(seconds=GONE_AFTER_SECONDS)


def _minutes(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"
