"""What a worker keeps between documents: the reader with its OCR engine, and the models that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings

from appliance.documents import memory
from appliance.documents.model_holder import HeldModel, ModelHolder
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


def card_in_force(document_type: str = store.ALL_TYPES) -> ModelCard:
    """Of who answers documents of this type. Raises ModelUnavailable when no model is in force or the pointer to it is
    damaged."""
    try:
        card = store.current(root=_root(), document_type=document_type)
    except store.StoreError as error:
        raise ModelUnavailable(str(error)) from error
    if card is None:
        raise ModelUnavailable("no model is in force")
    return card


def load_model(digest: str) -> LlamaCppModel:
    """A model of the store by its digest, none that is an adapter. Raises ModelUnavailable."""
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


@contextmanager
def opened(digest: str) -> Iterator[LanguageModel]:
    """A model of the store or an adapter, loaded for one piece of work alone. Raises ModelUnavailable."""
    below = runs_on(digest)
    with load_model(below) as model:
        yield model if below == digest else lay_over(model, digest)


def runs_on(digest: str) -> str:
    """The model that an adapter is laid over, by its card; of another model its own digest.

    Raises ModelUnavailable.
    """
    try:
        return store.read_card(digest, root=_root()).runs_on or digest
    except store.StoreError as error:
        raise ModelUnavailable(str(error)) from error


def lay_over(model: LlamaCppModel, digest: str) -> LanguageModel:
    """An adapter of the store on the model that it was made for. Raises ModelUnavailable."""
    try:
        card, path = store.read_card(digest, root=_root()), store.adapter_path(digest, root=_root())
    except store.StoreError as error:
        raise ModelUnavailable(str(error)) from error
    adapted = model.adapted(path, digest=card.adapter_file)
    if adapted.digest != digest:
        raise ModelUnavailable(f"{digest} is not what its card says, laid over the model {model.digest}")
    return adapted


def trace_of(recorder: Recorder, read: ReadDocument) -> Trace:
    """What is kept of a run so that it can be explained and repeated."""
    texts = texts_behind(recorder).values()
    return Trace(
        turns=tuple(recorder.turns),
        page_digests=page_digests(read.pages),
        engine=engine_text(threads=settings.EXTRACT_THREADS),
        texts={text_digest(text): text for text in texts},
    )


class StoredModels:
    """The store of models as the holder's source."""

    def pointer(self, document_type: str) -> tuple[str, store.Pointer]:
        try:
            whose, pointer = store.answering(document_type, root=_root())
        except store.StoreError as error:
            raise ModelUnavailable(str(error)) from error
        if pointer is None:
            raise ModelUnavailable("no model is in force")
        return whose, pointer

    def load(self, digest: str) -> LlamaCppModel:
        return load_model(digest)

    def runs_on(self, digest: str) -> str:
        return runs_on(digest)

    def lay_over(self, model: HeldModel, digest: str) -> LanguageModel:
        if not isinstance(model, LlamaCppModel):
            raise ModelUnavailable(f"nothing can be laid over {model.digest}")
        return lay_over(model, digest)

    def mark(self, digest: str) -> tuple[int, ...] | None:
        try:
            found = store.model_path(digest, root=_root()).stat()
        except (store.StoreError, OSError):
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def bytes_needed(self, digest: str) -> int:
        """The file, which is mapped, and half of it again for the keys and values of the context."""
        try:
            return store.model_path(digest, root=_root()).stat().st_size * 3 // 2
        except (store.StoreError, OSError) as error:
            raise ModelUnavailable(str(error)) from error

    def bytes_free(self) -> int:
        return memory.bytes_free()

    def most_models(self) -> int:
        return int(settings.MODELS_IN_MEMORY)


model_holder = ModelHolder(StoredModels())


def _root() -> Path:
    return Path(settings.MODELS_STORE_ROOT)
