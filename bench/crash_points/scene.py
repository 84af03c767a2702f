"""A box with a database of its own and a clerk who uploads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from appliance.operations.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from appliance.accounts.models import Person


@contextmanager
def opened(folder: Path, **environment: str) -> Iterator[Person]:
    """Once in a process: it sets Django up. `environment`: settings of the box, without their STRONGROOM_."""
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder)
    server.start()
    settings = {f"STRONGROOM_{name.upper()}": value for name, value in environment.items()}
    os.environ |= {
        "STRONGROOM_DATA_DIR": str(folder),
        "STRONGROOM_MODELS_STORE_ROOT": str(folder / "store"),
        "DJANGO_SETTINGS_MODULE": "appliance.settings",
        **settings,
    }
    try:
        django.setup()
        yield _clerk()
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()


def _clerk() -> Person:
    from django.conf import settings

    from appliance.accounts.models import Person
    from appliance.accounts.roles import Role
    from appliance.audit.key_files import make_keys
    from appliance.sealing import keys, keyset

    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id="crash-points")
    keyset.make(keyset.path())
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    keys.cipher_of_new(keys.BOX)
    return Person.objects.create_user(username="clerk", role=Role.CLERK)
