"""Pages about work on the store: how far it is, what came of it, stopping it, bringing in what was checked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import person_of
from appliance.retraining.registry import queries, services
from appliance.retraining.registry.answering import asked, tell, tell_errors
from appliance.retraining.registry.errors import JobEnded
from appliance.retraining.registry.forms import BringInForm
from appliance.retraining.registry.models import JobKind, ModelJob
from appliance.retraining.rows import family_name


@require_safe
@requires(Permission.VIEW_MODELS)
def work(request: HttpRequest) -> HttpResponse:
    """The list on the page of the models, drawn again."""
    return render(request, "retraining/registry/_work.html", {"work": queries.work_shown()})


@require_safe
@requires(Permission.VIEW_MODELS)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    found = _job(pk)
    name = "_job" if request.headers.get("X-Background") and found.is_live else "job"
    checked = found.result.get("found", {})
    context = {
        "job": found,
        "is_live": found.is_live,
        "training": queries.training_now(),
        "form": _form(found),
        "family": family_name(checked.get("family")),
        "files": checked.get("files") or checked.get("members", []),
    }
    answer = render(request, f"retraining/registry/{name}.html", context)
    if request.headers.get("X-Background") and not found.is_live:
        answer["HX-Refresh"] = "true"  # its end looks different enough for a whole page
    return answer


@require_POST
@requires(Permission.MANAGE_MODELS)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    _job(pk)
    try:
        services.stop(by=person_of(request), job_id=pk)
    except JobEnded as error:
        tell(request, error)
    return redirect("retraining:registry:job", pk)


@require_POST
@requires(Permission.MANAGE_MODELS)
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Import exactly what was checked."""
    check, form, page = _job(pk), BringInForm(request.POST), ("retraining:registry:job", str(pk))
    if not form.is_valid():
        tell_errors(request, form)
        return redirect(*page)
    name = form.cleaned_data["name"]
    return asked(request, lambda: services.ask_import(by=person_of(request), check=check, name=name), else_to=page)


def _form(found: ModelJob) -> BringInForm | None:
    is_fit = found.kind == JobKind.CHECK and found.result.get("is_fit")
    return BringInForm(initial={"name": found.subject.rpartition(".")[0] or found.subject}) if is_fit else None


def _job(pk: int) -> ModelJob:
    found = queries.job_or_none(pk)
    if found is None:
        raise Http404("There is no such work on a model.")
    return found
