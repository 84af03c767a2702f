"""Doing one thing in the database outside of the transaction that is open."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def on_own_connection(act: Callable[[], Result]) -> Result:
    """Run `act` through a connection of its own and return what it returns; what it raises is raised here.

    Django gives each thread its own connection; the thread sees the same actor as the caller.
    """
    context = contextvars.copy_context()
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(context.run, _then_close, act).result()


def _then_close(act: Callable[[], Result]) -> Result:
    try:
        return act()
    finally:
        connections.close_all()
