"""Pages that show document types: the list, one version, two versions compared; and taking a type out of use."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.document_types import queries, services
from appliance.document_types.diff import changes, unified_diff
from appliance.document_types.errors import DocumentTypeError
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.document_types.schema_files import json_schema_text
from appliance.document_types.words import DATE_ORDERS, kind_in_words, rule_in_words
from extraction.prompt import field_lines
from extraction.schema import DocumentTypeSpec, FieldSpec


@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def types(request: HttpRequest) -> HttpResponse:
    rows = queries.type_rows()
    shown = rows if request.GET.get("archived") else [row for row in rows if not row.document_type.archived]
    context = {"rows": shown, "archived": len(rows) - sum(not row.document_type.archived for row in rows)}
    return render(request, "document_types/list.html", context)


@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def detail(request: HttpRequest, name: str) -> HttpResponse:
    """The version in use; the draft where nothing was published yet."""
    document_type = get_object_or_404(DocumentType, name=name)
    shown = queries.latest_published(document_type) or queries.draft_of(document_type)
    return _version_page(request, document_type, shown)


@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    document_type = get_object_or_404(DocumentType, name=name)
    return _version_page(request, document_type, get_object_or_404(document_type.versions, number=number))


@require_safe
@requires(Permission.EDIT_DOCUMENT_TYPES)
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """?old=1&new=3; without numbers, the two newest."""
    document_type = get_object_or_404(DocumentType, name=name)
    all_versions = list(document_type.versions.order_by("-number"))
    old, new = _chosen(all_versions, request.GET.get("old", ""), request.GET.get("new", ""))
    context = {
        "document_type": document_type,
        "versions": all_versions,
        "old": old,
        "new": new,
        "changes": changes(old.spec, new.spec),
        "lines": unified_diff(old.spec, new.spec),
    }
    return render(request, "document_types/compare.html", context)


@require_POST
@requires(Permission.EDIT_DOCUMENT_TYPES)
def archive(request: HttpRequest, name: str) -> HttpResponse:
    """Out of use, or back into it with `archived=` empty."""
    document_type = get_object_or_404(DocumentType, name=name)
    act = services.archive if request.POST.get("archived") else services.unarchive
    try:
        act(document_type=document_type)
    except DocumentTypeError as error:
        messages.error(request, f"{error.sentence} {error.next_step}")
    else:
        words = "is archived: new documents cannot get it." if request.POST.get("archived") else "is in use again."
        messages.success(request, f"{name} {words}")
    return redirect("document_types:detail", name=name)


def _version_page(request: HttpRequest, document_type: DocumentType, shown: DocumentTypeVersion | None) -> HttpResponse:
    draft = queries.draft_of(document_type)
    published = queries.versions(document_type)
    context = {
        "document_type": document_type,
        "shown": shown,
        "draft": draft,
        "published": published,
        "in_use": published[0] if published else None,
        "use": queries.use_of(document_type, shown),
        **(_spec_context(shown.spec) if shown else {}),
    }
    return render(request, "document_types/detail.html", context)


def _spec_context(spec: DocumentTypeSpec) -> dict[str, object]:
    return {
        "spec": spec,
        "fields": _flat(spec.fields, 0),
        "rules": [rule_in_words(rule, spec) for rule in spec.rules],
        "date_order": DATE_ORDERS[spec.date_order],
        "json_schema": json_schema_text(spec),
        "prompt_lines": "\n".join(field_lines(spec.fields)),
    }


def _flat(fields: tuple[FieldSpec, ...], depth: int) -> list[tuple[int, FieldSpec, str]]:
    """(depth, field, kind in words) in the order of the page."""
    rows: list[tuple[int, FieldSpec, str]] = []
    for field in fields:
        rows += [(depth, field, kind_in_words(field)), *_flat(field.fields, depth + 1)]
    return rows


def _chosen(
    newest_first: list[DocumentTypeVersion], old: str, new: str
) -> tuple[DocumentTypeVersion, DocumentTypeVersion]:
    if len(newest_first) < 2:
        raise Http404("There is nothing to compare yet.")
    by_number = {str(v.number): v for v in newest_first}
    newer = by_number.get(new, newest_first[0])
    older = by_number.get(old) or next((v for v in newest_first if v.number < newer.number), newest_first[-1])
    return older, newer
