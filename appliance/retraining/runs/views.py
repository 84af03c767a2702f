"""Pages of training: what ran, the guided way to a new run, and one run while it works and afterwards."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import person_of
from appliance.compliance.models import Kind
from appliance.compliance.queries import promotion_under_way, request_on
from appliance.document_types.models import DocumentType
from appliance.retraining.models import Snapshot, TrainingRun
from appliance.retraining.runs import bases, queries, services
from appliance.retraining.runs.estimates import estimate_of
from appliance.retraining.runs.forms import RunForm
from appliance.retraining.runs.options import ADAPTER
from appliance.retraining.runs.snapshots import fresh_snapshot
from extraction.errors import StrongroomError


@require_safe
@requires(Permission.TRAIN_MODELS)
def runs(request: HttpRequest) -> HttpResponse:
    return render(request, "retraining/runs/list.html", {"runs": queries.runs(), "types": queries.type_rows()})


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAIN_MODELS)
def new(request: HttpRequest) -> HttpResponse:
    """First step: what to learn from. A POST makes a new snapshot of a type and leads on."""
    if request.method == "POST":
        document_type = get_object_or_404(DocumentType, name=request.POST.get("type", ""))
        try:
            snapshot = fresh_snapshot(by=person_of(request), document_type=document_type)
            return redirect("retraining:runs:settings", snapshot.pk)
        except StrongroomError as error:
            messages.error(request, f"{error.sentence} {error.next_step}")
        return redirect("retraining:runs:new")
    return render(request, "retraining/runs/new.html", {"types": queries.type_rows()})


@require_http_methods(["GET", "POST"])
@requires(Permission.TRAIN_MODELS)
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Second step: how. A POST asks for the run."""
    snapshot = _snapshot(pk)
    form = RunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.ask_run(by=person_of(request), wanted=form.wanted(snapshot))
        except StrongroomError as error:
            form.add_error(None, f"{error.sentence} {error.next_step}")
        else:
            return redirect("retraining:runs:run", run.pk)
    context = {
        "form": form,
        "row": queries.snapshot_row(snapshot),
        "document_type": snapshot.type_version.document_type,
    }
    return render(request, "retraining/runs/settings.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@requires(Permission.TRAIN_MODELS)
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the settings chosen so far would take; a part of the settings page."""
    snapshot, form = _snapshot(pk), RunForm(request.GET)
    found = None
    if form.is_valid():
        wanted = form.wanted(snapshot)
        found = estimate_of(snapshot, bases.trainable(wanted.base_digest), wanted.options)
    return render(
        request, "retraining/runs/_estimate.html", {"estimate": found, "words": queries.minutes_in_words(found)}
    )


@never_cache
@require_safe
@requires(Permission.TRAIN_MODELS)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run; htmx asks again every two seconds while it works, and for the whole page when its state changes."""
    page = queries.run_page(get_object_or_404(_runs(), pk=pk))
    chosen = page.chosen.model_digest if page.chosen else ""
    context = {
        "page": page,
        "run": page.run,
        "request_waiting": request_on(Kind.PROMOTE_MODEL, chosen) if chosen else None,
        "coming": promotion_under_way(chosen) if chosen else None,
        "in_force": bases.in_force(page.run.snapshot.type_version.document_type.name),
        "chosen_is_adapter": page.chosen is not None and page.chosen.quantization == ADAPTER,
    }
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return render(request, "retraining/runs/run.html", context)
    answer = render(request, "retraining/runs/_live.html", context)
    if request.GET.get("mark") != page.mark:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@requires(Permission.TRAIN_MODELS)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.stop_run, "The run stops in a moment. Nothing that it has learnt is lost.")


@require_POST
@requires(Permission.TRAIN_MODELS)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.resume_run, "The run goes on from where it stood.")


@require_POST
@requires(Permission.TRAIN_MODELS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.discard_run, "The files of this run are removed. What it measured stays.")


def _done(request: HttpRequest, pk: int, act: Callable[..., TrainingRun], words: str) -> HttpResponse:
    """One act of this person on a run, and back to its page."""
    get_object_or_404(TrainingRun, pk=pk)
    try:
        act(by=person_of(request), run_id=pk)
        messages.success(request, words)
    except StrongroomError as error:
        messages.error(request, f"{error.sentence} {error.next_step}")
    return redirect("retraining:runs:run", pk)


def _snapshot(pk: int) -> Snapshot:
    return get_object_or_404(Snapshot.objects.select_related("type_version__document_type"), pk=pk)


def _runs() -> QuerySet[TrainingRun]:
    return TrainingRun.objects.select_related(
        "snapshot__type_version__document_type", "asked_by", "schedule__document_type"
    )
