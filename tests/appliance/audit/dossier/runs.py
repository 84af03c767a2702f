"""Runs made by a real model of random weights: small, quick, and as deterministic as a trained one."""

from __future__ import annotations

from pathlib import Path

from appliance.accounts.models import Person
from appliance.documents import engine, tasks
from appliance.documents.extracting import begin_extraction
from appliance.documents.models import Document, Stage
from models_store import store
from models_store.card import ModelCard
from models_store.starter.random_weights import export_random
from tests.appliance.documents import made


def random_model(folder: Path, *, root: Path, seed: int) -> str:
    """A model of random weights, put into the store at `root`. Returns its digest."""
    weights = export_random(folder / f"seed-{seed}", seed=seed)
    card = ModelCard.model_validate_json((weights.parent / store.CARD).read_bytes())
    return store.add(weights, card, root=root)


def extracted(by: Person, digest: str, *, content: bytes = b"ACME Coffee\nTotal 12.50\n") -> Document:
    """A receipt that the model of this digest extracted, as the worker does it."""
    document = made.read(by, content)
    work = begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    with engine.model_holder.lent(digest) as model:
        tasks.extract_one(work, model)
    return Document.objects.get(pk=document.pk)
