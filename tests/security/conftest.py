"""A box in one state for the tests of its surface: built once a module, and each test's changes are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings

from appliance.audit.checking import views as checking
from appliance.compliance import promotion
from appliance.documents import doorbell
from tests.appliance.cast import clara, client_for, olga
from tests.security.scene import Scene, Words, build

__all__ = ["clara", "client_for", "olga"]


class SilentBell:
    """No worker listens in these tests."""

    def send_task(self, *_: Any, **__: Any) -> None:
        return None


def folders_of(root: Path) -> dict[str, Path]:
    """Where such a box keeps its files, by setting."""
    found = {
        "DATA_DIR": root / "data",
        "MODELS_STORE_ROOT": root / "models",
        "MODEL_MEDIA_DIR": root / "medium",
        "BLOB_DIR": root / "blobs",
        "ANCHOR_DIR": root / "anchors",
    }
    for folder in found.values():
        folder.mkdir(exist_ok=True)
    return found


@pytest.fixture(scope="module")
def words() -> Words:
    """What strangers and colleagues wrote; a module may have its own."""
    return Words()


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, words: Words
) -> Iterator[tuple[Scene, dict[str, Path]]]:
    """The scene in a transaction that lasts for the module, and its folders."""
    folders = folders_of(tmp_path_factory.mktemp("box"))
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(doorbell, "current_app", SilentBell())
        with override_settings(**folders):
            scene = build(words, django_settings.MODELS_STORE_ROOT)
        yield scene, folders
        transaction.set_rollback(True)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing rings."""
    monkeypatch.setattr(doorbell, "current_app", SilentBell())
    monkeypatch.setattr(promotion, "ring_to_put_in_force", lambda: None)
    monkeypatch.setattr(checking, "ring", lambda _: None)
    monkeypatch.setattr("appliance.retraining.runs.doorbell.ring", lambda _: None)


@pytest.fixture
def scene(built: tuple[Scene, dict[str, Path]], db: None, quiet: None, settings: Any) -> Scene:
    found, folders = built
    for name, folder in folders.items():
        setattr(settings, name, folder)
    return found
