"""The doorbell's set-up: how PGMQ is addressed and what each broker needs."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from appliance.celery import QUEUES, make_app, pgmq_conninfo, queues, transport_options


def _as_pgmq_pastes_it(conninfo: str) -> dict[str, object]:
    """PGMQ takes the parts out of the conninfo and joins them again without quoting."""
    parts = conninfo_to_dict(conninfo)
    return dict(conninfo_to_dict(" ".join(f"{name}={value}" for name, value in parts.items())))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://strongroom@/strongroom?host=%2Ftmp%2Fa%20folder%2Fsocket",
        "postgresql://clerk:it%27s%20a%20%5Csecret@db:5433/box",
        "postgresql://strongroom@/strongroom?host=%2Ftmp%2Fplain",
    ],
)
def test_pgmq_reaches_the_same_server_as_the_records(url: str) -> None:
    assert _as_pgmq_pastes_it(pgmq_conninfo(url)) == conninfo_to_dict(url)


def test_pgmq_asks_for_no_extension_and_outlasts_the_longest_task() -> None:
    options = transport_options("pgmq://database", "postgresql://a@/b", time_limit=100)
    assert options["init_extension"] is False
    assert options["visibility_timeout"] > 100


def test_rabbitmq_gets_quorum_queues_and_confirmed_publishing() -> None:
    assert transport_options("amqp://x", "postgresql://a@/b", time_limit=100) == {"confirm_publish": True}
    assert [queue.queue_arguments for queue in queues("amqp://x")] == [{"x-queue-type": "quorum"}] * len(QUEUES)


@pytest.mark.parametrize("broker", ["pgmq://database", "amqp://guest@localhost"])
def test_each_queue_has_an_exchange_of_its_own(broker: str) -> None:
    assert [(queue.name, queue.exchange.name, queue.routing_key) for queue in queues(broker)] == [
        (name, name, name) for name in QUEUES
    ]


def test_messages_are_json_and_survive_a_killed_worker() -> None:
    conf = make_app("pgmq://database", "postgresql://a@/b", time_limit=100).conf
    assert (conf.accept_content, conf.task_serializer) == (["json"], "json")
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
