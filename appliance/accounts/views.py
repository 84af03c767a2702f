"""Pages about people: logging in and out, one's own password, and the admin's list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts import queries, services
from appliance.accounts.errors import NameTaken, PeopleError
from appliance.accounts.forms import NewPersonForm, OwnPasswordForm, PersonForm
from appliance.accounts.logging_in import LogIn, LogOut
from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, Role, requires

HOMES = {Role.CLERK: "documents:inbox", Role.OFFICER: "audit:overview", Role.ADMIN: "operations:health"}

log_in = LogIn.as_view()
log_out = LogOut.as_view()


@require_safe
@requires(Permission.USE_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    return redirect(HOMES[Role(_me(request).role)])


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = OwnPasswordForm(_me(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = services.change_own_password(person=_me(request), password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, changed)
        messages.success(request, "Your password is changed. You stay logged in here and are logged out elsewhere.")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form, "forced": _me(request).must_change_password})


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/people.html", {"rows": queries.people()})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person_new(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = services.create_person(**form.cleaned_data)
        except NameTaken as error:
            form.add_error("username", f"{error.sentence} {error.next_step}")
        else:
            return _show_password_once(request, new)
    return render(request, "accounts/person_new.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one person. The hidden `version` says which state of the person the admin saw."""
    subject = get_object_or_404(Person, pk=pk)
    form = PersonForm(request.POST or None, instance=subject, initial={"version": subject.version})
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_person(by=_me(request), person=_as_seen(subject, form), wanted=_wanted(form))
        except PeopleError as error:
            messages.error(request, f"{error.sentence} {error.next_step}")
            return redirect("accounts:person", pk=pk)
        messages.success(request, f"{changed.display_name} is saved.")
        return redirect("accounts:people")
    context = {"form": form, "person": subject, "is_me": subject.pk == _me(request).pk}
    return render(request, "accounts/person.html", context)


@never_cache
@require_POST
@requires(Permission.MANAGE_PEOPLE)
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        new = services.reset_password(by=_me(request), person=get_object_or_404(Person, pk=pk))
    except PeopleError as error:
        messages.error(request, f"{error.sentence} {error.next_step}")
        return redirect("accounts:person", pk=pk)
    return _show_password_once(request, new)


def _show_password_once(request: HttpRequest, new: services.NewPerson) -> HttpResponse:
    # No redirect: that would need the password to be stored somewhere in between.
    return render(request, "accounts/one_time_password.html", {"person": new.person, "password": new.password})


def _wanted(form: PersonForm) -> services.Profile:
    return services.Profile(**{name: form.cleaned_data[name] for name in form.Meta.fields})


def _as_seen(subject: Person, form: PersonForm) -> Person:
    return Person(pk=subject.pk, username=subject.username, version=form.cleaned_data["version"])


def _me(request: HttpRequest) -> Person:
    person: Any = request.user
    return person
