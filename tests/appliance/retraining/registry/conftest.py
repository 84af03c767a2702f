"""A store of tiny models, a medium, and a workshop that does at once what the real one takes minutes for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from appliance.accounts.models import Person
from tests.appliance.cast import ClientFor
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    settings.MODELS_STORE_ROOT.mkdir()
    return tmp_path / "models"


@pytest.fixture
def medium(tmp_path: Path, settings: Any) -> Path:
    settings.MODEL_MEDIA_DIR = tmp_path / "medium"
    settings.MODEL_MEDIA_DIR.mkdir()
    return tmp_path / "medium"


@pytest.fixture
def workshop() -> FakeWorkshop:
    return FakeWorkshop()


@pytest.fixture
def browser(adam: Person, client_for: ClientFor) -> Client:
    return client_for(adam)
