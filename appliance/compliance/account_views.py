"""Who may do what, and which accounts nobody uses."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, Role, may, requires
from appliance.compliance import rights as tables
from appliance.compliance.accounts_at_rest import accounts_at_rest
from appliance.compliance.viewing import note_page_viewed, note_rights_exported


@never_cache
@require_safe
@requires(Permission.VIEW_RIGHTS)
def rights(request: HttpRequest) -> HttpResponse:
    note_page_viewed(page="rights")
    context = {"roles": list(Role), "matrix": tables.matrix(), "holders": tables.holders()}
    return render(request, "compliance/rights.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_RIGHTS)
def rights_csv(_request: HttpRequest) -> HttpResponse:
    note_rights_exported()
    name = f"strongroom-rights-{timezone.localtime():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(tables.as_csv(), content_type="text/csv; charset=utf-8", headers=headers)


@never_cache
@require_safe
@requires(Permission.VIEW_RIGHTS)
def accounts(request: HttpRequest) -> HttpResponse:
    note_page_viewed(page="accounts")
    context = {
        "at_rest": accounts_at_rest(),
        "days": settings.DORMANT_DAYS,
        "may_manage": may(request.user, Permission.MANAGE_PEOPLE),
    }
    return render(request, "compliance/accounts.html", context)
