"""What a run leaves behind beside its values: the answers of the model, what it saw, seals that the log commits to.

A seal is the SHA-256 (hex) of a canonical text. The log holds it salted (`appliance.audit.canonical.commitment`):
a short document could be guessed from the bare digest. The salt lies with the run and dies with it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.audit.canonical import commitment
from appliance.documents import models as rows
from appliance.documents.stored_pages import compact
from extraction.records import Page
from extraction.transcript import Turn

_NUMBER = "I"  # 32 bits on every platform that llama.cpp runs on


@dataclass(frozen=True)
class Trace:
    """How a run came about. `page_digests`: one for each page, in order. `texts`: digest -> the text it is made of."""

    turns: tuple[Turn, ...] = ()
    page_digests: tuple[str, ...] = ()
    engine: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


NO_TRACE = Trace()


def page_digests(pages: Iterable[Page]) -> tuple[str, ...]:
    """Of each page's words, boxes and order as they are stored."""
    return tuple(_seal([compact(word) for word in page.words]) for page in pages)


def answer_rows(extraction: rows.Extraction, turns: Iterable[Turn]) -> list[rows.ModelAnswer]:
    return [
        rows.ModelAnswer(
            extraction=extraction,
            position=position,
            question=turn.question,
            answer=turn.answer,
            tokens=_packed(turn.tokens),
            ends=_packed(turn.ends),
            finished=turn.finished,
        )
        for position, turn in enumerate(turns)
    ]


def load_turns(extraction: rows.Extraction) -> tuple[Turn, ...]:
    return tuple(
        Turn(row.question, bytes(row.answer), row.finished, _unpacked(row.tokens), _unpacked(row.ends))
        for row in extraction.answers.order_by("position")
    )


def keep_texts(texts: Mapping[str, str]) -> None:
    """Each text under its digest; one that is there already stays."""
    kept = [rows.DigestText(digest=digest, text=text) for digest, text in texts.items()]
    rows.DigestText.objects.bulk_create(kept, ignore_conflicts=True)


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def commitments_to(extraction: rows.Extraction) -> dict[str, str]:
    """To the values, the model's answers and the pages of a stored run; empty for a run without a salt."""
    if not extraction.salt:
        return {}
    seals = {
        "answers": _seal([[turn.question, turn.answer.hex()] for turn in load_turns(extraction)]),
        "pages": _seal(extraction.page_digests),
        "values": _seal([_value(value) for value in extraction.values.order_by("position")]),
    }
    return {name: commitment(seal, extraction.salt) for name, seal in seals.items()}


def _value(value: rows.FieldValue) -> list[Any]:
    """Everything that a page shows of a value. Numbers as PostgreSQL gives them back."""
    regions = [[float(part) for part in region] for region in value.regions]
    place = [value.span_start, value.span_end, regions]
    return [value.path, value.raw, value.normal, value.rule, *place, value.confidence, value.reasons]


def _seal(content: Sequence[Any]) -> str:
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    ).hexdigest()


def _packed(numbers: Sequence[int]) -> bytes:
    packed = array(_NUMBER, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(stored: bytes | memoryview) -> tuple[int, ...]:
    numbers = array(_NUMBER, bytes(stored))
    if sys.byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)
