"""What the views of this app share: who asks, and how a refusal is told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may
from appliance.compliance.errors import ComplianceError, UnderHold


def person_of(request: HttpRequest) -> Person:
    person: Any = request.user
    return person


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def tell(request: HttpRequest, error: ComplianceError) -> None:
    """Why nothing was done, and what to do next, on the page that comes."""
    names = ""
    if isinstance(error, UnderHold) and error.names and may(request.user, Permission.MANAGE_HOLDS):
        names = f" It is: {', '.join(error.names)}."  # a hold's name can say more than a clerk should know
    messages.error(request, f"{error.sentence}{names} {error.next_step}")
