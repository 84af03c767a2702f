"""The dossier as a file to take away."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit.dossier.pdf.contents import dossier_pdf as draw
from appliance.audit.dossier.queries import dossier_of
from appliance.audit.dossier.services import note_dossier_exported
from appliance.documents.models import Document


@require_safe
@requires(Permission.EXPORT_LOG)
def dossier_pdf(request: HttpRequest, document_id: UUID) -> HttpResponse:
    document = get_object_or_404(Document.objects.select_related("document_type", "uploaded_by"), pk=document_id)
    content = draw(dossier_of(document), made_by=request.user.get_username())
    note_dossier_exported(document=document, pdf_sha256=hashlib.sha256(content).hexdigest())
    name = f"dossier-{str(document.pk)[:8]}-{timezone.localtime():%Y-%m-%d-%H%M%S}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
