"""Look-up drills on random tokens: records of key and value, then the values again by key."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import sentencepiece

from extraction.prompt import Mark
from models_store.starter.encoding import BOS, CHOSEN, Encoded

_FIRST_WORD = 266
"""Tokens below are marks and bytes."""


def drills(tokenizer: sentencepiece.SentencePieceProcessor, seed: int) -> Iterator[Encoded]:
    """Drills without end; about one in three only goes on with a sequence that it has seen."""
    random = Random(seed)
    while True:
        yield _sequence(random) if random.random() < 0.35 else _records(random, tokenizer)


def _words(random: Random, low: int, high: int) -> list[int]:
    return [random.randrange(_FIRST_WORD, 4096) for _ in range(random.randint(low, high))]


def _sequence(random: Random) -> Encoded:
    text = _words(random, 8, 40)
    ids = [BOS, *_words(random, 0, 8), *text, *_words(random, 0, 8)]
    again = text[random.randrange(len(text) // 2) :]
    weights = [0.0] + [CHOSEN] * (len(again) - 1)
    return Encoded(ids + again, len(ids), weights, [(len(ids) + 1, len(ids) + len(again), False)])


def _records(random: Random, tokenizer: sentencepiece.SentencePieceProcessor) -> Encoded:
    joint, end = tokenizer.encode(random.choice((":", " ", "  ", "=", "\n", ": "))), tokenizer.encode("\n")
    records = [(_words(random, 1, 2), _words(random, 1, 4)) for _ in range(random.randint(3, 10))]
    ids = [BOS, *(token for key, value in records for token in [*key, *joint, *value, *end])]
    ids.append(tokenizer.piece_to_id(Mark.JSON))
    start, weights, values = len(ids), [], []
    random.shuffle(records)
    opening, closing, between = (tokenizer.encode(text) for text in ('":"', '"', ',"'))
    for key, value in records:
        asked = [*key, *opening]
        answered = [*value, *closing]
        values.append((len(ids) + len(asked), len(ids) + len(asked) + len(answered), False))
        ids += [*asked, *answered, *between]
        weights += [0.0] * len(asked) + [CHOSEN] * len(answered) + [0.0] * len(between)
    return Encoded(ids, start, weights, values)
