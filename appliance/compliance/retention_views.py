"""How long documents are kept: the rules, what falls due soon, and asking for another rule."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance import queries
from appliance.compliance import retention as services
from appliance.compliance.answering import person_of, tell
from appliance.compliance.asking import ask_retention
from appliance.compliance.errors import ComplianceError
from appliance.compliance.forms import RetentionForm
from appliance.compliance.models import CountsFrom, Kind, RetentionRule
from appliance.compliance.viewing import note_page_viewed
from appliance.document_types.models import DocumentType


@never_cache
@require_safe
@requires(Permission.MANAGE_RETENTION)
def retention(request: HttpRequest) -> HttpResponse:
    note_page_viewed(page="retention")
    rows = queries.retention_rows()
    context = {"rows": rows, "any_due": any(row.outlook and row.outlook.count for row in rows)}
    return render(request, "compliance/retention.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_RETENTION)
def rule(request: HttpRequest, type_name: str) -> HttpResponse:
    """A POST asks for the rule; it takes effect when a second person has approved it."""
    document_type = get_object_or_404(DocumentType, name=type_name)
    found = RetentionRule.objects.filter(document_type=document_type).first()
    form = RetentionForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            ask_retention(
                by=person_of(request),
                document_type=document_type,
                wanted=form.wanted,
                reason=form.cleaned_data["reason"],
            )
        except ComplianceError as error:
            tell(request, error)
            return redirect("compliance:rule", type_name)
        messages.success(request, "The request is made. The rule takes effect when a second officer approves it.")
        return redirect("compliance:retention")
    note_page_viewed(page="retention rule", about=type_name)
    context = {
        "document_type": document_type,
        "rule": found,
        "words": services.in_words(found) if found else "kept",
        "form": form,
        "request_waiting": queries.request_on(Kind.CHANGE_RETENTION, type_name),
        "is_last_decider": queries.is_last_decider(person_of(request)),
    }
    return render(request, "compliance/rule.html", context)


@never_cache
@require_POST
@requires(Permission.MANAGE_RETENTION)
def keep(request: HttpRequest, type_name: str) -> HttpResponse:
    document_type = get_object_or_404(DocumentType, name=type_name)
    services.keep(by=person_of(request), document_type=document_type)
    messages.success(request, "From now on documents of this type are kept until somebody decides otherwise.")
    return redirect("compliance:retention")


def _initial(found: RetentionRule | None) -> dict[str, object]:
    if found is None or found.days is None:
        return {"counts_from": CountsFrom.ACCEPTANCE, "automatic": "ask"}
    how = "delete" if found.automatic else "ask"
    return {"days": found.days, "counts_from": found.counts_from, "automatic": how}
