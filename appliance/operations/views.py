"""The admin's health page, and the same for machines."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.operations import queries


@never_cache
@require_safe
@requires(Permission.VIEW_HEALTH)
def health(request: HttpRequest) -> HttpResponse:
    """The page asks for its own middle part every few seconds."""
    context = {
        "health": queries.health(),
        "stages": queries.stage_loads(),
        "workers": queries.workers(),
        "versions": queries.versions(),
    }
    part = "operations/_health.html" if "HX-Request" in request.headers else "operations/health.html"
    return render(request, part, context)


@never_cache
@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """For a watchdog: the condition of each check and nothing else. 503 when something is bad."""
    try:
        found = queries.health()
    except DatabaseError:
        return JsonResponse(
            {"status": queries.Condition.BAD, "checks": {"Database": queries.Condition.BAD}}, status=503
        )
    body = {"status": found.condition, "checks": {check.name: check.condition for check in found.checks}}
    return JsonResponse(body, status=503 if found.condition is queries.Condition.BAD else 200)
