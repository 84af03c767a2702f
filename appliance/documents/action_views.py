"""What a clerk does with one document or with all that are ticked. Each answers with the list and what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from appliance.accounts.roles import Permission, requires
from appliance.documents import services
from appliance.documents.errors import NotFinished, NothingChosen, TypeUnknown
from appliance.documents.export_formats import FORMATS
from appliance.documents.exporting import export
from appliance.documents.forms import ChosenForm, TypeForm
from appliance.documents.models import Document
from appliance.documents.states import IllegalTransition
from extraction.errors import StrongroomError

MOST_NAMES = 5


@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def set_type(request: HttpRequest, document_id: UUID) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    return _set_type(request, [document_id])


@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def retry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    return _retry(request, [document_id])


@require_POST
@requires(Permission.EXPORT_DOCUMENTS)
def export_one(request: HttpRequest, document_id: UUID, file_format: str) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    return _export(request, [document_id], file_format)


@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def set_type_of_chosen(request: HttpRequest) -> HttpResponse:
    return _set_type(request, _chosen(request))


@require_POST
@requires(Permission.REVIEW_DOCUMENTS)
def retry_chosen(request: HttpRequest) -> HttpResponse:
    return _retry(request, _chosen(request))


@require_POST
@requires(Permission.EXPORT_DOCUMENTS)
def export_chosen(request: HttpRequest, file_format: str) -> HttpResponse:
    return _export(request, _chosen(request), file_format)


def _set_type(request: HttpRequest, document_ids: Sequence[UUID]) -> HttpResponse:
    form = TypeForm(request.POST)
    if not form.is_valid():
        _complain(request, TypeUnknown())
        return _back(request)
    document_type = form.cleaned_data["type"]

    def act(document_id: UUID) -> None:
        services.set_type(document_id=document_id, document_type=document_type, by=request.user)  # type: ignore[arg-type]

    return _each(request, document_ids, act, done="The type is set.")


def _retry(request: HttpRequest, document_ids: Sequence[UUID]) -> HttpResponse:
    def act(document_id: UUID) -> None:
        services.retry(document_id=document_id, by=request.user)  # type: ignore[arg-type]

    return _each(request, document_ids, act, done="Taken up again.")


def _export(request: HttpRequest, document_ids: Sequence[UUID], file_format: str) -> HttpResponse:
    if file_format not in FORMATS:
        raise Http404("There is no such export.")
    try:
        file = export(document_ids=document_ids, file_format=file_format)
    except NotFinished as error:
        names = ", ".join(error.untrusted_names[:MOST_NAMES])
        more = len(error.untrusted_names) - MOST_NAMES
        _complain(request, error, about=f"Not finished: {names}{f' and {more} more' if more > 0 else ''}. ")
        return _back(request)
    except NothingChosen as error:
        _complain(request, error)
        return _back(request)
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(file.content, content_type=file.media_type, headers=headers)


def _each(
    request: HttpRequest, document_ids: Sequence[UUID], act: Callable[[UUID], None], *, done: str
) -> HttpResponse:
    """Do it to every document; what is refused for one does not hold up the others."""
    if not document_ids:
        _complain(request, NothingChosen())
    names = dict(Document.objects.filter(pk__in=document_ids).values_list("pk", "untrusted_name"))
    well = []
    for document_id in document_ids:
        try:
            act(document_id)
            well.append(names[document_id])
        except IllegalTransition:
            messages.error(request, f"{names[document_id]}: Somebody else changed it meanwhile. Look at it again.")
        except StrongroomError as error:
            _complain(request, error, about=f"{names[document_id]}: ")
    if well:
        messages.success(request, f"{well[0] if len(well) == 1 else f'{len(well)} documents'}: {done}")
    return _back(request)


def _chosen(request: HttpRequest) -> list[UUID]:
    form = ChosenForm(request.POST)
    return form.cleaned_data["documents"] if form.is_valid() else []


def _complain(request: HttpRequest, error: StrongroomError, *, about: str = "") -> None:
    messages.error(request, f"{about}{error.sentence} {error.next_step}")


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that asked, with its filters; never to another host."""
    place = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return redirect(place if is_ours else reverse("documents:inbox"))
