"""llama.cpp behind the `LanguageModel` protocol, by its low-level interface.

Settings and why: one sequence, no repacked weights (they stay mapped and shared between processes), flash attention off
(its few-query kernel is the slower one on a CPU), keys and values in 32 bits: with 16 bits greedy answers drift from
those of the training code, and for a small model the time is the same.
The state of the schema's tokens is kept between documents; it is always computed in the same batches, so that an answer
does not depend on what was asked before. Adapters are laid over the weights and taken off without loading them anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

# Threads that wait must sleep: spinning ones make a busy machine ten times slower. OpenMP reads this when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import llama_cpp

from extraction.errors import DecodingFailed, ModelUnavailable
from extraction.language_model import Choice, Generation, Limits, adapted_digest
from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary, choose
from extraction.language_model_vocabulary import Vocabulary, start_engine
from extraction.prompt import Prompt

_NO_ADAPTER = ""
_BATCH = 512
_KEYS_AND_VALUES = 0  # GGML_TYPE_F32


@dataclass
class _Answer:
    """An answer while it grows."""

    text: bytearray = field(default_factory=bytearray)
    choices: list[Choice] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class LlamaCppModel:
    """One model in memory. Safe to share between threads: they take turns."""

    def __init__(self, path: Path, *, context_tokens: int, threads: int) -> None:
        start_engine()
        self._lock = threading.Lock()
        self._digest = _file_digest(path)
        self._context_tokens = context_tokens
        self._model = _open_model(path)
        self._vocabulary = Vocabulary(llama_cpp.llama_model_get_vocab(self._model))
        self._room = min(2 * context_tokens, llama_cpp.llama_model_n_ctx_train(self._model))
        self._context = _open_context(self._model, room=self._room, threads=threads)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(_BATCH, 0, 1)
        self._grammar_vocabulary = GrammarVocabulary.of_llama(self._vocabulary.pointer)
        self._adapters: dict[str, Any] = {}
        self._laid_over = _NO_ADAPTER
        self._kept: list[int] = []
        self._position = 0

    @classmethod
    def load(cls, path: str | Path, *, context_tokens: int = 1024, threads: int = 2) -> Self:
        """A GGUF file. `context_tokens`: the length it was trained for, from its card; not the file's own claim.

        Raises ModelUnavailable when the file is missing or is no model.
        """
        return cls(Path(path), context_tokens=context_tokens, threads=threads)

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    def count_tokens(self, text: str) -> int:
        return len(self._vocabulary.tokenise(text))

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        return self.generate_with(_NO_ADAPTER, prompt, grammar, limits=limits)

    def adapted(self, path: Path, *, digest: str) -> AdaptedModel:
        """This model with an adapter (a GGUF and its SHA-256) laid over it, for as long as this one is open.

        Raises ModelUnavailable when the file is not the one that the digest names, or does not fit the model.
        """
        with self._lock:
            if digest not in self._adapters:
                self._adapters[digest] = _open_adapter(self._model, path, digest)
        return AdaptedModel(self, digest)

    def generate_with(self, adapter: str, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        """As `generate`, with the adapter of this digest laid over the weights; "" is none."""
        with self._lock:
            self._lay_over(adapter)
            prefix, rest = self._vocabulary.prompt_tokens(prompt)
            if len(prefix) + len(rest) >= self._room:
                raise DecodingFailed(f"a prompt of {len(prefix) + len(rest)} tokens; there is room for {self._room}")
            stepper = GrammarStepper(self._grammar_vocabulary, grammar)
            self._resume_after(prefix)
            return self._answer(stepper, rest, limits)

    def close(self) -> None:
        """Frees the memory. The model cannot be asked afterwards."""
        with self._lock:
            if self._context is not None:
                llama_cpp.llama_batch_free(self._batch)
                llama_cpp.llama_free(self._context)
                llama_cpp.llama_model_free(self._model)
                self._context = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _answer(self, stepper: GrammarStepper, prompt_rest: list[int], limits: Limits) -> Generation:
        answer, pending = _Answer(), list(prompt_rest)
        prompt_tokens = self._position + len(pending)
        while not stepper.is_finished:
            forced = stepper.take_forced()
            pending += forced
            self._write(answer, forced)
            if stepper.is_finished or not self._has_room(answer, pending, limits):
                break
            logits, pending = self._decode(pending), []
            token, probability, runner_up = choose(logits, stepper.legal())
            stepper.take(token)
            start = len(answer.text)
            self._write(answer, [token])
            pending = [token]
            if runner_up > 0.0:
                answer.choices.append(Choice(start, len(answer.text), probability, runner_up))
        return Generation(
            answer=bytes(answer.text),
            choices=tuple(answer.choices),
            finished=stepper.is_finished,
            prompt_tokens=prompt_tokens,
            answer_tokens=len(answer.tokens),
            tokens=tuple(answer.tokens),
            ends=tuple(answer.ends),
        )

    def _has_room(self, answer: _Answer, pending: list[int], limits: Limits) -> bool:
        has_room = len(answer.tokens) < limits.answer_tokens and self._position + len(pending) < self._room
        return has_room and not limits.is_enough(bytes(answer.text))

    def _write(self, answer: _Answer, tokens: list[int]) -> None:
        for token in tokens:
            answer.text += self._grammar_vocabulary.text([token]) if token != self._vocabulary.end else b""
            answer.ends.append(len(answer.text))
        answer.tokens += tokens

    def _lay_over(self, adapter: str) -> None:
        if adapter == self._laid_over:
            return
        chosen = [self._adapters[adapter]] if adapter else []
        pointers = (llama_cpp.llama_adapter_lora_p_ctypes * len(chosen))(*chosen)
        scales = (ctypes.c_float * len(chosen))(*[1.0] * len(chosen))
        code = llama_cpp.llama_set_adapters_lora(self._context, pointers, len(chosen), scales)
        if code != 0:
            raise DecodingFailed(f"llama_set_adapters_lora returned {code}")
        # What is in memory was computed with other weights.
        self._laid_over, self._kept = adapter, []

    def _resume_after(self, prefix: list[int]) -> None:
        """Leaves exactly the state of `prefix` in memory."""
        kept = self._kept == prefix and bool(prefix)
        self._kept = []
        if not (kept and llama_cpp.llama_memory_seq_rm(self._memory, 0, len(prefix), -1)):
            llama_cpp.llama_memory_clear(self._memory, True)
            self._position = 0
            if prefix:
                self._decode(prefix)
        self._kept, self._position = prefix, len(prefix)

    def _decode(self, tokens: list[int]) -> NDArray[np.float32]:
        """Reads the tokens; gives the logits after the last one (valid until the next call)."""
        for first in range(0, len(tokens), _BATCH):
            part = tokens[first : first + _BATCH]
            self._fill_batch(part, logits=first + len(part) == len(tokens))
            code = llama_cpp.llama_decode(self._context, self._batch)
            if code != 0:
                self._kept = []
                raise DecodingFailed(f"llama_decode returned {code}")
            self._position += len(part)
        row = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(row, shape=(self._vocabulary.size,))

    def _fill_batch(self, tokens: list[int], *, logits: bool) -> None:
        batch = self._batch
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = self._position + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = False
        batch.logits[len(tokens) - 1] = logits
        batch.n_tokens = len(tokens)


class AdaptedModel:
    """A `LanguageModel` that shares the memory of its base. They take turns: asking one and then the other costs the
    schema's tokens once more, and no loading."""

    def __init__(self, base: LlamaCppModel, adapter: str) -> None:
        self._base, self._adapter = base, adapter
        self._digest = adapted_digest(base.digest, adapter)

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def context_tokens(self) -> int:
        return self._base.context_tokens

    def count_tokens(self, text: str) -> int:
        return self._base.count_tokens(text)

    def generate(self, prompt: Prompt, grammar: str, *, limits: Limits) -> Generation:
        return self._base.generate_with(self._adapter, prompt, grammar, limits=limits)


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnavailable(f"{path}: {error.strerror}") from error


def _open_model(path: Path) -> Any:
    settings = llama_cpp.llama_model_default_params()
    settings.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), settings)
    if not model:
        raise ModelUnavailable(f"{path} is not a model that llama.cpp can load")
    return model


def _open_adapter(model: Any, path: Path, digest: str) -> Any:
    found = _file_digest(path)
    if found != digest:
        raise ModelUnavailable(f"the adapter {path} hashes to {found}, not to {digest}")
    adapter = llama_cpp.llama_adapter_lora_init(model, str(path).encode())
    if not adapter:
        raise ModelUnavailable(f"{path} is not an adapter of this model")
    return adapter


def _open_context(model: Any, *, room: int, threads: int) -> Any:
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = room
    settings.n_batch = settings.n_ubatch = _BATCH
    settings.n_seq_max = 1
    settings.n_threads = settings.n_threads_batch = threads
    settings.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
    settings.type_k = settings.type_v = _KEYS_AND_VALUES
    context = llama_cpp.llama_init_from_model(model, settings)
    if not context:
        raise ModelUnavailable("llama.cpp gave no context; there may be too little memory")
    return context
