"""How long a log-in lasts: 15 minutes without an act, 12 hours in all. A forced new password comes before all else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from appliance.audit.actions import Action
from appliance.audit.record import Subject, record

IDLE_SECONDS = 15 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60
WRITE_EVERY_SECONDS = 30
BACKGROUND_HEADER = "X-Background"
"""Sent by pages that refresh themselves, so that an open page nobody looks at does not keep its person logged in."""
_STARTED, _LAST_ACT = "started_at", "last_act_at"


def start_clock(request: HttpRequest) -> None:
    request.session[_STARTED] = request.session[_LAST_ACT] = int(time.time())


class SessionLimitsMiddleware:
    """Must stand after AuditContextMiddleware: ending a session is recorded under its person's name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        if not person.is_authenticated:
            return _leave_htmx(request, self.get_response(request))
        reason = _why_over(request)
        if reason:
            return _leave_htmx(request, _end(request, reason))
        if person.must_change_password and request.path not in _open_before_new_password():
            return _leave_htmx(request, redirect("accounts:password"))
        return self.get_response(request)


def _why_over(request: HttpRequest) -> str:
    """Why the session is over, or ""; also notes the act that this request is."""
    now, session = int(time.time()), request.session
    started, last = session.get(_STARTED, now), session.get(_LAST_ACT, now)
    if now - started > ABSOLUTE_SECONDS:
        return "12 hours after logging in"
    if now - last > IDLE_SECONDS:
        return "15 minutes without an act"
    if _STARTED not in session:
        start_clock(request)
    elif BACKGROUND_HEADER not in request.headers and now - last >= WRITE_EVERY_SECONDS:
        session[_LAST_ACT] = now
    return ""


def _end(request: HttpRequest, reason: str) -> HttpResponse:
    person: Any = request.user
    with transaction.atomic():
        record(Action.LOGGED_OUT, subject=Subject("person", person.username[:64], person.version), reason=reason)
        request.session.flush()
    messages.info(request, f"You were logged out: {reason}. Nothing that was saved is lost.")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _leave_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """htmx would paste a page that it was redirected to into a corner of the old one: make the browser go there."""
    if "HX-Request" not in request.headers or response.status_code != 302:
        return response
    return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})


def _open_before_new_password() -> tuple[str, ...]:
    return reverse("accounts:password"), reverse("accounts:logout"), reverse("accounts:login")
