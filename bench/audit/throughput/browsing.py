"""Page 1 and page 10,000 of a long log. See __main__.py for the figure."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections

from appliance.operations.postgres import EmbeddedPostgres

DEEP_PAGE = 10_000
READINGS = 20
_ENTRIES = """
    INSERT INTO audit_auditevent (event_id, recorded_at, actor, actor_role, address, action, object_type, object_id,
        object_version, outcome, reason, request_id, record)
    SELECT gen_random_uuid(), now() - (%s - i) * interval '1 second',
        (ARRAY['clara', 'carl', 'olga', 'adam'])[i %% 4 + 1], 'clerk', '192.0.2.7', 'document_viewed', 'document',
        gen_random_uuid()::text, 1, 'done', '', '', convert_to(repeat('x', 700), 'UTF8')
    FROM generate_series(1, %s) i
"""
_LEAVES = """
    INSERT INTO audit_leaf ("index", event_id, leaf_hash)
    SELECT row_number() OVER (ORDER BY id) - 1, id, sha256(record) FROM audit_auditevent
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder, durable=False)
        server.start()
        try:
            _fill(folder, server.url(), wanted.entries)
            figures = _measure(wanted.entries)
        finally:
            connections.close_all()
            server.stop()
    print(json.dumps(figures))
    return 0


def _fill(folder: Path, url: str, entries: int) -> None:
    os.environ |= {"STRONGROOM_DATA_DIR": str(folder), "DATABASE_URL": url}
    os.environ["DJANGO_SETTINGS_MODULE"] = "appliance.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [entries, entries])
        cursor.execute(_LEAVES)
        cursor.execute("ANALYZE")


def _measure(entries: int) -> dict[str, float]:
    from appliance.audit.models import AuditEvent
    from appliance.audit.queries import PAGE_SIZE

    depth = min(DEEP_PAGE, entries // PAGE_SIZE - 1)
    neighbour = AuditEvent.objects.order_by("-recorded_at", "-pk").values_list("pk", flat=True)[depth * PAGE_SIZE - 1]
    first, deep = _milliseconds(None), _milliseconds(neighbour)
    return {
        "entries": entries,
        "deep_page": depth,
        "page_1_ms": round(first, 2),
        "page_deep_ms": round(deep, 2),
        "page_ratio": round(deep / first, 2),
    }


def _milliseconds(before: int | None) -> float:
    from appliance.audit.filters import LogFilter
    from appliance.audit.queries import log_page

    times = []
    for _ in range(READINGS):
        start = time.perf_counter()
        assert log_page(LogFilter(), document_ids=[], before=before).rows  # noqa: S101  an empty page measures nothing
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
