"""Which object each address names, so that one's own, a colleague's and a missing one can be put there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

NUMBERS: Mapping[str, str] = {
    "accounts:person": "person",
    "accounts:person_password": "person",
    "audit:event": "event",
    "audit:proof": "event",
    "audit:evidence": "decision",
    "audit:evidence_of_value": "value",
    "dossier:value": "value",
    "dossier:crop_of_value": "value",
    "dossier:crop_of_decision": "decision",
    "dossier:ask_replay": "run_of_document",
    "dossier:replay": "replay",
    "compliance:approval": "asked",
    "compliance:withdraw": "asked",
    "compliance:hold": "hold",
    "retraining:datasets:decide": "conflict",
    "retraining:datasets:crop": "conflict_answer",
    "retraining:runs:settings": "snapshot_number",
    "retraining:runs:estimate": "snapshot_number",
    "retraining:runs:crop": "wrong_value",
    "retraining:runs:run": "training",
    "retraining:runs:stop": "training",
    "retraining:runs:resume": "training",
    "retraining:runs:discard": "training",
    "retraining:runs:errors": "training",
    "retraining:serving:try_out": "try_out",
    "retraining:serving:end_try_out": "try_out",
    "retraining:registry:job": "model_job",
    "retraining:registry:stop": "model_job",
    "retraining:registry:bring_in": "model_job",
}
"""What `pk` is the number of."""
NAMED = {
    "document_id": "document",
    "name": "type",
    "type_name": "type",
    "document_type": "type",
    "size": "checkpoint",
    "digest": "model",
}
FIXED = {"number": 1, "file_format": "json"}
MISSING = {
    "document_id": "00000000-0000-4000-8000-000000000000",
    "pk": 987_654_321,
    "size": 987_654_321,
    "name": "no_such_type",
    "type_name": "no_such_type",
    "document_type": "no_such_type",
    "digest": "f" * 64,
}


@dataclass(frozen=True, slots=True)
class Route:
    """An address with the names of what is put into it; `object` is the one that names somebody's or something."""

    name: str
    parameters: tuple[str, ...]

    @property
    def object(self) -> str:
        return next((each for each in reversed(self.parameters) if each in MISSING), "")

    @property
    def kind(self) -> str:
        """The kind of its object, as the scene calls it."""
        if self.object == "pk":
            return NUMBERS[self.name]
        if self.object == "digest" and self.name.startswith("retraining:datasets:"):
            return "snapshot"
        return NAMED[self.object]

    @property
    def kind_or_nothing(self) -> str:
        return self.kind if self.object else ""

    def to(self, objects: Mapping[str, Any]) -> str:
        """The address of the object of its kind."""
        return self._with(objects, objects[self.kind] if self.object else None)

    def to_missing(self, objects: Mapping[str, Any]) -> str:
        """The same with an object that is not there."""
        return self._with(objects, MISSING[self.object])

    def _with(self, objects: Mapping[str, Any], chosen: object) -> str:
        rest = {each: FIXED.get(each) or objects[NAMED[each]] for each in self.parameters if each != self.object}
        return reverse(self.name, kwargs={**rest, self.object: chosen} if self.object else rest)


def routes() -> list[Route]:
    """Every address of the box."""
    return list(_routes(get_resolver().url_patterns, "", ()))


def _routes(patterns: list[URLPattern | URLResolver], space: str, outer: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        named = (*outer, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, inner, named)
        else:
            yield Route(f"{space}{pattern.name}", named)
