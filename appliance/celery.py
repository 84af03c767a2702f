"""The doorbell. A message carries a job id; the table of jobs is the queue of record, so no message is ever precious.

Every worker runs the solo pool, one process per queue: forked children are not safe once the threads of the language
model or of the OCR engine exist, and one document at a time already keeps all cores busy.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from kombu import Exchange, Queue
from psycopg.conninfo import conninfo_to_dict, make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appliance.settings")

QUEUES = ("read", "extract", "train", "upkeep")
SWEEP_SECONDS = max(5, min(30, settings.JOB_LEASE_SECONDS // 2))
"""So that a job whose worker died waits for its lease and half of it again at most."""
DATABASE_AS_BROKER = "pgmq://database"
BEAT: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": schedule, "options": {"queue": "upkeep"}}
    for name, task, schedule in (
        # A ring nobody answered in time is worth nothing: the next one is on its way.
        ("sweep", "appliance.documents.tasks.sweep", SWEEP_SECONDS),
        ("sweep_model_jobs", "appliance.retraining.registry.tasks.sweep_model_jobs", SWEEP_SECONDS),
        ("sweep_runs", "appliance.retraining.runs.tasks.sweep_runs", SWEEP_SECONDS),
        ("gather_labels", "appliance.retraining.datasets.tasks.gather_labels", 120),
        ("begin_scheduled_runs", "appliance.retraining.runs.tasks.begin_scheduled_runs", 600),
        ("erase_files", "appliance.compliance.tasks.erase_files", 60),
        ("put_in_force", "appliance.compliance.tasks.put_in_force", 60),
        ("close_requests", "appliance.compliance.tasks.close_requests", 600),
        ("apply_retention", "appliance.compliance.tasks.apply_retention", crontab(hour="2", minute="30")),
        ("reconcile_log", "appliance.audit.tasks.reconcile_log", crontab(hour="3", minute="10")),
    )
}
"""What the clock rings for; seconds, or a time of day in UTC."""


def pgmq_conninfo(database_url: str) -> str:
    """The same server as the records, in the one spelling that survives PGMQ.

    PGMQ ignores a socket in a URL's query and pastes the parts together without quoting, so each is quoted in advance.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(database_url).items() if value is not None}
    quoted = {name: _quoted(parts[name]) for name in ("host", "port", "dbname", "user", "password") if name in parts}
    return make_conninfo(**quoted)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'" if escaped != value or " " in value else value


def transport_options(broker_url: str, database_url: str, *, time_limit: int) -> dict[str, Any]:
    """What the broker of this URL needs; times in seconds. `pgmq://` always means the server that holds the records."""
    if broker_url.startswith("pgmq"):
        return {
            "conn_string": pgmq_conninfo(database_url),
            "init_extension": False,
            "use_notify": True,
            "polling_interval": 0.1,
            "wait_time_seconds": 0,
            "pool_size": 4,
            # A lease of a message is never renewed, so it must outlast the longest task.
            "visibility_timeout": time_limit + 60,
        }
    return {"confirm_publish": True}


def queues(broker_url: str) -> list[Queue]:
    """On RabbitMQ the queues are of the quorum kind, which survive a crash of the server."""
    arguments = {"x-queue-type": "quorum"} if broker_url.startswith("amqp") else None
    return [
        # One exchange each: queues that share the default exchange and key would all get every message.
        Queue(name, Exchange(name, type="direct"), routing_key=name, durable=True, queue_arguments=arguments)
        for name in QUEUES
    ]


def make_app(broker_url: str, database_url: str, *, time_limit: int) -> Celery:
    app = Celery("appliance", task_cls="appliance.operations.acknowledging:CarefulTask")
    app.conf.update(
        broker_url=broker_url,
        broker_transport_options=transport_options(broker_url, database_url, time_limit=time_limit),
        broker_connection_retry_on_startup=True,
        task_queues=queues(broker_url),
        task_default_queue="upkeep",
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_time_limit=time_limit,
        worker_prefetch_multiplier=1,
        worker_concurrency=1,
        worker_pool="solo",
        worker_enable_remote_control=False,  # PGMQ cannot name its reply queues; the heartbeat table tells instead
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        enable_utc=True,
        timezone="UTC",
        beat_schedule=BEAT,
    )
    return app


_broker = settings.CONFIGURATION.celery_broker_url
app = make_app(
    _broker.get_secret_value() if _broker else DATABASE_AS_BROKER,
    settings.DATABASE_URL,
    time_limit=settings.CONFIGURATION.task_time_limit_seconds,
)
app.set_default()  # else a thread of the web server would find an app without a broker
app.autodiscover_tasks()
