"""What an officer takes away: the whole log, a signed choice of it, one entry with its proof, verifier and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit import queries, services
from appliance.audit.filters import LogFilterForm, RangeForm
from appliance.audit.log.folder import NothingSigned, log_files, verifier_source
from appliance.audit.log.key_history import first_key
from appliance.audit.log.proving import NotInTree, proof_of
from appliance.audit.log.readme import proof_readme
from appliance.audit.log.selection import RangeNotThere, Wanted, selection_files
from appliance.audit.log.signing_requests import NotSigned
from appliance.audit.models import AuditEvent
from appliance.audit.zip_stream import zip_stream

UNTIL_SIGNED = 4
"""Files of a selection up to its signature: until then it can fail, so nothing is sent before."""


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def folder(request: HttpRequest) -> HttpResponseBase:
    """The log folder of docs/audit-format.md 4 as one ZIP, sent while it is made."""
    try:
        files = log_files()
    except NothingSigned as nothing:
        return _back(request, nothing.sentence)
    services.note_log_exported(what="the whole log folder")
    return _zip(files, name="strongroom-log")  # the name in the commands


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def selection(request: HttpRequest) -> HttpResponseBase:
    """What the filter of the log page shows, signed, with a proof for each entry."""
    form = LogFilterForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such export. Go back to the log, set the filter and export again.")
    document_ids = queries.documents_named(form.chosen.document)
    until_id = services.begin_export(chosen=form.chosen, document_ids=document_ids, file_format="signed selection")
    events = queries.stream(queries.matching(form.chosen, document_ids=document_ids, until_id=until_id).defer("record"))
    wanted = Wanted(first=0, last=max(queries.signed_size() - 1, 0), words=form.chosen.words)
    return _selection(request, events, wanted)


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def complete_range(request: HttpRequest) -> HttpResponseBase:
    """Every entry from one number to another, signed: that none is missing can be proven, too."""
    form = RangeForm(request.GET)
    if not form.is_valid():
        return _back(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    words = f"every entry from {first} to {last}"
    services.note_log_exported(what=f"signed selection: {words}")
    events = queries.stream(queries.between(first, last).defer("record"))
    return _selection(request, events, Wanted(first=first, last=last, words=words, is_complete=True))


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One record, its proof and a word on how to check it."""
    event = get_object_or_404(AuditEvent, pk=pk)
    try:
        found = proof_of(event)
    except NotInTree as problem:
        messages.error(request, problem.sentence)
        return redirect("audit:event", pk)
    services.note_log_exported(what=f"entry no. {found.index} with its proof", event=event)
    name = f"entry-{found.index}"
    files = [
        (f"{name}.json", found.record),
        (f"{name}.tlog-proof", found.text.encode()),
        ("README.txt", proof_readme(name).encode()),
    ]
    return _zip(files, name=name)


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def verifier(request: HttpRequest) -> HttpResponse:
    services.note_log_read(what="the verifier, as a file")
    return _file(verifier_source(), name="strongroom_verify.py", media_type="text/x-python; charset=utf-8")


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def key(request: HttpRequest) -> HttpResponse:
    services.note_log_read(what="the log's public key, as a file")
    line = first_key().line
    return _file(f"{line}\n".encode(), name="log-key.txt", media_type="text/plain; charset=utf-8")


def _selection(request: HttpRequest, events: Iterator[AuditEvent], wanted: Wanted) -> HttpResponseBase:
    files = selection_files(events, wanted)
    try:
        signed = list(islice(files, UNTIL_SIGNED))
    except (NothingSigned, RangeNotThere) as problem:
        return _back(request, problem.sentence)
    except NotSigned as problem:
        return _back(request, str(problem))
    return _zip(chain(signed, files), name=f"strongroom-selection-{_now()}")


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("audit:log")


def _now() -> str:
    return f"{timezone.localtime():%Y-%m-%d-%H%M%S}"


def _zip(files: Iterable[tuple[str, bytes]], *, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return StreamingHttpResponse(zip_stream(files), content_type="application/zip", headers=headers)


def _file(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
