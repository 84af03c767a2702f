"""The gallery of errors, and schedules."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit.evidence import NoEvidence
from appliance.compliance.answering import page_number, person_of
from appliance.document_types.models import DocumentType
from appliance.retraining.models import MeasuredValue, Schedule, TrainingRun
from appliance.retraining.runs import schedules
from appliance.retraining.runs.errors import ScheduleChanged
from appliance.retraining.runs.forms import ScheduleForm
from appliance.retraining.runs.gallery import crop_of, gallery_of, note_errors_viewed


@never_cache
@require_safe
@requires(Permission.VIEW_ERRORS)
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """What a measured model of the run got wrong; each look is recorded, as it shows pieces of documents."""
    run = get_object_or_404(TrainingRun.objects.select_related("snapshot__type_version__document_type"), pk=pk)
    model = request.GET.get("model", "")
    measured_id = int(model) if model.isascii() and model.isdigit() and len(model) < 19 else None
    gallery = gallery_of(run, measured_id=measured_id, field=request.GET.get("field", ""), page=page_number(request))
    if gallery is not None:
        note_errors_viewed(gallery)
    return render(request, "retraining/runs/errors.html", {"run": run, "gallery": gallery})


@require_safe
@requires(Permission.VIEW_ERRORS)
def crop(request: HttpRequest, pk: int) -> HttpResponse:
    value = get_object_or_404(MeasuredValue.objects.select_related("entry"), pk=pk, is_right=False)
    try:
        picture = crop_of(value)
    except NoEvidence as error:
        raise Http404(f"There is no place on a page to show: {error}.") from error
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/png", headers=headers)


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAIN_MODELS)
def schedule(request: HttpRequest, name: str) -> HttpResponse:
    document_type = get_object_or_404(DocumentType, name=name)
    found = Schedule.objects.filter(document_type=document_type).select_related("changed_by").first()
    shown = found or Schedule(document_type=document_type, is_on=False, weekdays=[6])
    form = ScheduleForm(request.POST or None, schedule=shown)
    if request.method == "POST" and form.is_valid():
        try:
            schedules.change_schedule(by=person_of(request), document_type=document_type, wanted=form.wanted)
        except ScheduleChanged as error:
            form.add_error(None, f"{error.sentence} {error.next_step}")
        else:
            messages.success(request, "The schedule is saved.")
            return redirect("retraining:runs:list")
    context = {
        "form": form,
        "schedule": found,
        "document_type": document_type,
        "new": schedules.new_since_last(shown),
        "past": found.runs.all()[:5] if found else (),
    }
    return render(request, "retraining/runs/schedule.html", context, status=422 if form.errors else 200)
