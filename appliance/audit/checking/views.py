"""The verify button and its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appliance.accounts.roles import Permission, requires
from appliance.audit.checking import queries, services
from appliance.audit.checking.doorbell import ring
from appliance.audit.checking.errors import CheckBusy
from appliance.audit.services import note_log_read
from appliance.audit.verifier_commands import verifier_commands


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.CHECK_LOG)
def check(request: HttpRequest) -> HttpResponse:
    """GET: the page; htmx asks for its answer alone while a check runs. POST: begin one."""
    if request.method == "POST":
        _begin(request)
        return redirect("audit:verify")
    found = queries.checks()
    context = {"current": found.current, "newest": found.newest, "past": found.past}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "audit/checking/_answer.html", context)
    note_log_read(what="checks of the log")
    return render(request, "audit/checking/page.html", context | {"commands": verifier_commands()})


def _begin(request: HttpRequest) -> None:
    try:
        asked = services.ask_for_check(by=request.user.get_username())
    except CheckBusy as error:
        messages.warning(request, f"{error.sentence} {error.next_step}")
    else:
        ring(asked.pk)
