"""What every test may use: a database that is brought up on first need, and markers that say what a test needs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from pytest_django import Settings

from appliance.sealing import keys
from bench.full_disk.volumes import may_mount
from tests import killed_runs

REPOSITORY = Path(__file__).resolve().parent.parent
LONGEST_NAME = 60
# How long an example takes says how busy the machine is; which examples are drawn must not differ from run to run.
hypothesis.settings.register_profile(
    "strongroom", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("strongroom")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def _missing_program(*names: str) -> str:
    return "" if any(shutil.which(name) for name in names) else f"needs {names[0]}, which is not installed"


def _missing_model() -> str:
    found = list((REPOSITORY / "models_store" / "starter").glob("*.gguf"))
    return "" if found else "needs the starter model in models_store/starter"


def _missing_mounts() -> str:
    return "" if may_mount() else "needs the right to mount file systems in a namespace of its own"


NEEDS = {
    "e2e": lambda: _missing_program(*CHROMIUM_NAMES),
    "rabbitmq": lambda: _missing_program("rabbitmq-server"),
    "mounts": _missing_mounts,
    "strace": lambda: _missing_program("strace"),
    "model": _missing_model,
}


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        killed_runs.clear_up(Path(tempfile.gettempdir()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, missing in NEEDS.items():
            reason = missing() if item.get_closest_marker(marker) else ""
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("e2e"):
            # One box and one browser for all of them, also where tests run in parallel.
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A whole file is no name for a test: it floods the report, and parallel processes must agree on names."""
    return argname if isinstance(val, bytes | str) and len(val) > LONGEST_NAME else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the data directory removes it; the parallel ones only used it."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["STRONGROOM_TEST_DATA_DIR"], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    """A running database server: DATABASE_URL where given, else the embedded one for as long as the tests run."""
    if settings.EMBEDDED_POSTGRES is None:
        yield
        return
    with settings.EMBEDDED_POSTGRES.in_use():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Hooks the server into pytest-django: it runs before the test database is made."""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings: Settings) -> None:
    """Bytes written by a test land in that test's folder."""
    settings.BLOB_DIR = tmp_path / "blobs"
    settings.ANCHOR_DIR = tmp_path / "anchors"
    settings.MEMORY_DIR = tmp_path / "memory"


@pytest.fixture(autouse=True)
def _no_keys_at_hand() -> None:
    """Data keys of the test before: its transaction was undone, and they with it."""
    keys.forget()
