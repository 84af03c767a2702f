"""Legal holds: those in force and those released, a new one, one with what it covers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance import queries
from appliance.compliance.answering import person_of, tell
from appliance.compliance.asking import ask_release
from appliance.compliance.errors import ComplianceError, NothingToHold
from appliance.compliance.forms import HoldForm, ReasonForm
from appliance.compliance.holds import place
from appliance.compliance.models import Kind, LegalHold
from appliance.compliance.viewing import note_page_viewed
from appliance.documents.models import Document

SHOWN_AT_MOST = 100


@never_cache
@require_safe
@requires(Permission.MANAGE_HOLDS)
def holds(request: HttpRequest) -> HttpResponse:
    note_page_viewed(page="legal holds")
    return render(request, "compliance/holds.html", {"holds": queries.holds()})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_HOLDS)
def hold_new(request: HttpRequest) -> HttpResponse:
    """Takes effect at once. `?document=<id>` in the address names the first document of a list."""
    form = HoldForm(request.POST or None, initial={"documents": request.GET.get("document", "")[:40]})
    if request.method == "POST" and form.is_valid():
        try:
            placed = place(
                by=person_of(request),
                name=form.cleaned_data["name"],
                reason=form.cleaned_data["reason"],
                cover=form.cover,
            )
        except NothingToHold as error:
            form.add_error("documents", f"{error.sentence} {error.next_step}")
        else:
            messages.success(request, f"The hold “{placed.name}” is in force.")
            return redirect("compliance:hold", placed.pk)
    return render(request, "compliance/hold_new.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_HOLDS)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST asks for the release, which a second person approves."""
    found = get_object_or_404(LegalHold.objects.select_related("placed_by", "document_type", "release"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_release(by=person_of(request), hold_id=pk, reason=form.cleaned_data["reason"])
            messages.success(request, "The request is made. A second compliance officer decides about it.")
        except ComplianceError as error:
            tell(request, error)
        return redirect("compliance:hold", pk)
    note_page_viewed(page="legal hold", about=f"hold {pk}")
    ids = list(found.held.order_by("pk").values_list("document_id", flat=True)[:SHOWN_AT_MOST])
    context = {
        "hold": found,
        "form": form,
        "count": found.held.count(),
        "documents": Document.objects.select_related("document_type").filter(pk__in=ids).order_by("uploaded_at"),
        "request_waiting": queries.request_on(Kind.RELEASE_HOLD, str(pk)),
        "is_last_decider": queries.is_last_decider(person_of(request)),
    }
    return render(request, "compliance/hold.html", context)
