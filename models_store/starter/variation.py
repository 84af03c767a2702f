"""The same documents with other questions: what keeps a model from knowing one list of fields only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from extraction.schema import FieldSpec
from models_store.starter.factory.asking.naming import Author
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import Sample

OTHER_FIELDS, BARE, RENAMED = 0.3, 0.2, 0.4
"""Shares of the samples that get some of the fields in another order, that lose their descriptions, and (where names
vary) that are asked under names in another author's habits."""


def seeded(*numbers: int) -> Random:
    """A stream of choices that depends on these numbers alone."""
    return Random(" ".join(map(str, numbers)))


def varied(sample: Sample, random: Random, *, names_vary: bool = False) -> Sample:
    """The sample with fewer fields, or bare, or neither; `names_vary` for a model that must answer any schema."""
    if random.random() < OTHER_FIELDS:
        chosen = random.sample(sample.fields, random.randint(1, len(sample.fields)))
        sample = replace(sample, fields=tuple(chosen), answer={f.name: sample.answer[f.name] for f in chosen})
    if names_vary and random.random() < RENAMED:
        sample = _renamed(sample, Author.draw(random))
    return replace(sample, fields=_bare(sample.fields)) if random.random() < BARE else sample


def _bare(fields: Sequence[FieldSpec]) -> tuple[FieldSpec, ...]:
    return tuple(f.model_copy(update={"description": "", "fields": _bare(f.fields)}) for f in fields)


def _renamed(sample: Sample, author: Author) -> Sample:
    """The same words in another spelling; never names without meaning, since nothing would say what is meant."""
    author.numbered = ""
    names = {spec.name: author.name(spec.name) for spec in sample.fields}
    if len(set(names.values())) < len(names):
        return sample
    fields = tuple(spec.model_copy(update={"name": names[spec.name]}) for spec in sample.fields)
    answer: dict[str, Json] = {names[name]: value for name, value in sample.answer.items()}
    return replace(sample, fields=fields, answer=answer)
