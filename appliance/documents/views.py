"""The clerk's home: the list of documents, its live part, and files coming in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, may, requires
from appliance.audit.record import LogUnavailable
from appliance.document_types.queries import published_types
from appliance.documents import queries
from appliance.documents.admission import stopped_by
from appliance.documents.errors import (
    DatabaseAway,
    DocumentError,
    NothingSent,
    NotRecorded,
    QueueFull,
    StorageFailed,
    StorageFull,
    TooManyUploads,
    TypeUnknown,
)
from appliance.documents.export_formats import FORMATS
from appliance.documents.forms import SHOWN, InboxFilterForm, UploadForm
from appliance.documents.models import Document
from appliance.documents.receiving import check_complete
from appliance.documents.uploads import Origin, upload
from extraction.errors import FileTooLarge, ReadingError, StrongroomError

NOT_ACCEPTABLE = HTTPStatus.UNPROCESSABLE_ENTITY
ANSWERS: dict[type[StrongroomError], HTTPStatus] = {
    FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyUploads: HTTPStatus.TOO_MANY_REQUESTS,
    StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StorageFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    DatabaseAway: HTTPStatus.SERVICE_UNAVAILABLE,
    NotRecorded: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""How a refusal is told to a program; every other one is about the file itself."""


@never_cache
@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "documents/inbox.html", _context(request))


@never_cache
@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def rows(request: HttpRequest) -> HttpResponse:
    """The tiles and the table alone; asked for again and again while something is being read."""
    return render(request, "documents/_list.html", _context(request))


@require_POST
@requires(Permission.UPLOAD_DOCUMENTS)
def upload_files(request: HttpRequest) -> HttpResponse:
    """One file a request from the page's script, answered in JSON; many from a browser without it."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return _upload_one(request)
    files: list[UploadedFile | None] = list(request.FILES.getlist("file"))
    for file in files or [None]:
        name = f"{file.name}: " if file else ""
        try:
            document = _take_in(request, file)
            messages.success(request, f"{name}{_said_of(document)}")
        except (ReadingError, DocumentError) as error:
            messages.error(request, f"{name}{error.sentence} {error.next_step}")
    return redirect("documents:inbox")


def _upload_one(request: HttpRequest) -> JsonResponse:
    try:
        document = _take_in(request, request.FILES.get("file"))
    except (ReadingError, DocumentError) as error:
        told = {"code": error.code, "sentence": error.sentence, "next_step": error.next_step}
        return JsonResponse(told, status=ANSWERS.get(type(error), NOT_ACCEPTABLE))
    twin = document.duplicate_of
    answer = {
        "id": str(document.pk),
        "state": document.state,
        "sentence": _said_of(document),
        "twin": {"name": twin.untrusted_name, "url": _place_of(twin)} if twin else None,
    }
    return JsonResponse(answer, status=HTTPStatus.CREATED)


def _take_in(request: HttpRequest, file: UploadedFile | None) -> Document:
    """Raises a ReadingError or a DocumentError."""
    form = UploadForm(request.POST)
    if file is None:
        check_complete(request)
        raise NothingSent
    if not form.is_valid():
        raise TypeUnknown
    if file.size is not None and file.size > settings.MAX_UPLOAD_BYTES:
        raise FileTooLarge
    origin = Origin(by=request.user, document_type=form.cleaned_data["type"])  # type: ignore[arg-type]
    try:
        return upload(untrusted_name=file.name or "", content=file.read(), origin=origin)
    except LogUnavailable as error:
        raise NotRecorded(str(error)) from error


def _said_of(document: Document) -> str:
    twin = document.duplicate_of
    if twin is None:
        return "Uploaded; it is read next."
    return (
        f"The same file came on {twin.uploaded_at:%Y-%m-%d} from {twin.uploaded_by.display_name}; it is not read twice."
    )


def _place_of(document: Document) -> str:
    """Where the list shows this document."""
    return f"{reverse('documents:inbox')}?{urlencode({'text': str(document.pk)})}"


def _context(request: HttpRequest) -> dict[str, Any]:
    form = InboxFilterForm(request.GET)
    chosen, types = form.chosen, published_types()
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    person = request.user
    return {
        "inbox": queries.inbox(person=person, chosen=chosen, number=number, types=types),  # type: ignore[arg-type]
        "chosen": chosen,
        "number": number,
        "types": types,
        "shown": SHOWN,
        "formats": tuple(FORMATS),
        "stopped_by": stopped_by(),
        "may_upload": may(person, Permission.UPLOAD_DOCUMENTS),
        "may_review": may(person, Permission.REVIEW_DOCUMENTS),
        "may_export": may(person, Permission.EXPORT_DOCUMENTS),
        "largest_mebibytes": settings.MAX_UPLOAD_BYTES // (1024 * 1024),
    }
