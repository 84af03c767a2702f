"""Whether one document stays: its holds, its rule, the request for its deletion; or the tombstone that is left."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.roles import Permission, may, requires
from appliance.compliance import queries
from appliance.compliance.answering import page_number, person_of, tell
from appliance.compliance.asking import ask_deletion
from appliance.compliance.errors import ComplianceError
from appliance.compliance.forms import ReasonForm
from appliance.compliance.viewing import note_keeping_viewed, note_page_viewed
from appliance.retraining.datasets.queries import withdrawal_of


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_DOCUMENTS)
def keeping(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A POST asks for the deletion, which every role may that sees documents."""
    person = person_of(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_deletion(by=person, document_ids=[document_id], reason=form.cleaned_data["reason"])
            messages.success(request, "The request is made. A compliance officer decides about it.")
        except ComplianceError as error:
            tell(request, error)
        return redirect("compliance:document", document_id)
    found = queries.keeping_of(document_id)
    if found is None:
        raise Http404("There never was a document with this id. Look for it in the list of documents.")
    note_keeping_viewed(document_id=document_id)
    context = {
        "keeping": found,
        "document_id": document_id,
        "form": form,
        "withdrawal": withdrawal_of(found.document.sha256) if found.document else None,
        "may_withdraw": may(person, Permission.WITHDRAW_DOCUMENTS),
        "may_hold": may(person, Permission.MANAGE_HOLDS),
        "may_decide": may(person, Permission.DECIDE_APPROVALS),
        "may_view_log": may(person, Permission.VIEW_LOG),
        "is_mine": found.request is not None and found.request.asked_by_id == person.pk,
        "is_last_decider": queries.is_last_decider(person),
    }
    return render(request, "compliance/document.html", context)


@never_cache
@require_safe
@requires(Permission.DECIDE_APPROVALS)
def deleted(request: HttpRequest) -> HttpResponse:
    note_page_viewed(page="deleted documents")
    return render(request, "compliance/deleted.html", {"page": queries.tombstones_page(page_number(request))})
