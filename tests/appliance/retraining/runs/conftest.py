from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from appliance.retraining.runs import children
from tests.appliance.retraining.runs import made


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    """The folder of a store of this test's own; the run's folder is its own as well."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    settings.CONVERTER_DIR = tmp_path / "converter"
    settings.CONVERTER_DIR.mkdir()
    for script in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py"):
        (settings.CONVERTER_DIR / script).touch()
    settings.TRAINING_TICK_SECONDS = 0.05
    settings.TRAINING_NICENESS = 0
    settings.TRAINING_MEMORY_BYTES = 0
    return tmp_path / "models"


@pytest.fixture
def base(root: Path, db: None) -> str:
    """The digest of a trainable model in force."""
    return made.base_in_force(root)


@pytest.fixture(autouse=True)
def _worker_stays() -> Any:
    children.leaving.clear()
    yield
    children.leaving.clear()


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rings go to a list: no worker listens in tests."""
    rung: list[int] = []
    monkeypatch.setattr("appliance.retraining.runs.doorbell.ring", rung.append)
    monkeypatch.setattr("appliance.documents.jobs.ring_after_commit", lambda job: None)
    return rung
