"""Pages of the registry: bring models in, compare two, and what may be done to one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import person_of
from appliance.retraining.registry import comparing, queries, services
from appliance.retraining.registry import media as on_medium
from appliance.retraining.registry.answering import asked, tell, tell_errors
from appliance.retraining.registry.errors import MediumAway
from appliance.retraining.registry.exporting import begin_export, file_name, public_text, signing_key
from appliance.retraining.registry.forms import (
    MeasureForm,
    NameForm,
    QuantizeForm,
    RemoveForm,
    RenameForm,
    SourceForm,
    UploadForm,
)
from appliance.retraining.registry.protection import reasons_to_keep
from extraction.errors import StrongroomError

MEDIA = ("retraining:registry:media",)


@require_safe
@requires(Permission.MANAGE_MODELS)
def media(request: HttpRequest) -> HttpResponse:
    """What lies on the medium, each with its last check."""
    context = {
        "folder": on_medium.media_folder(),
        "form": UploadForm(),
        "training": queries.training_now(),
        "own_key": public_text(signing_key().public_key()),
    }
    try:
        checks = queries.checks_of_media()
        rows = [(item, checks.get(item.untrusted_name)) for item in on_medium.items()]
    except MediumAway:
        return render(request, "retraining/registry/media.html", {**context, "is_away": True})
    return render(request, "retraining/registry/media.html", {**context, "rows": rows})


@require_POST
@requires(Permission.MANAGE_MODELS)
def check(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST)
    if not form.is_valid():
        return redirect(*MEDIA)
    return asked(request, lambda: services.ask_check(by=person_of(request), **form.cleaned_data), else_to=MEDIA)


@require_POST
@requires(Permission.MANAGE_MODELS)
def upload(request: HttpRequest) -> HttpResponse:
    """A small bundle through the browser: kept apart, and checked like one on a medium."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*MEDIA)
    untrusted_file = form.cleaned_data["bundle"]
    place = on_medium.keep_upload(untrusted_file.chunks())
    return asked(
        request,
        lambda: services.ask_check(by=person_of(request), source=str(untrusted_file.name), upload=place),
        else_to=MEDIA,
    )


@require_safe
@requires(Permission.VIEW_MODELS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two models side by side; without a choice, the one in force and the newest candidate."""
    chosen = (request.GET.get("a", ""), request.GET.get("b", ""))
    return render(request, "retraining/registry/compare.html", {"page": comparing.comparison(*chosen)})


@require_POST
@requires(Permission.MANAGE_MODELS)
def name(request: HttpRequest, digest: str) -> HttpResponse:
    """One more name for the same bytes."""
    form, card = NameForm(request.POST), ("retraining:model", digest)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*card)
    wanted = form.cleaned_data["name"]
    return asked(request, lambda: services.ask_copy(by=person_of(request), digest=digest, name=wanted), else_to=card)


@require_POST
@requires(Permission.MANAGE_MODELS)
def rename(request: HttpRequest, digest: str) -> HttpResponse:
    form, card = RenameForm(request.POST), ("retraining:model", digest)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*card)
    names = form.cleaned_data
    return asked(
        request,
        lambda: services.ask_rename(by=person_of(request), digest=digest, old=names["old"], new=names["new"]),
        else_to=card,
    )


@require_POST
@requires(Permission.MANAGE_MODELS)
def quantize(request: HttpRequest, digest: str) -> HttpResponse:
    form, card = QuantizeForm(request.POST), ("retraining:model", digest)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*card)
    return asked(
        request, lambda: services.ask_quantize(by=person_of(request), digest=digest, **form.cleaned_data), else_to=card
    )


@require_POST
@requires(Permission.MANAGE_MODELS)
def measure(request: HttpRequest, digest: str) -> HttpResponse:
    form, card = MeasureForm(request.POST), ("retraining:model", digest)
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*card)
    return asked(
        request, lambda: services.ask_evaluate(by=person_of(request), digest=digest, **form.cleaned_data), else_to=card
    )


@require_POST
@requires(Permission.MANAGE_MODELS)
def export(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The model as a signed bundle, sent while it is read."""
    try:
        bundle = begin_export(by=person_of(request), digest=digest)
    except StrongroomError as error:
        tell(request, error)
        return redirect("retraining:models")
    disposition = f'attachment; filename="{file_name(digest)}"'
    headers = {"Content-Disposition": disposition, "Content-Length": str(bundle.size), "Cache-Control": "no-store"}
    return StreamingHttpResponse(bundle.chunks, content_type="application/octet-stream", headers=headers)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_MODELS)
def remove(request: HttpRequest, digest: str) -> HttpResponse:
    """Says what goes and what needs the model; its name must be typed."""
    try:
        card, reasons = services.card_of(digest), reasons_to_keep(digest)
    except StrongroomError as error:
        tell(request, error)
        return redirect("retraining:models")
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        page = ("retraining:registry:remove", digest)
        return asked(
            request,
            lambda: services.ask_remove(by=person_of(request), digest=digest, **form.cleaned_data),
            else_to=page,
        )
    context = {"card": card, "reasons": reasons, "form": form, "bytes": queries.bytes_of(digest)}
    return render(request, "retraining/registry/remove.html", context)
