"""The officer's first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit.overview import queries
from appliance.audit.overview.exceptions import PERIODS
from appliance.audit.services import note_log_read


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def overview(request: HttpRequest) -> HttpResponse:
    wanted = [period for period in PERIODS if request.GET.get("days") == str(period)]
    found = queries.overview(period=wanted[0] if wanted else PERIODS[0])
    note_log_read(what="overview")  # afterwards, or each view would show itself as an entry that waits
    return render(request, "audit/overview/page.html", {"overview": found})
