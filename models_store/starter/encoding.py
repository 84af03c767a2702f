"""Samples as token numbers: the prompt as the appliance renders it, then the answer as compact JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from extraction.prompt import Mark, document_segments, schema_segments
from extraction.schema import DocumentTypeSpec
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import Sample

BOS, EOS, PAD = 1, 2, 3
FORCED, CHOSEN = 0.1, 1.0
"""Loss weights: keys and braces are forced by the grammar when the model is used; values are chosen."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token numbers; weights of the answer tokens (from `start` on); where the values lie."""

    ids: list[int]
    start: int
    weights: list[float]
    values: list[tuple[int, int, bool]]
    """First token, end, and whether the value is null or an empty list."""


class Vocabulary(Protocol):
    """How a model cuts text. `begin`: what every prompt starts with; `end`: the token that ends an answer."""

    @property
    def begin(self) -> Sequence[int]: ...

    @property
    def end(self) -> int: ...

    def encode(self, text: str) -> list[int]:
        """Plain text, never parsed for marks."""
        ...

    def mark(self, mark: Mark) -> list[int]: ...

    def answer(self, pieces: Sequence[str]) -> list[Token]:
        """The joined pieces as the model writes them behind the last mark."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer, and the first and the last piece that it holds a part of."""

    id: int
    first: int
    last: int


def encode(sample: Sample, tokenizer: Vocabulary) -> Encoded:
    """The whole training text of a sample."""
    spec = DocumentTypeSpec.model_construct(name="sample", fields=sample.fields)
    ids = list(tokenizer.begin)
    for segment in (*schema_segments(spec), *document_segments(sample.pages), Mark.JSON):
        ids += tokenizer.mark(segment) if isinstance(segment, Mark) else tokenizer.encode(segment)
    pieces = list(answer_pieces(sample.answer))
    tokens = tokenizer.answer([text for text, _, _ in pieces])
    weights = [max(weight for _, weight, _ in pieces[token.first : token.last + 1]) for token in tokens]
    values = _values(pieces, tokens, len(ids))
    return Encoded([*ids, *(token.id for token in tokens), tokenizer.end], len(ids), [*weights, FORCED], values)


def _values(pieces: list[Piece], tokens: list[Token], start: int) -> list[tuple[int, int, bool]]:
    """A token that a value shares with its neighbour, as `":"` in some vocabularies, belongs to the value."""
    holding: dict[int, list[int]] = {}
    for at, token in enumerate(tokens, start):
        for piece in range(token.first, token.last + 1):
            holding.setdefault(piece, []).append(at)
    return [
        (holding[at][0], holding[at][-1] + 1, text in ("null", "[]"))
        for at, (text, _, is_value) in enumerate(pieces)
        if is_value
    ]


Piece = tuple[str, float, bool]


def answer_pieces(answer: dict[str, Json]) -> Iterator[Piece]:
    """The answer cut into (text, loss weight, is a value). Joined, the texts are the compact JSON."""
    for index, (key, value) in enumerate(answer.items()):
        yield f"{',' if index else '{'}{json.dumps(key)}:", FORCED, False
        yield from _value_pieces(value)
    yield "}", FORCED, False


def _value_pieces(value: Json) -> Iterator[Piece]:
    if isinstance(value, dict):
        yield from answer_pieces(value)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield "," if index else "[", CHOSEN, False
            yield from _value_pieces(item)
        yield "]", CHOSEN, False
    else:
        yield json.dumps(value, ensure_ascii=False), CHOSEN, True
