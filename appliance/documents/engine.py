"""What a worker keeps between documents: the reader with its OCR engine, and the model in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

from appliance.documents.stored_runs import Trace, page_digests, text_digest
from extraction.digests import engine_text, texts_behind
from extraction.errors import ModelUnavailable
from extraction.language_model import LanguageModel
from extraction.language_model_llama import LlamaCppModel
from extraction.read import Limits, Reader, open_reader
from extraction.records import ReadDocument
from extraction.transcript import Recorder
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

    @contextmanager
    def lent(self, digest: str) -> Iterator[LanguageModel]:
        """A model of the store for one piece of work. Never two in memory: the one in force makes room and is loaded
        again for the next document. Raises ModelUnavailable."""
        if self._model is not None and self._model.digest == digest:
            yield self._model
            return
        self._close()
        model = load_model(digest)
        try:
            yield model
        finally:
            model.close()

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


def trace_of(recorder: Recorder, read: ReadDocument) -> Trace:
    """What is kept of a run so that it can be explained and repeated."""
    texts = texts_behind(recorder).values()
    return Trace(
        turns=tuple(recorder.turns),
        page_digests=page_digests(read.pages),
        engine=engine_text(threads=settings.EXTRACT_THREADS),
        texts={text_digest(text): text for text in texts},
    )


model_holder = ModelHolder()


def _root() -> Path:
    return Path(settings.MODELS_STORE_ROOT)
