"""Two runs side by side: where the answers part first, and which values differ. Pure functions over records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from extraction.transcript import Turn

EXCERPT = 48
"""Bytes of each answer that are quoted from the place where they part."""
_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class Place:
    """Where two runs part. `question` and `token` count from 1; `token` is 0 where the questions themselves differ, or
    where tokens were not told. `then` and `now` quote the two answers from there."""

    question: int
    token: int
    field: str
    then: str
    now: str
    asked_differently: bool = False


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value of the two runs, as printed and in its normal form; None where a run has none under this path."""

    path: str
    then: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`pages_changed`: numbers of pages whose stored words are not the ones that the run saw. `answers_compared` is
    False for a run that kept none. `engine_changed`: other packages, threads or processor, which should not matter."""

    place: Place | None
    values: tuple[ValueDifference, ...] = ()
    pages_changed: tuple[int, ...] = ()
    answers_compared: bool = True
    engine_then: str = ""
    engine_now: str = ""

    @property
    def is_equal(self) -> bool:
        return self.place is None and not self.values

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def first_parting(then: Sequence[Turn], now: Sequence[Turn]) -> Place | None:
    """None when every question was the same and every answer equal, token by token."""
    for number, (before, after) in enumerate(zip(then, now, strict=False), start=1):
        if before.question != after.question:
            return Place(number, 0, "", _excerpt(before, 0), _excerpt(after, 0), asked_differently=True)
        place = _parting(number, before, after)
        if place is not None:
            return place
    if len(then) != len(now):
        number = min(len(then), len(now))
        rest_then, rest_now = then[number : number + 1], now[number : number + 1]
        said, says = (_excerpt(rest[0], 0) if rest else "" for rest in (rest_then, rest_now))
        return Place(number + 1, 0, "", said, says, asked_differently=True)
    return None


def value_differences(
    then: dict[str, tuple[str | None, str]], now: dict[str, tuple[str | None, str]]
) -> tuple[ValueDifference, ...]:
    """Of path -> (as printed, normal form). In the order of the old run, then what only the new one has."""
    paths = [*then, *(path for path in now if path not in then)]
    return tuple(
        ValueDifference(path, _shown(then.get(path)), _shown(now.get(path)))
        for path in paths
        if then.get(path) != now.get(path)
    )


def pages_changed(then: Sequence[str], now: Sequence[str]) -> tuple[int, ...]:
    """Page numbers from 1. A run that kept no digests says nothing."""
    if not then:
        return ()
    most = max(len(then), len(now))
    return tuple(n + 1 for n in range(most) if list(then[n : n + 1]) != list(now[n : n + 1]))


def path_at(answer: bytes, position: int) -> str:
    """The path ("line_items[0].amount") of the value that the byte at `position` of a JSON text belongs to."""
    steps: list[str | int] = []
    for so_far, end in _walk(answer):
        steps = so_far
        if end > position:
            break
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps if step != "")[1:]


def _walk(answer: bytes) -> Iterator[tuple[list[str | int], int]]:
    """After each piece of the text: the path so far, and the byte behind the piece."""
    steps: list[str | int] = []
    awaits_key = False
    for match in _PIECE.finditer(answer):
        piece = match[0]
        if piece in b"{[":
            steps.append("" if piece == b"{" else 0)
            awaits_key = piece == b"{"
        elif piece in b"}]":
            yield list(steps), match.end()
            steps = steps[:-1]
            continue
        elif piece == b"," and steps:
            last = steps[-1]
            awaits_key = isinstance(last, str)
            steps[-1] = last if isinstance(last, str) else last + 1
        elif awaits_key and piece.startswith(b'"') and steps:
            steps[-1] = piece.strip(b'"').decode("utf-8", "replace")
            awaits_key = False
        yield list(steps), match.end()


def _parting(number: int, then: Turn, now: Turn) -> Place | None:
    if then.tokens and now.tokens:
        if then.tokens == now.tokens and then.answer == now.answer:
            return None
        token = _first_difference(then.tokens, now.tokens)
        start = then.ends[token - 1] if 0 < token <= len(then.ends) else 0
    elif then.answer == now.answer and then.finished == now.finished:
        return None
    else:
        token, start = -1, _first_difference(then.answer, now.answer)
    longer = then if len(then.answer) >= len(now.answer) else now
    return Place(number, token + 1, path_at(longer.answer, start), _excerpt(then, start), _excerpt(now, start))


def _first_difference(then: Sequence[int], now: Sequence[int]) -> int:
    """Where they part; the end of the shorter one when it is the beginning of the other."""
    pairs = enumerate(zip(then, now, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(then), len(now)))


def _excerpt(turn: Turn, start: int) -> str:
    return turn.answer[start : start + EXCERPT].decode("utf-8", "replace")


def _shown(value: tuple[str | None, str] | None) -> str | None:
    if value is None:
        return None
    raw, normal = value
    printed = "not in the document" if raw is None else raw
    return f"{printed} ({normal})" if normal and normal != raw else printed
