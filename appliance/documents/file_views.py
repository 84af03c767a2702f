"""Bytes for the browser: page images that we have drawn ourselves, and the original only as a download."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.documents import blobs
from appliance.documents.models import Document, Page
from appliance.documents.viewing import note_original_downloaded, note_viewed

SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/plain": "txt",
    "text/html": "html",
    "message/rfc822": "eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def page_image(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    page = get_object_or_404(Page.objects.select_related("document"), document=document_id, number=number)
    note_viewed(document=page.document)
    return _png(request, page.image_sha256, page.document)


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def thumbnail(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Too small to be read, so it is no visit."""
    document = get_object_or_404(Document, pk=document_id)
    if not document.thumbnail_sha256:
        raise Http404("This document has no picture yet.")
    return _png(request, document.thumbnail_sha256, document)


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def original(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The file as it came, under a name of ours, never to be opened inside the browser."""
    document = get_object_or_404(Document, pk=document_id)
    content = blobs.get(document.sha256, document_id=document.pk)
    note_original_downloaded(document=document)
    name = f"document-{str(document.pk)[:8]}.{SUFFIXES.get(document.media_type, 'bin')}"
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _png(request: HttpRequest, sha256: str, document: Document) -> HttpResponse:
    """The browser may keep it but asks each time whether it may still show it; the answer is short."""
    tag = f'"{sha256}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(blobs.get(sha256, document_id=document.pk), content_type="image/png", headers=headers)
