"""What the views of the registry share: who asks, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from appliance.retraining.registry.errors import RegistryError
from appliance.retraining.registry.models import ModelJob
from extraction.errors import StrongroomError


def tell(request: HttpRequest, error: StrongroomError) -> None:
    """Why nothing was done, and what to do next, on the page that comes."""
    told = error.told if isinstance(error, RegistryError) else f"{error.sentence} {error.next_step}"
    messages.error(request, told)


def asked(request: HttpRequest, ask: Callable[[], ModelJob], *, else_to: tuple[str, ...]) -> HttpResponse:
    """Asks for work and shows it; a refusal is told on the page named by `else_to`: a route and its arguments."""
    try:
        job = ask()
    except StrongroomError as error:
        tell(request, error)
        return redirect(*else_to)
    return redirect("retraining:registry:job", job.pk)


def tell_errors(request: HttpRequest, form: BaseForm) -> None:
    """A form that stands on a page among others: its errors are told at the top of that page."""
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        label = f"{field.label}: " if field is not None and field.label else ""
        messages.error(request, f"{label}{' '.join(str(error) for error in errors)}")
