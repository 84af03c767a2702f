"""Samples as token numbers: the prompt as the appliance renders it, then the answer as compact JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import sentencepiece

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


def encode(sample: Sample, tokenizer: sentencepiece.SentencePieceProcessor) -> Encoded:
    """The whole training text of a sample."""
    spec = DocumentTypeSpec.model_construct(name="sample", fields=sample.fields)
    ids = [BOS]
    for segment in (*schema_segments(spec), *document_segments(sample.pages), Mark.JSON):
        ids += [tokenizer.piece_to_id(segment)] if isinstance(segment, Mark) else tokenizer.encode(segment)
    start, weights, values = len(ids), [], []
    for text, weight, is_value in answer_pieces(sample.answer):
        tokens = tokenizer.encode(text)
        if is_value:
            values.append((len(ids), len(ids) + len(tokens), text in ("null", "[]")))
        ids += tokens
        weights += [weight] * len(tokens)
    return Encoded([*ids, EOS], start, [*weights, FORCED], values)


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
