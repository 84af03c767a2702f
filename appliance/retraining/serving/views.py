"""Pages about models at work: going back at once, and trying a candidate out on live documents."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import page_number, person_of, tell
from appliance.compliance.errors import ComplianceError
from appliance.compliance.forms import ReasonForm
from appliance.document_types.models import DocumentType
from appliance.retraining.models import ShadowRun
from appliance.retraining.serving import queries, services
from appliance.retraining.serving.forms import TryOutForm
from appliance.retraining.serving.shadow_figures import differing_page, figures_of
from models_store.store import ALL_TYPES


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.ROLL_BACK_MODELS)
def roll_back(request: HttpRequest, document_type: str = ALL_TYPES) -> HttpResponse:
    """What going back would do, for one type or for all; a POST does it."""
    if document_type:
        get_object_or_404(DocumentType, name=document_type)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            made = services.roll_back(by=person_of(request), reason=reason, document_type=document_type)
            told = f"{queries.named(made.digest).name} is put back in force. The next document goes to it."
            messages.success(request, f"{document_type}: {told}" if document_type else told)
        except ComplianceError as error:
            tell(request, error)
        return redirect("retraining:models")
    return render(request, "retraining/serving/roll_back.html", {"now": queries.now(document_type), "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_MODELS)
def try_outs(request: HttpRequest, digest: str) -> HttpResponse:
    """The try-outs of one model; a POST begins another one."""
    card = queries.card_of(digest)
    if card is None:
        raise Http404
    form = TryOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.begin_shadow(by=person_of(request), digest=digest, documents=form.cleaned_data["documents"])
            messages.success(request, "The try-out has begun. Documents that come in from now on are compared.")
            return redirect("retraining:serving:try_out", run.pk)
        except ComplianceError as error:
            tell(request, error)
            return redirect("retraining:serving:try_outs", digest)
    runs = list(queries.shadows_of(digest))
    live = next((run for run in runs if run.ended_at is None), None)
    context = {"card": card, "runs": runs, "live": live, "form": form, "now": queries.now(card.document_type)}
    return render(request, "retraining/serving/try_outs.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_MODELS)
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Agreement, time, and which fields differ on which document: no text of any document."""
    run = get_object_or_404(ShadowRun.objects.select_related("begun_by"), pk=pk)
    context = {
        "run": run,
        "model": queries.named(run.model_digest),
        "figures": figures_of(run),
        "differing": differing_page(run, page_number(request)),
    }
    part = "retraining/serving/_figures.html" if "HX-Request" in request.headers else "retraining/serving/try_out.html"
    return render(request, part, context)


@never_cache
@require_POST
@requires(Permission.MANAGE_MODELS)
def end_try_out(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ShadowRun, pk=pk)
    try:
        services.end_shadow(shadow_id=run.pk)
        messages.success(request, "The try-out has ended. Its figures stay.")
    except ComplianceError as error:
        tell(request, error)
    return redirect("retraining:serving:try_out", run.pk)
