"""A store of small files, and people who bring models in force."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from appliance.accounts.models import Person
from appliance.compliance import deciding, promotion
from appliance.compliance.promotion import ask_promotion, move_pointer
from models_store import store
from models_store.card import ModelCard
from tests.appliance.retraining.serving.fakes import Approved, CountedBell, Put


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    return tmp_path / "models"


@pytest.fixture(autouse=True)
def bell(monkeypatch: pytest.MonkeyPatch) -> CountedBell:
    counted = CountedBell()
    monkeypatch.setattr(promotion, "ring_to_put_in_force", counted)
    return counted


@pytest.fixture
def put(root: Path, tmp_path: Path) -> Put:
    """A model whose weights are its name; "name of trained" is one file of the weights that were trained so."""

    def put_one(name: str) -> str:
        weights = tmp_path / f"{name}.gguf"
        weights.write_bytes(name.encode())
        digest = hashlib.sha256(name.encode()).hexdigest()
        trained = hashlib.sha256(name.partition(" of ")[2].encode()).hexdigest() if " of " in name else ""
        return store.add(weights, ModelCard(digest=digest, name=name, context_tokens=1024, weights=trained), root=root)

    return put_one


@pytest.fixture
def old(put: Put, root: Path) -> str:
    """In force, by no promotion, as at the first start."""
    digest = put("old")
    store.promote(digest, root=root)
    return digest


@pytest.fixture
def approved(adam: Person, olga: Person, root: Path) -> Approved:
    """Two persons bring a model in force."""

    def bring(digest: str) -> None:
        request = ask_promotion(by=adam, digest=digest, reason="It reads receipts better.")
        deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")
        move_pointer()  # where the test is no transaction of its own, it has moved already
        pointer = store.read_pointer(root=root)
        assert pointer is not None
        assert pointer.production == digest

    return bring


@pytest.fixture
def new(put: Put, old: str, approved: Approved) -> str:
    """In force, by two persons; `old` is the model before."""
    digest = put("new")
    approved(digest)
    return digest
