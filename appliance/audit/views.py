"""The officer's pages: the log, one entry, a document's timeline, the place of a value on its page, the export."""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit import queries, services
from appliance.audit import timeline as timelines
from appliance.audit.evidence import NoEvidence, picture_of
from appliance.audit.export import FORMATS
from appliance.audit.filters import DOCUMENTS_AT_MOST, LogFilterForm, RangeForm
from appliance.audit.models import AuditEvent
from appliance.compliance.queries import is_deleted
from appliance.documents.models import Document, FieldValue
from appliance.review.models import Decision


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def log(request: HttpRequest) -> HttpResponse:
    form = LogFilterForm(request.GET)
    context = {
        "form": form,
        "range_form": RangeForm(),
        "people": queries.names_of_people(),
        "documents_at_most": DOCUMENTS_AT_MOST,
    }
    if form.is_valid():
        chosen = form.chosen
        document_ids = queries.documents_named(chosen.document)
        before, entry = _number(request, "before") or None, form.cleaned_data["entry"]
        page = queries.log_page(chosen, document_ids=document_ids, before=before, entry=entry)
        services.note_log_viewed(chosen=chosen)
        too_many = len(document_ids) > DOCUMENTS_AT_MOST
        context |= {"page": page, "chosen": chosen, "too_many": too_many, "is_first": before is None and entry is None}
    return render(request, "audit/log.html", context)


@require_safe
@requires(Permission.EXPORT_LOG)
def export_log(request: HttpRequest, file_format: str) -> HttpResponse | StreamingHttpResponse:
    form = LogFilterForm(request.GET)
    if file_format not in FORMATS or not form.is_valid():
        raise Http404("There is no such export. Go back to the log, set the filter and export again.")
    write, media_type = FORMATS[file_format]
    document_ids = queries.documents_named(form.chosen.document)
    until_id = services.begin_export(chosen=form.chosen, document_ids=document_ids, file_format=file_format)
    events = queries.matching(form.chosen, document_ids=document_ids, until_id=until_id)
    name = f"strongroom-log-{timezone.localtime():%Y-%m-%d-%H%M%S}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(write(queries.stream(events)), content_type=media_type, headers=headers)


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    detail = queries.event_detail(get_object_or_404(AuditEvent, pk=pk))
    services.note_event_viewed(event=detail.event)
    return render(request, "audit/event.html", {"detail": detail})


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def timeline(request: HttpRequest, document_id: UUID) -> HttpResponse:
    if is_deleted(document_id):
        return redirect("compliance:document", document_id)
    document = get_object_or_404(Document.objects.select_related("document_type", "uploaded_by"), pk=document_id)
    accesses = request.GET.get("show") == "all"
    page = timelines.timeline_page(document, accesses=accesses, after=_number(request, "after"))
    services.note_timeline_viewed(document=document)
    context = {"document": document, "page": page, "accesses": accesses, "runs": timelines.runs_of(document)}
    return render(request, "audit/timeline.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def evidence_of_decision(request: HttpRequest, pk: int) -> HttpResponse:
    return _evidence(request, get_object_or_404(Decision.objects.select_related("document"), pk=pk))


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def evidence_of_value(request: HttpRequest, pk: int) -> HttpResponse:
    value = get_object_or_404(FieldValue.objects.select_related("extraction__document"), pk=pk)
    return _evidence(request, value)


def _evidence(request: HttpRequest, value: Decision | FieldValue) -> HttpResponse:
    document = value.document if isinstance(value, Decision) else value.extraction.document
    try:
        picture = picture_of(document, value.regions)
    except NoEvidence as error:
        raise Http404(f"There is no place on a page to show: {error}.") from error
    services.note_evidence_viewed(document=document, path=value.path)
    # Inside the page: an address of its own would be a second access, and a bare picture breaks our CSP.
    context = {"document": document, "value": value, "picture": base64.b64encode(picture).decode("ascii")}
    return render(request, "audit/evidence.html", context)


def _number(request: HttpRequest, name: str) -> int:
    """A place in the log from the URL; anything else counts as the beginning."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
