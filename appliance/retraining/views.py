"""Pages about models: what is in force, what each model is, whether its weights are sound."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.retraining import queries
from models_store.store import StoreError


@require_safe
@requires(Permission.VIEW_MODELS)
def models(request: HttpRequest) -> HttpResponse:
    return render(request, "retraining/models.html", {"store": queries.store()})


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_MODELS)
def model(request: HttpRequest, digest: str) -> HttpResponse:
    """The card in full; a POST reads the weights again and shows the verdict. Nothing changes by it."""
    try:
        page = queries.model_page(digest)
    except StoreError as error:
        raise Http404(str(error)) from error
    verdict = queries.check_integrity(digest) if request.method == "POST" else None
    return render(request, "retraining/model.html", {"page": page, "card": page.row.card, "verdict": verdict})
