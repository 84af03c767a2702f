from __future__ import annotations

from pathlib import Path

import pytest
import torch

from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.card import ModelCard
from models_store.starter.export import write_folder
from models_store.starter.network import Llama, Shape
from models_store.starter.tokenizer import load_tokenizer
from models_store.store import CARD, STARTER
from models_store.tuning.ruler import Ruler


@pytest.fixture(scope="session")
def ruler() -> Ruler:
    return Ruler(load_tokenizer(STARTER / "tokenizer.model"), 1024)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model of random weights with the starter's vocabulary."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    out = tmp_path_factory.mktemp("base")
    write_folder(Llama(Shape(width=32, layers=1, heads=2, head=16, inner=64)), STARTER / "tokenizer.model", out)
    card = ModelCard(digest="a" * 64, name="tiny", parameters=1, context_tokens=1024, licence="Apache-2.0")
    (out / CARD).write_text(card.model_dump_json(), encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def receipt() -> DocumentTypeSpec:
    goods = FieldSpec(
        name="goods",
        kind=Kind.LIST,
        fields=(FieldSpec(name="what"), FieldSpec(name="price", kind=Kind.AMOUNT)),
    )
    return DocumentTypeSpec(
        name="receipt",
        fields=(
            FieldSpec(name="shop", description="who sells"),
            FieldSpec(name="day", kind=Kind.DATE),
            FieldSpec(name="total", kind=Kind.AMOUNT),
            FieldSpec(name="paid", kind=Kind.ENUM, options=("cash", "card")),
            FieldSpec(name="notes", many=True),
            goods,
        ),
    )
