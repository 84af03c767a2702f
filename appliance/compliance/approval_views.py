"""The queue of what waits for a second person, one request with its consequences, and what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance import deciding, queries
from appliance.compliance.answering import page_number, person_of, tell
from appliance.compliance.consequences import consequences_of, days_left, documents_of, title_of
from appliance.compliance.errors import ComplianceError
from appliance.compliance.forms import DecisionForm
from appliance.compliance.models import Approval
from appliance.compliance.viewing import note_page_viewed


@never_cache
@require_safe
@requires(Permission.DECIDE_APPROVALS)
def approvals(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    note_page_viewed(page="approvals")
    context = {"rows": queries.waiting_rows(person), "is_last_decider": queries.is_last_decider(person)}
    return render(request, "compliance/approvals.html", context)


@never_cache
@require_safe
@requires(Permission.DECIDE_APPROVALS)
def decided(request: HttpRequest) -> HttpResponse:
    page = queries.decided_page(page_number(request))
    note_page_viewed(page="decided approvals")
    rows = [(approval, title_of(approval)) for approval in page]
    return render(request, "compliance/decided.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE_APPROVALS)
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One request. A POST decides it; the second click of the same person gets the same answer."""
    found = get_object_or_404(Approval.objects.select_related("asked_by", "decided_by"), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, pk, form)
    if request.method == "GET":
        note_page_viewed(page="approval", about=f"approval {pk}")
    context = {
        "approval": found,
        "form": form,
        "consequences": consequences_of(found),
        "documents": documents_of(found),
        "count": found.documents.count(),
        "days_left": days_left(found, now=timezone.now()),
        "is_overdue": found.expires_at <= timezone.now(),
        "may_decide": queries.may_decide(found, person_of(request)),
        "is_mine": found.asked_by_id == person_of(request).pk,
        "is_last_decider": queries.is_last_decider(person_of(request)),
    }
    return render(request, "compliance/approval.html", context)


@never_cache
@require_POST
@requires(Permission.ASK_DELETION)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Approval, pk=pk, asked_by=person_of(request))  # another's is as if it were not there
    try:
        deciding.withdraw(approval_id=found.pk, by=person_of(request))
        messages.success(request, "The request is withdrawn. Nothing was done.")
    except ComplianceError as error:
        tell(request, error)
    first = found.documents.first()
    return redirect("compliance:document", first.document_id) if first else redirect("home")


def _decide(request: HttpRequest, pk: int, form: DecisionForm) -> HttpResponse:
    act, said = {
        "approve": (deciding.approve, "Approved and carried out."),
        "refuse": (deciding.refuse, "Refused. Nothing was done."),
    }[form.cleaned_data["decision"]]
    try:
        act(approval_id=pk, by=person_of(request), words=form.cleaned_data["words"])
    except ComplianceError as error:
        tell(request, error)
        return redirect("compliance:approval", pk)
    messages.success(request, said)
    return redirect("compliance:approval", pk)
