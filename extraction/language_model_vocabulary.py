"""A GGUF's vocabulary as llama.cpp cuts text by it. Training uses it too: both see the same tokens by construction."""

from __future__ import annotations

import ctypes
import logging
import weakref
from pathlib import Path
from typing import Any, Self

import llama_cpp

from extraction.errors import DecodingFailed, ModelUnavailable
from extraction.prompt import PLAIN_MARKS, Mark, Prompt

_LONGEST_PIECE = 1024
_log = logging.getLogger(__name__)


def _log_line(level: int, text: bytes, _: ctypes.c_void_p) -> None:
    _log.debug("llama.cpp (%d): %s", level, text.decode("utf-8", "replace").rstrip())


_to_logging = llama_cpp.llama_log_callback(_log_line)


def start_engine() -> None:
    """Before the first file is opened. What llama.cpp says goes to the log."""
    llama_cpp.llama_log_set(_to_logging, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()


class Vocabulary:
    """`begin`: what every prompt starts with (one token or none). `end`: the token that ends an answer."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self.size = int(llama_cpp.llama_vocab_n_tokens(pointer))
        self.end = int(llama_cpp.llama_vocab_eos(pointer))
        has_begin = llama_cpp.llama_vocab_get_add_bos(pointer)
        self.begin = (int(llama_cpp.llama_vocab_bos(pointer)),) if has_begin else ()
        self._marks = {mark: self._mark_tokens(mark) for mark in Mark}

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Reads the header of a GGUF, not its weights. Raises ModelUnavailable."""
        start_engine()
        settings = llama_cpp.llama_model_default_params()
        settings.vocab_only = True
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), settings)
        if not model:
            raise ModelUnavailable(f"{path} has no vocabulary that llama.cpp can load")
        vocabulary = cls(llama_cpp.llama_model_get_vocab(model))
        weakref.finalize(vocabulary, llama_cpp.llama_model_free, model)
        return vocabulary

    def mark(self, mark: Mark) -> list[int]:
        """The mark's own token; words instead where the vocabulary has none."""
        return list(self._marks[mark])

    def prompt_tokens(self, prompt: Prompt) -> tuple[list[int], list[int]]:
        """The schema's tokens and all others."""
        prefix, rest = list(self.begin), list[int]()
        target = prefix
        for segment in prompt.segments:
            if segment is Mark.DOCUMENT:
                target = rest
            target += self._marks[segment] if isinstance(segment, Mark) else self.tokenise(segment)
        return prefix, rest

    def tokenise(self, text: str, *, marks: bool = False) -> list[int]:
        """Plain text, never parsed for control tokens unless `marks` says so. Raises DecodingFailed."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.pointer, data, len(data), buffer, room, False, marks)
        if count < 0:
            raise DecodingFailed(f"a text of {len(data)} bytes cannot be tokenised")
        return list(buffer[:count])

    def text(self, token: int) -> bytes:
        """What a token stands for; nothing for a control token."""
        buffer = ctypes.create_string_buffer(_LONGEST_PIECE)
        count = llama_cpp.llama_token_to_piece(self.pointer, token, buffer, _LONGEST_PIECE, 0, False)
        return buffer.raw[: max(0, count)]

    def _mark_tokens(self, mark: Mark) -> list[int]:
        tokens = self.tokenise(mark.value, marks=True)
        return tokens if len(tokens) == 1 else self.tokenise(PLAIN_MARKS[mark])
