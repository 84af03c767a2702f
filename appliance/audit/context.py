"""Who is acting right now: set once per request or task, read by every audit record."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Actor:
    """`auth` names how the actor proved who they are; `session` is a hash, never the session key itself."""

    name: str
    role: str
    auth: str = "none"
    address: str = ""
    session: str = ""
    request_id: str = ""


SYSTEM = Actor(name="system", role="system")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


_awaited: ContextVar[list[int] | None] = ContextVar("awaited", default=None)
"""Ids of the sensitive events of this request; None outside of requests, where nobody is answered."""


def current_actor() -> Actor:
    return _actor.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def answer_waits_for(event_pk: int) -> None:
    """This request is answered only when the event is in the signed tree. Nothing happens outside of requests."""
    awaited = _awaited.get()
    if awaited is not None:
        awaited.append(event_pk)


@contextmanager
def collecting_awaited() -> Iterator[list[int]]:
    """The list that `answer_waits_for` fills while the block runs."""
    awaited: list[int] = []
    token = _awaited.set(awaited)
    try:
        yield awaited
    finally:
        _awaited.reset(token)


class AuditContextMiddleware:
    """Must stand after authentication, so that `request.user` is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_as(actor_of(request)):
            return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    key = request.session.session_key or ""
    user = request.user
    return Actor(
        name=user.get_username() if user.is_authenticated else "anonymous",
        role=user.role if user.is_authenticated else "none",
        auth="password" if user.is_authenticated else "none",
        address=request.META.get("REMOTE_ADDR", ""),
        session=hashlib.sha256(key.encode()).hexdigest()[:16] if key else "",
        request_id=str(uuid.uuid4()),
    )
