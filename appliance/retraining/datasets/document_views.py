"""Pages about single documents: answers that differ, for clerks; taking a document out of training, for officers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit.evidence import NoEvidence, picture_of
from appliance.compliance.answering import person_of
from appliance.compliance.forms import ReasonForm
from appliance.documents.models import Document
from appliance.documents.viewing import note_viewed
from appliance.retraining.datasets.conflict_queries import waiting_for
from appliance.retraining.datasets.deciding import decide_conflict
from appliance.retraining.datasets.errors import DatasetError
from appliance.retraining.datasets.viewing import note_data_viewed
from appliance.retraining.datasets.views import tell
from appliance.retraining.datasets.withdrawals import withdraw
from appliance.retraining.models import ConflictAnswer, Snapshot


@never_cache
@require_safe
@requires(Permission.DECIDE_CONFLICTS)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Shows answers, so it counts as a look at their documents."""
    note_data_viewed(about="answers that differ")
    waiting = waiting_for(person_of(request))
    for document in {answer.document for row in waiting.rows for answer in row.answers}:
        note_viewed(document=document)
    snapshots = Snapshot.objects.select_related("type_version__document_type")[:20]
    return render(request, "retraining/datasets/conflicts.html", {"waiting": waiting, "snapshots": snapshots})


@require_POST
@requires(Permission.DECIDE_CONFLICTS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`answer`: the id of the right one; empty where none is."""
    answer = request.POST.get("answer", "")
    try:
        chosen = int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 19 else None
        decide_conflict(conflict_id=pk, by=person_of(request), answer_id=chosen)
        messages.success(request, "Thank you. Training goes by your decision from now on.")
    except DatasetError as error:
        tell(request, error)
    return redirect("retraining:datasets:conflicts")


@require_safe
@requires(Permission.DECIDE_CONFLICTS)
def crop(request: HttpRequest, pk: int) -> HttpResponse:
    """The piece of the page that an answer stands on."""
    found = get_object_or_404(ConflictAnswer.objects.select_related("document"), pk=pk)
    note_viewed(document=found.document)
    try:
        picture = picture_of(found.document, found.regions)
    except NoEvidence as error:
        raise Http404(f"There is no place on a page to show: {error}.") from error
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


@require_POST
@requires(Permission.WITHDRAW_DOCUMENTS)
def withdraw_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(Document, pk=document_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say in a sentence why the document must not train. Nothing was done.")
        return redirect("compliance:document", document.pk)
    try:
        withdraw(by=person_of(request), document_id=document.pk, reason=form.cleaned_data["reason"])
        messages.success(request, "The document trains no more; models that it taught are due to be retrained.")
    except DatasetError as error:
        tell(request, error)
    return redirect("compliance:document", document.pk)
