"""The life of a model: where its bytes lie, what is known about it, and which one is in force.

    artifacts/<sha256>/model.gguf    the model, named by its own digest
    artifacts/<sha256>/adapter.gguf  what tuning changed, where it is kept by itself
    artifacts/<sha256>/card.json     what they are and how good; written last, so a folder without it does not exist
    artifacts/<sha256>/state.json    imported | candidate | retired
    artifacts/current.json           which one is in production and which one was before; moved in one step
    artifacts/names.json             names that people gave to models
    artifacts/weights/<sha256>/      trainable weights, shared by the models that were converted from them
    artifacts/removed/<sha256>.json  cards of models that were removed

The disk is the truth about models; a database only quotes digests. `starter/` holds the model that is shipped.
"""

from __future__ import annotations

from models_store.card import ModelCard, ModelState
from models_store.store import (
    StoreError,
    current,
    install_starter,
    list_models,
    model_path,
)

__all__ = ["ModelCard", "ModelState", "StoreError", "current", "install_starter", "list_models", "model_path"]
