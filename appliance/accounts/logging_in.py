"""Logging in and out: Django's own views, with a record of each outcome.

The records are written here, not by signal handlers, so that they stand in the transaction of the log-in itself. Failed
tries are counted by django-axes in transactions of its own; it only tells us whether the door is shut.
"""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import views as django_views
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from appliance.accounts.forms import LogInForm
from appliance.accounts.models import Person
from appliance.accounts.services import subject_of
from appliance.accounts.session_limits import start_clock
from appliance.audit.actions import Action
from appliance.audit.context import acting_as, actor_of
from appliance.audit.record import Subject, record, record_apart


class LogIn(django_views.LoginView):
    template_name = "accounts/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            start_clock(self.request)
            person: Any = self.request.user
            with acting_as(actor_of(self.request)):
                record(Action.LOGGED_IN, subject=subject_of(person))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        _record_failure(self.request)
        return super().form_invalid(form)


class LogOut(django_views.LogoutView):
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Any = request.user
        with transaction.atomic():
            if person.is_authenticated:
                record(Action.LOGGED_OUT, subject=subject_of(person))
            return super().post(request, *args, **kwargs)


def locked_out(request: HttpRequest, _response: HttpResponse | None, _credentials: Any) -> HttpResponse:
    """What axes shows instead of the log-in page: the same for people who exist and for names that do not."""
    wait = get_cool_off(request)
    minutes = int(wait.total_seconds() // 60) if wait else 0
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


def _record_failure(request: HttpRequest) -> None:
    shut = getattr(request, "axes_locked_out", False)
    subject = _who_was_meant(request.POST.get("username", ""))
    record_apart(Action.LOCKED_OUT if shut else Action.LOGIN_FAILED, subject=subject)


def _who_was_meant(untrusted_username: str) -> Subject:
    """A name that nobody has is left out: people type passwords into the wrong box, and the log is for ever."""
    person = Person.objects.filter(username=untrusted_username.replace("\x00", "")).first()
    return Subject("person", person.username[:64], person.version) if person else Subject("person", "(unknown)")
