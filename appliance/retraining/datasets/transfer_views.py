"""Labels as files: bringing some in, looked through before they count; handing a snapshot out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import person_of
from appliance.retraining.datasets.errors import DatasetError
from appliance.retraining.datasets.forms import LabelFileForm
from appliance.retraining.datasets.transfer.exporting import FORMATS, export_labels
from appliance.retraining.datasets.transfer.importing import drop, rehearsal_of, stage, take
from appliance.retraining.datasets.views import tell, version_in_use
from appliance.retraining.models import Snapshot

BAD_LINES_SHOWN = 100


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAIN_MODELS)
def import_labels(request: HttpRequest, type_name: str) -> HttpResponse:
    """A GET shows what the file that waits would bring, a POST brings another file."""
    version = version_in_use(type_name)
    form = LabelFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            stage(by=person_of(request), version=version, untrusted_name=file.name, untrusted_content=file.read())
            return redirect("retraining:datasets:import", type_name)
        except DatasetError as error:
            form.add_error("file", f"{error.sentence} {error.next_step}")
    rehearsal = rehearsal_of(version)
    context = {
        "form": form,
        "version": version,
        "type_name": type_name,
        "rehearsal": rehearsal,
        "bad": rehearsal.bad[:BAD_LINES_SHOWN] if rehearsal else (),
    }
    return render(request, "retraining/datasets/import.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.TRAIN_MODELS)
def import_take(request: HttpRequest, type_name: str) -> HttpResponse:
    try:
        count = take(by=person_of(request), version=version_in_use(type_name))
    except DatasetError as error:
        tell(request, error)
        return redirect("retraining:datasets:import", type_name)
    messages.success(request, f"{count} labelled documents are taken. The next snapshot holds them.")
    return redirect("retraining:datasets:type", type_name)


@require_POST
@requires(Permission.TRAIN_MODELS)
def import_drop(request: HttpRequest, type_name: str) -> HttpResponse:
    drop(version=version_in_use(type_name))
    messages.info(request, "The file is thrown away. Nothing of it was stored.")
    return redirect("retraining:datasets:type", type_name)


@require_safe
@requires(Permission.EXPORT_DOCUMENTS)
def export(request: HttpRequest, type_name: str, digest: str) -> HttpResponse:
    """`?as=messages`: as chat messages, else our own format. Both hold the texts of the documents."""
    found = get_object_or_404(Snapshot, digest=digest, type_version__document_type__name=type_name)
    file_format = request.GET.get("as", "labels")
    if file_format not in FORMATS:
        raise Http404("There is no such format of label files.")
    try:
        file = export_labels(snapshot=found, file_format=file_format)
    except DatasetError as error:
        tell(request, error)
        return redirect("retraining:datasets:conflicts")
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(file.content, content_type="application/jsonl; charset=utf-8", headers=headers)
