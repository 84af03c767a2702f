"""The dossier of a document, where a value comes from, replays; and what a model made, for administrators too."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, may, requires
from appliance.audit.dossier import services
from appliance.audit.dossier.lineage import origin_of
from appliance.audit.dossier.made_by_model import made_by
from appliance.audit.dossier.models import Replay
from appliance.audit.dossier.proof import proof_states
from appliance.audit.dossier.queries import dossier_of, is_proven
from appliance.audit.dossier.replays import ReplayRunning
from appliance.audit.dossier.replays import ask_replay as ask
from appliance.audit.evidence import NoEvidence, picture_of
from appliance.compliance.queries import is_deleted
from appliance.documents.models import Document, Extraction, FieldValue
from appliance.documents.viewing import note_viewed
from appliance.retraining.serving.queries import steps_of
from appliance.review.models import Decision

_RUN = "extraction__document", "extraction__type_version__document_type"


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def dossier(request: HttpRequest, document_id: UUID) -> HttpResponse:
    if is_deleted(document_id):
        return redirect("compliance:document", document_id)
    document = get_object_or_404(Document.objects.select_related("document_type", "uploaded_by"), pk=document_id)
    services.note_dossier_viewed(document=document)
    found = dossier_of(document)
    proofs = proof_states(entry.event for entry in found.entries)
    context = {"dossier": found, "document": document, "proofs": proofs, "is_proven": is_proven(found.runs)}
    return render(request, "dossier/dossier.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def value(request: HttpRequest, pk: int) -> HttpResponse:
    """Where does this value come from?"""
    found = get_object_or_404(FieldValue.objects.select_related(*_RUN), pk=pk)
    services.note_origin_viewed(value=found)
    return render(request, "dossier/value.html", {"origin": origin_of(found)})


@require_safe
@requires(Permission.VIEW_LOG)
def crop_of_value(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(FieldValue.objects.select_related("extraction__document"), pk=pk)
    return _crop(found.extraction.document, found.regions)


@require_safe
@requires(Permission.VIEW_LOG)
def crop_of_decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Decision.objects.select_related("document"), pk=pk)
    return _crop(found.document, found.regions)


def _crop(document: Document, regions: list[list[float]]) -> HttpResponse:
    note_viewed(document=document)
    try:
        picture = picture_of(document, regions)
    except NoEvidence as error:
        raise Http404(f"There is no place on a page to show: {error}.") from error
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


@never_cache
@require_safe
@requires(Permission.VIEW_LINEAGE)
def model(request: HttpRequest, digest: str) -> HttpResponse:
    """What did this model make? Names of documents are for those who may read them."""
    before = request.GET.get("before", "")
    is_place = before.isascii() and before.isdigit() and len(before) < 19
    made = made_by(digest, before=int(before) if is_place else 0)
    if not made.is_known:
        raise Http404("No model of this digest is in the store, and none made anything on this box.")
    services.note_model_viewed(digest=digest)
    context = {"made": made, "may_read": may(request.user, Permission.VIEW_LOG), "steps": steps_of(digest)}
    return render(request, "dossier/model.html", context)


@require_POST
@requires(Permission.VIEW_LOG)
def ask_replay(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Extraction, pk=pk)
    try:
        found = ask(extraction_id=run.pk, by=request.user)  # type: ignore[arg-type]  # the guard lets people in only
    except ReplayRunning as error:
        messages.warning(request, f"{error.sentence} {error.next_step}")
        return redirect("dossier:dossier", run.document_id)
    return redirect("dossier:replay", found.pk)


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Replay.objects.select_related("asked_by", "job", *_RUN), pk=pk)
    if request.htmx and found.is_live:  # type: ignore[attr-defined]  # set by django-htmx
        return render(request, "dossier/_replay_result.html", {"replay": found})
    services.note_replay_viewed(document=found.extraction.document, replay_id=found.pk)
    template = "dossier/_replay_result.html" if request.htmx else "dossier/replay.html"  # type: ignore[attr-defined]
    return render(request, template, {"replay": found, "run": found.extraction})
