"""Asks every address as everybody, about one's own object, a colleague's and one that is not there."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from appliance.accounts.models import Person
from appliance.accounts.roles import may
from tests.appliance.accounts.test_every_url_has_a_permission import NEEDS, OPEN
from tests.security.scene import Scene
from tests.security.urls_of_objects import Route

TABLE: dict[str, str] = tomllib.loads(Path(__file__).with_name("idor.toml").read_text(encoding="utf-8"))
ACTORS = ("nobody", "gone", "clara", "carl", "olga", "otto", "adam")
METHODS = ("GET", "POST")
TOKEN = re.compile(rb"[A-Za-z0-9]{64}")
"""Against forged requests, drawn anew for each page."""
COLLEAGUES = {"clara": "carl", "carl": "clara", "olga": "otto", "otto": "olga"}
FORBIDDEN, NOT_THIS_WAY, TO_LOG_IN = 403, 405, 302
BODIES: Mapping[str, Any] = {
    "review:decide": {"version": 1, "path": "total", "verb": "confirm"},
    "review:finish": {"version": 1},
    "documents:set_type": "document_type=receipt",
    "compliance:approval": "decision=refuse&words=No, not now.",
    "compliance:document": "reason=Sent in by mistake.",
    "compliance:hold": "reason=The case is closed.",
    "accounts:person": "username=x&role=clerk&first_name=x&last_name=y",
    "retraining:ask_promotion": "reason=It reads better.",
    "retraining:datasets:withdraw": "reason=It must not teach.",
}
"""What is sent with a POST where an empty one would be refused before the object is looked at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question and its answer. `which`: "own", "other", "missing", or "" where the address names no object."""

    actor: str
    route: str
    which: str
    method: str
    expected: int
    got: int

    @property
    def is_wrong(self) -> bool:
        return self.got != self.expected


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class Asking:
    """A browser of `actor`, who is `person` or nobody."""

    actor: str
    person: Person | None
    client: Client

    def answer(self, route: Route, address: str, method: str) -> Answer:
        """What comes back; whatever the request changed is taken back."""
        body = BODIES.get(route.name, "") if method == "POST" else ""
        kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
        content = body if isinstance(body, str) else json.dumps(body)
        self.client.cookies.pop("messages", None)  # what the request before said is no answer to this one
        with transaction.atomic():
            response = self.client.generic(method, address, content, content_type=kind)
            answer = Answer(response.status_code, _comparable(response))
            transaction.set_rollback(True)
        return answer


def asking(actor: str, scene: Scene, client_for: Callable[[Person], Client]) -> Asking:
    """`gone`: logged in, then taken out of service."""
    if actor == "nobody":
        return Asking(actor, None, Client())
    person = getattr(scene.people, "carl" if actor == "gone" else actor)
    client = client_for(person)
    client.raise_request_exception = False
    if actor == "gone":
        Person.objects.filter(pk=person.pk).update(is_active=False)
        return Asking(actor, None, client)
    return Asking(actor, person, client)


def cells(by: Asking, routes: list[Route], scene: Scene) -> Iterator[Cell]:
    """All cells of one person. A cell whose answer tells an own object from a missing one, where it must not, is
    given with the status 0."""
    own, other = _objects(by, scene)
    for route in routes:
        if route.name in OPEN:
            continue
        places = (
            {"own": route.to(own), "other": route.to(other), "missing": ""} if route.object else {"": route.to(own)}
        )
        if route.object:
            places["missing"] = route.to_missing(own)
        for method in METHODS:
            asked = {address: by.answer(route, address, method) for address in set(places.values())}
            answers = {which: asked[address] for which, address in places.items()}
            told = _tells(by, route, answers)
            for which, answer in answers.items():
                expected = expected_status(by.person, route.name, which, method)
                yield Cell(by.actor, route.name, which, method, expected, 0 if told else answer.status)


def _objects(by: Asking, scene: Scene) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the one who asks, and of the colleague in the same role."""
    own, other = (scene.theirs, scene.mine) if by.actor in ("carl", "otto") else (scene.mine, scene.theirs)
    one, another = by.actor if by.actor in COLLEAGUES else "clara", COLLEAGUES.get(by.actor, "carl")
    return {**own, "asked": scene.asked[one]}, {**other, "asked": scene.asked[another]}


def expected_status(person: Person | None, name: str, which: str, method: str) -> int:
    """As the table says for those who may; for all others the same whatever they ask for."""
    if person is None:
        return TO_LOG_IN
    groups = [[int(status) for status in group.split()] for group in TABLE[name].split(",")]
    group = groups[("own", "other", "missing").index(which) if which else 0]
    status = group[METHODS.index(method)]
    return status if may(person, NEEDS[name]) or status == NOT_THIS_WAY else FORBIDDEN


def _tells(by: Asking, route: Route, answers: Mapping[str, Answer]) -> bool:
    """Whether somebody who may not ask learns from the answers which objects there are."""
    refused = by.person is None or not may(by.person, NEEDS[route.name])
    return refused and len({(answer.status, answer.body) for answer in answers.values()}) > 1


def _comparable(response: HttpResponseBase) -> bytes:
    """The body without what is drawn anew for each answer or repeats the address that was asked for."""
    if response.streaming:
        return b""
    body = getattr(response, "content", b"")
    return TOKEN.sub(b"", body) if response.status_code == FORBIDDEN else b""
