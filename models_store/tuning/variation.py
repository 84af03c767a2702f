"""The same documents with other questions: what keeps a tuned model from knowing one list of fields only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from extraction.schema import FieldSpec
from models_store.starter.factory.stream import Sample

OTHER_FIELDS, BARE = 0.3, 0.2
"""Shares of the samples that get some of the fields in another order, and that lose their descriptions."""


def seeded(*numbers: int) -> Random:
    """A stream of choices that depends on these numbers alone."""
    return Random(" ".join(map(str, numbers)))  # noqa: S311 - a repeatable stream is what training needs, not a secret


def varied(sample: Sample, random: Random) -> Sample:
    if random.random() < OTHER_FIELDS:
        chosen = random.sample(sample.fields, random.randint(1, len(sample.fields)))
        sample = replace(sample, fields=tuple(chosen), answer={f.name: sample.answer[f.name] for f in chosen})
    return replace(sample, fields=_bare(sample.fields)) if random.random() < BARE else sample


def _bare(fields: Sequence[FieldSpec]) -> tuple[FieldSpec, ...]:
    return tuple(f.model_copy(update={"description": "", "fields": _bare(f.fields)}) for f in fields)
