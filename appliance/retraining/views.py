"""Pages about models: what is in force, what each model is, whether its weights are sound, asking for another one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, may, requires
from appliance.compliance.answering import person_of, tell
from appliance.compliance.errors import ComplianceError
from appliance.compliance.forms import ReasonForm
from appliance.compliance.models import Kind
from appliance.compliance.promotion import ask_promotion
from appliance.compliance.queries import is_last_decider, promotion_under_way, request_on
from appliance.retraining import queries
from appliance.retraining.advice import next_steps
from appliance.retraining.models import Snapshot
from appliance.retraining.registry import queries as registry
from appliance.retraining.registry.forms import MeasureForm, NameForm, QuantizeForm
from appliance.retraining.serving import queries as serving
from models_store.store import StoreError


@require_safe
@requires(Permission.VIEW_MODELS)
def models(request: HttpRequest) -> HttpResponse:
    found = queries.store()
    context = {
        "store": found,
        "next_steps": next_steps(found),
        "disk": registry.disk(),
        "work": registry.work_shown(),
        "now": serving.now(),
        "now_by_type": serving.now_by_type(),
        "may_go_back": may(request.user, Permission.ROLL_BACK_MODELS),
        "may_manage": may(request.user, Permission.MANAGE_MODELS),
    }
    return render(request, "retraining/models.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_MODELS)
def model(request: HttpRequest, digest: str) -> HttpResponse:
    """The card in full; a POST reads the weights again and shows the verdict. Nothing changes by it."""
    context = _context(request, digest, ReasonForm())
    verdict = queries.check_integrity(digest) if request.method == "POST" else None
    return render(request, "retraining/model.html", {**context, "verdict": verdict})


@require_POST
@requires(Permission.ASK_PROMOTION)
def ask_to_promote(request: HttpRequest, digest: str) -> HttpResponse:
    """Ask for this model in place of the one in force; a compliance officer decides."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "retraining/model.html", _context(request, digest, form))
    try:
        ask_promotion(by=person_of(request), digest=digest, reason=form.cleaned_data["reason"])
        messages.success(request, "The request is made. A compliance officer decides about it.")
    except ComplianceError as error:
        tell(request, error)
    return redirect("retraining:model", digest)


def _context(request: HttpRequest, digest: str, form: ReasonForm) -> dict[str, Any]:
    """Raises Http404 for a model that the store does not hold."""
    try:
        page = queries.model_page(digest)
    except StoreError as error:
        raise Http404(str(error)) from error
    return {
        "page": page,
        "card": page.row.card,
        "form": form,
        "request_waiting": request_on(Kind.PROMOTE_MODEL, digest),
        "coming": promotion_under_way(digest),
        "is_last_decider": is_last_decider(person_of(request)),
        "evidence": serving.evidence_against_the_one_in_force(digest),
        "may_manage": may(request.user, Permission.MANAGE_MODELS),
        "may_train": may(request.user, Permission.TRAIN_MODELS),
        "may_see_errors": may(request.user, Permission.VIEW_ERRORS),
        "jobs": registry.work_on(digest),
        "snapshots": Snapshot.objects.exists(),
        "forms": {"name": NameForm(), "quantize": QuantizeForm(), "measure": MeasureForm()},
    }
