"""A box with a database of its own, two models and two people who decide about them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from appliance.operations.postgres import EmbeddedPostgres
from models_store import store
from models_store.card import ModelCard
from models_store.starter.random_weights import export_random

if TYPE_CHECKING:
    from appliance.accounts.models import Person

SEEDS = (1, 2)


@dataclass(frozen=True)
class Scene:
    """`models`: digests; the first one is in force."""

    folder: Path
    models: tuple[str, ...]
    admin: Person
    officer: Person
    clerk: Person


@contextmanager
def opened(folder: Path) -> Iterator[Scene]:
    """Once in a process: it sets Django up."""
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    os.environ |= {
        "STRONGROOM_DATA_DIR": str(folder),
        "STRONGROOM_MODELS_STORE_ROOT": str(folder / "store"),
        "STRONGROOM_EXTRACT_THREADS": "1",
        "DATABASE_URL": server.url(),
        "DJANGO_SETTINGS_MODULE": "appliance.settings",
    }
    try:
        django.setup()
        yield _made(folder)
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()


def _made(folder: Path) -> Scene:
    from django.conf import settings

    from appliance.accounts.models import Person
    from appliance.accounts.roles import Role
    from appliance.audit.key_files import make_keys
    from appliance.document_types.services import publish_shipped_types
    from appliance.sealing import keyset

    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id="switching")
    keyset.make(keyset.path())
    call_command("migrate", verbosity=0)
    publish_shipped_types()
    models = tuple(_model(folder, seed) for seed in SEEDS)
    store.promote(models[0], root=settings.MODELS_STORE_ROOT)
    people = [Person.objects.create_user(username=role.value, role=role) for role in Role]
    by_role = {person.role: person for person in people}
    return Scene(folder, models, by_role[Role.ADMIN], by_role[Role.OFFICER], by_role[Role.CLERK])


def _model(folder: Path, seed: int) -> str:
    weights = export_random(folder / f"seed-{seed}", seed=seed)
    card = ModelCard.model_validate_json((weights.parent / store.CARD).read_bytes())
    return store.add(weights, card, root=folder / "store")
