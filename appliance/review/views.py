"""The review screen, and what it sends: each answer is JSON with what stands now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from pydantic import ValidationError

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, may, requires
from appliance.compliance.queries import is_deleted
from appliance.documents import services as document_services
from appliance.documents.models import Document
from appliance.documents.states import IllegalTransition
from appliance.documents.viewing import note_viewed
from appliance.review import claims, decisions, finishing
from appliance.review.forms import DecisionForm, FinishForm, why_not_valid
from appliance.review.queries import load_review, queue_of
from appliance.review.replies import page_context, refusal, state, status_of
from extraction.errors import StrongroomError, error_codes


@never_cache
@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def document(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """The screen. Who may review takes the document by opening it; everybody's look is recorded."""
    if is_deleted(document_id):
        return redirect("compliance:document", document_id)
    found = get_object_or_404(Document, pk=document_id)
    if may(request.user, Permission.REVIEW_DOCUMENTS):
        found = claims.claim(document_id=document_id, by=_me(request))
    note_viewed(document=found)
    review = load_review(found)
    if review is None:
        return render(request, "review/waiting.html", {"document": found, "error": error_codes().get(found.error_code)})
    return render(request, "review/document.html", page_context(review, _me(request)))


@never_cache
@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def decide(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    def act() -> dict[str, Any]:
        form = DecisionForm.model_validate_json(request.body)
        review = decisions.decide(document_id=document_id, by=_me(request), version=form.version, act=form.act())
        return state(review, _me(request))

    return _answered(document_id, act)


@never_cache
@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def finish(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    def act() -> dict[str, Any]:
        form = FinishForm.model_validate_json(request.body)
        done = finishing.finish(document_id=document_id, by=_me(request), version=form.version)
        messages.success(request, f"Review of {done.untrusted_name} finished at {timezone.localtime():%H:%M:%S}.")
        return {"next": reverse("review:next")}

    return _answered(document_id, act)


@never_cache
@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def renew(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Hold on to the document; sent while its person is busy with it."""
    return _answered(document_id, lambda: {"version": claims.renew(document_id=document_id, by=_me(request)).version})


@never_cache
@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def release(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    claims.release(document_id=document_id, by=_me(request))
    return redirect("documents:inbox")


@never_cache
@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def reopen(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    try:
        document_services.reopen(document_id=document_id, by=_me(request))
    except (StrongroomError, IllegalTransition):
        messages.error(request, "This document could not be opened again: it is not finished, or somebody holds it.")
    return redirect("review:document", document_id)


@never_cache
@require_safe
@requires(Permission.REVIEW_DOCUMENTS)
def next_document(request: HttpRequest) -> HttpResponse:
    """The oldest document that waits and that nobody else holds."""
    waiting = queue_of(_me(request)).first()
    if waiting is None:
        messages.info(request, "Nothing waits for a review just now.")
        return redirect("documents:inbox")
    return redirect("review:document", waiting.pk)


def _answered(document_id: uuid.UUID, act: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What the act gives, or why it is refused, as JSON."""
    try:
        return JsonResponse(act())
    except ValidationError as error:
        sentence = f"The request does not fit: {why_not_valid(error)}."
        return JsonResponse(
            {"code": "bad_request", "sentence": sentence, "next_step": "Load the page again."}, status=400
        )
    except Document.DoesNotExist as error:
        raise Http404 from error
    except StrongroomError as error:
        return JsonResponse(refusal(document_id, error), status=status_of(error))


def _me(request: HttpRequest) -> Person:
    """The logged-in person; the guard of each view saw to it."""
    return cast(Person, request.user)
