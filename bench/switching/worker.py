"""The extract worker, as the box runs it; or one that names results wrongly, to show that the bench would see it.

python -m bench.switching.worker [--named-by-pointer]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import django


def main() -> None:
    django.setup()
    if "--named-by-pointer" in sys.argv[1:]:
        _name_by_pointer()
    from appliance.celery import app

    app.worker_main(["--quiet", "worker", "-Q", "extract", "-n", "extract@bench", "--loglevel", "ERROR"])


def _name_by_pointer() -> None:
    from appliance.documents import engine, tasks
    from extraction.records import Extraction

    store_rightly = tasks.store_extraction

    def store_wrongly(*, extraction: Extraction, **rest: Any) -> object:
        digests = replace(extraction.digests, model=engine.card_in_force().digest)
        return store_rightly(extraction=replace(extraction, digests=digests), **rest)

    setattr(tasks, "store_extraction", store_wrongly)  # noqa: B010  a type checker may not assign to a function


if __name__ == "__main__":
    main()
