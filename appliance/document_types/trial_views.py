"""Try a version of a type on a sample document and see what comes out. Nothing of it is stored."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.document_types import services, trial
from appliance.document_types.errors import TrialBusy
from appliance.document_types.forms import TryForm
from appliance.document_types.models import DocumentTypeVersion
from extraction.errors import SchemaTooCostly
from extraction.grammar_check import refuse_untried

SESSION_KEY = "document_type_trial"


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_DOCUMENT_TYPES)
def try_out(request: HttpRequest, name: str, number: int) -> HttpResponse:
    version = get_object_or_404(
        DocumentTypeVersion.objects.select_related("document_type"), document_type__name=name, number=number
    )
    form = TryForm(request.POST or None, request.FILES or None, type_name=name, max_bytes=settings.MAX_UPLOAD_BYTES)
    if request.method == "POST" and form.is_valid():
        untrusted_name, untrusted_content = form.chosen
        try:
            refuse_untried(version.spec, version.grammar_digest)
            token = trial.start(version.spec, untrusted_name, untrusted_content)
        except (TrialBusy, SchemaTooCostly) as error:
            form.add_error(None, f"{error.sentence} {error.next_step}")
        else:
            services.record_tried(version=version, document_digest=hashlib.sha256(untrusted_content).hexdigest())
            # Only the browser that began may look: an answer holds what stands in the document.
            request.session[SESSION_KEY] = token
            return redirect("document_types:trial", name=name, number=number)
    context = {"form": form, "version": version, "document_type": version.document_type}
    return render(request, "document_types/try.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def answer(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Progress, then the answer; htmx asks again every second while it runs."""
    version = get_object_or_404(
        DocumentTypeVersion.objects.select_related("document_type"), document_type__name=name, number=number
    )
    found = trial.look(request.session.get(SESSION_KEY, ""))
    running = isinstance(found, trial.Running)
    if request.htmx and running:  # type: ignore[attr-defined]
        return render(request, "document_types/_trial_running.html", {"running": found, "version": version})
    context = {
        "version": version,
        "document_type": version.document_type,
        "running": found if running else None,
        "answer": None if running else found,
    }
    template = "document_types/_trial_answer.html" if request.htmx else "document_types/trial.html"  # type: ignore[attr-defined]
    return render(request, template, context)
