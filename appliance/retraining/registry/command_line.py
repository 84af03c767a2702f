"""What `manage.py models` shares with nobody else: who acts, doing work at once, and telling it."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may
from appliance.audit.context import Actor, acting_as
from appliance.compliance.errors import UnderHold
from appliance.retraining.models import Snapshot
from appliance.retraining.registry import jobs, tasks
from appliance.retraining.registry.errors import NotInStore, RegistryError, WorkGoesOn
from appliance.retraining.registry.models import JobState, ModelJob
from appliance.retraining.registry.workshop import Workshop
from extraction.errors import StrongroomError
from models_store import store

OPERATOR = Actor("operator", "system", auth="shell")


def resolved(untrusted_name: str) -> str:
    """The digest of a model by its name, given name, digest or the digest's first digits. Raises NotInStore."""
    try:
        return store.resolve(untrusted_name, root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        raise NotInStore(str(error)) from error


def done_here(ask: Callable[[], ModelJob], workshop: Workshop, *, quiet: bool) -> ModelJob:
    """Asks for work and does it in this process; a worker cannot get it in between. Raises what `ask` raises."""
    with transaction.atomic():
        job = ask()
        claim = jobs.take(job.pk)
    if claim is None:
        raise WorkGoesOn
    tasks.guarded(claim, workshop, heard=_silent if quiet else _progress)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise CommandError(f"{job.error_detail} ({job.error_code})")
    return job


def snapshot_named(digest: str) -> Snapshot | None:
    """By the first digits of its digest; None where none or several begin so."""
    found = list(Snapshot.objects.filter(digest__startswith=digest)[:2]) if len(digest) >= 6 else []
    return found[0] if len(found) == 1 else None


@contextmanager
def acting_for(username: str, permission: Permission) -> Iterator[Person]:
    """The person whose password was typed. Raises CommandError."""
    person = Person.objects.filter(username=username, is_active=True).first()
    typed = getpass.getpass(f"Password of {username}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if person is None or not person.check_password(typed):
        raise CommandError("There is no such account, or this is not its password.")
    if not may(person, permission):
        raise CommandError(f"The role of {username} does not include: {permission.replace('_', ' ')}.")
    with acting_as(Actor(person.get_username(), person.role, auth="password", address="console")):
        yield person


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """What is refused ends the command with status 1: in words, or as one line of JSON on stderr."""
    try:
        yield
    except StrongroomError as error:
        if as_json:
            sys.stderr.write(as_text({"code": error.code, "sentence": words_of(error)}) + "\n")
            raise SystemExit(1) from error
        raise CommandError(f"{words_of(error)} ({error.code})") from error


def words_of(error: StrongroomError) -> str:
    if isinstance(error, RegistryError):
        return error.told
    detail = f" {error.detail}" if error.detail and not isinstance(error, UnderHold) else ""
    return f"{error.sentence}{detail} {error.next_step}"


def as_text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, default=_plain)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as their longest text."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "\n".join(line.rstrip() for line in lines)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _progress(share: float, words: str) -> None:
    sys.stderr.write(f"{share:4.0%}  {words}\n")
    sys.stderr.flush()


def _silent(share: float, words: str) -> None:
    """For programs that read the answer."""
