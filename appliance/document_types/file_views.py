"""Document types as files: download one, bring one in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, requires
from appliance.document_types import services
from appliance.document_types.errors import DocumentTypeError
from appliance.document_types.forms import ImportForm
from appliance.document_types.models import DocumentTypeVersion
from appliance.document_types.schema_files import json_schema_text, read_type_file, type_file
from extraction.errors import SchemaError

_LONGEST_DETAIL = 300


@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def export(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The version as a file: our own JSON, or JSON Schema with ?as=json-schema."""
    version = get_object_or_404(DocumentTypeVersion, document_type__name=name, number=number)
    as_schema = request.GET.get("as") == "json-schema"
    content = json_schema_text(version.spec).encode() if as_schema else type_file(version.spec)
    services.record_exported(version=version)
    file_name = f"{name}-v{number}{'.schema' if as_schema else ''}.json"
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_DOCUMENT_TYPES)
def import_file(request: HttpRequest) -> HttpResponse:
    """A file becomes a draft; publishing it stays a step of its own."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            spec = read_type_file(form.cleaned_data["file"].read())
            assert isinstance(request.user, Person)  # noqa: S101 -- the guard of this view
            document_type = services.import_type(spec=spec, by=request.user)
        except (DocumentTypeError, SchemaError) as error:
            form.add_error("file", _in_words(error))
        else:
            messages.success(request, "The file is now a draft. Look through it, then publish.")
            return redirect("document_types:edit", name=document_type.name)
    return render(request, "document_types/import.html", {"form": form}, status=422 if form.errors else 200)


def _in_words(error: DocumentTypeError | SchemaError) -> str:
    """With the detail: it speaks of the admin's own file, never of a document."""
    where = f" ({error.detail[:_LONGEST_DETAIL]})" if error.detail and not isinstance(error, DocumentTypeError) else ""
    step = "Mend it there and choose the file again." if isinstance(error, SchemaError) else error.next_step
    return f"{error.sentence}{where} {step}"
