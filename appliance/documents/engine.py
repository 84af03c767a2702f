"""What a worker keeps between documents: the reader with its OCR engine, and the model in force."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from extraction.errors import ModelUnavailable
from extraction.language_model import LanguageModel
from extraction.language_model_llama import LlamaCppModel
from extraction.read import Limits, Reader, open_reader
from models_store import ModelCard, store


@cache
def reader() -> Reader:
    return open_reader(ocr_threads=settings.EXTRACT_THREADS)


def reading_limits() -> Limits:
    return Limits(
        file_bytes=settings.MAX_UPLOAD_BYTES,
        pages=settings.MAX_PAGES,
        page_pixels=settings.MAX_PAGE_PIXELS,
        base_seconds=float(settings.READING_TIMEOUT_SECONDS),
    )


class ModelHolder:
    """Holds one model in memory and changes it when another one is put in force."""

    def __init__(self) -> None:
        self._model: LlamaCppModel | None = None

    def current(self) -> LanguageModel:
        """The model in force. Raises ModelUnavailable when there is none or it cannot be loaded."""
        card = card_in_force()
        if self._model is None or self._model.digest != card.digest:
            self._close()
            self._model = load_model(card.digest)
        return self._model

    def _close(self) -> None:
        if self._model is not None:
            self._model.close()
            self._model = None


def card_in_force() -> ModelCard:
    """Raises ModelUnavailable when no model is in force or the pointer to it is damaged."""
    try:
        card = store.current(root=_root())
    except store.StoreError as error:
        raise ModelUnavailable(str(error)) from error
    if card is None:
        raise ModelUnavailable("no model is in force")
    return card


def load_model(digest: str) -> LlamaCppModel:
    """A model of the store by its digest. Raises ModelUnavailable."""
    try:
        card = store.read_card(digest, root=_root())
        path = store.model_path(digest, root=_root())
    except store.StoreError as error:
        raise ModelUnavailable(str(error)) from error
    # Its card knows the length it was trained for; beyond it the answers fall apart whatever the memory allows.
    context = min(card.context_tokens, settings.CONTEXT_TOKENS)
    model = LlamaCppModel.load(path, context_tokens=context, threads=settings.EXTRACT_THREADS)
    if model.digest != digest:
        model.close()
        raise ModelUnavailable(f"the weights of model {digest} are damaged")
    return model


model_holder = ModelHolder()


def _root() -> Path:
    return Path(settings.MODELS_STORE_ROOT)
