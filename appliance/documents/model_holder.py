"""The models that a worker keeps in memory: the one in force, the one before it, and one that is lent for other work.

Which model is in force is looked up before each document, so a worker changes over between two of them. The one before
stays in memory where there is room: going back then needs no loading. Where the one in force cannot be loaded, the one
before answers, and the one in force is tried again later, each time after a longer pause.

A document type may have an adapter of its own. It is laid over a model that is in memory, so many types share one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from extraction.errors import ModelUnavailable
from extraction.language_model import LanguageModel
from models_store.store import Pointer

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 300.0
LENT_KEPT_SECONDS = 600.0
"""A try-out or a row of replays asks for the same model again and again."""
_MIB = 1024**2
log = logging.getLogger(__name__)


class HeldModel(LanguageModel, Protocol):
    def close(self) -> None:
        """Frees the memory."""
        ...


class ModelSource(Protocol):
    """Where models come from, and how much of them fits."""

    def pointer(self, document_type: str) -> tuple[str, Pointer]:
        """The type whose own adapter answers its documents ("": the model of all types does), and the pointer to it.

        Raises ModelUnavailable when no model is in force or nobody can tell which one is.
        """
        ...

    def load(self, digest: str) -> HeldModel:
        """Raises ModelUnavailable."""
        ...

    def runs_on(self, digest: str) -> str:
        """The model that an adapter is laid over; the digest itself of all others. Raises ModelUnavailable."""
        ...

    def lay_over(self, model: HeldModel, digest: str) -> LanguageModel:
        """The adapter on its model. Raises ModelUnavailable."""
        ...

    def mark(self, digest: str) -> object:
        """Another one whenever the model's file is another one, or is gone."""
        ...

    def bytes_needed(self, digest: str) -> int:
        """Memory that the model takes, estimated. Raises ModelUnavailable."""
        ...

    def bytes_free(self) -> int: ...

    def most_models(self) -> int:
        """How many may be in memory at once."""
        ...


@dataclass(frozen=True, slots=True)
class Serving:
    """Who answers now. `trouble`: why the one in force (a digest) does not; else empty. `model` None: nobody can.

    `document_type`: the one whose own adapter this is; empty where the model of all types answers.
    """

    in_force: str
    model: LanguageModel | None
    trouble: str = ""
    document_type: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """`adapted`: by the digests of the adapters that were laid over it."""

    model: HeldModel
    mark: object
    used_at: float
    adapted: dict[str, LanguageModel]


@dataclass(frozen=True, slots=True)
class _Failure:
    """`until`: when the same file may be tried again, by the holder's clock."""

    reason: str
    mark: object
    pause: float
    until: float


class ModelHolder:
    """Not for several threads at once, except for `held`."""

    def __init__(self, source: ModelSource, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._models: dict[str, _Held] = {}  # the least recently used first
        self._failures: dict[str, _Failure] = {}
        self._wanted: tuple[str, ...] = ()  # the one before, then the one in force: what goes last comes last
        self._lent = ""

    def current(self, document_type: str = "") -> Serving:
        """Who reads documents of this type: the model in force, or the one before it.

        Raises ModelUnavailable when nobody can tell which one is in force.
        """
        whose, pointer = self._source.pointer(document_type)
        self._wanted = tuple(self._below(digest) for digest in (pointer.previous, pointer.production))
        try:
            return Serving(pointer.production, self._get(pointer.production), document_type=whose)
        except ModelUnavailable as error:
            return Serving(pointer.production, self._before(pointer), str(error), document_type=whose)

    @contextmanager
    def lent(self, digest: str) -> Iterator[LanguageModel]:
        """Any model of the store for one piece of work; it takes the place of another where room is short.

        Raises ModelUnavailable.
        """
        model = self._get(digest)
        self._lent = self._below(digest)
        try:
            yield model
        finally:
            self._lent = ""

    def warm_previous(self) -> None:
        """Loads the model before the one of all types as well, but only into room that nobody needs."""
        self._drop_unused()
        try:
            previous = self._source.pointer("")[1].previous
            is_wanted = previous and previous not in self._models and len(self._models) < self._source.most_models()
            if is_wanted and self._source.bytes_needed(previous) < self._source.bytes_free():
                self._get(previous)
        except ModelUnavailable as error:
            log.debug("the previous model is not kept ready: %s", error)

    def held(self) -> tuple[str, ...]:
        """Digests of the models in memory, and of the adapters that are laid over them."""
        return (*self._models, *(digest for held in tuple(self._models.values()) for digest in tuple(held.adapted)))

    def close(self) -> None:
        for digest in tuple(self._models):
            self._drop(digest)

    def _before(self, pointer: Pointer) -> LanguageModel | None:
        if not pointer.previous:
            return None
        try:
            return self._get(pointer.previous)
        except ModelUnavailable:
            return None

    def _below(self, digest: str) -> str:
        """The model with a file of its own; empty where the digest is, and where nobody can tell any more."""
        try:
            return self._source.runs_on(digest) if digest else ""
        except ModelUnavailable:
            return ""

    def _get(self, digest: str) -> LanguageModel:
        below = self._source.runs_on(digest)
        held = self._hold(below)
        if below == digest:
            return held.model
        if digest not in held.adapted:
            held.adapted[digest] = self._source.lay_over(held.model, digest)
        return held.adapted[digest]

    def _hold(self, digest: str) -> _Held:
        mark = self._source.mark(digest)
        if digest in self._models and self._models[digest].mark != mark:
            self._drop(digest)  # its weights are mapped, so they may not be the ones that were checked any more
        held = self._models.pop(digest, None)
        model, adapted = (held.model, held.adapted) if held else (self._load(digest, mark), {})
        self._models[digest] = _Held(model, mark, self._clock(), adapted)
        return self._models[digest]

    def _load(self, digest: str, mark: object) -> HeldModel:
        failure = self._failures.get(digest)
        if failure is not None and failure.mark == mark and self._clock() < failure.until:
            raise ModelUnavailable(failure.reason)
        try:
            self._make_room(digest)
            model = self._source.load(digest)
        except ModelUnavailable as error:
            pause = min(2 * failure.pause, LONGEST_PAUSE_SECONDS) if failure else FIRST_PAUSE_SECONDS
            self._failures[digest] = _Failure(str(error), mark, pause, self._clock() + pause)
            raise
        self._failures.pop(digest, None)
        return model

    def _make_room(self, digest: str) -> None:
        needed = self._source.bytes_needed(digest)
        while (len(self._models) >= self._source.most_models() or self._source.bytes_free() < needed) and (
            victims := [held for held in self._models if held != self._lent]
        ):
            self._drop(min(victims, key=self._value))
        free = self._source.bytes_free()
        if free < needed:
            raise ModelUnavailable(f"model {digest} needs {needed // _MIB} MiB of memory, {free // _MIB} MiB are free")

    def _drop_unused(self) -> None:
        """Models that were lent and that nobody has asked for since."""
        long_ago = self._clock() - LENT_KEPT_SECONDS
        for digest in [d for d, held in self._models.items() if d not in self._wanted and held.used_at < long_ago]:
            self._drop(digest)

    def _value(self, digest: str) -> int:
        return self._wanted.index(digest) if digest in self._wanted else -1

    def _drop(self, digest: str) -> None:
        self._models.pop(digest).model.close()
