"""The pages of the editor: build a draft, look at what it becomes, publish it or throw it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from appliance.accounts.models import Person
from appliance.accounts.roles import Permission, requires
from appliance.document_types import queries, services
from appliance.document_types.diff import changes, unified_diff
from appliance.document_types.editor.moves import move
from appliance.document_types.editor.page import EditorPage, page_of
from appliance.document_types.editor.state import EditorState, state_from_post, state_of
from appliance.document_types.errors import DocumentTypeError, TypeNameTaken
from appliance.document_types.models import DocumentType
from appliance.document_types.schema_files import json_schema_text
from extraction.errors import SchemaTooCostly
from extraction.prompt import field_lines
from extraction.schema import DocumentTypeSpec

FINISHING = ("save", "publish")


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_DOCUMENT_TYPES)
def new(request: HttpRequest) -> HttpResponse:
    """A new type, blank or as a copy of another (?copy=invoice)."""
    if request.method == "POST":
        return _posted(request, None)
    return _draw(request, page_of(_starting_point(request.GET.get("copy", "")), show_problems=False), None)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_DOCUMENT_TYPES)
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """The draft, or the version in use to make a draft from."""
    document_type = get_object_or_404(DocumentType, name=name)
    if request.method == "POST":
        return _posted(request, document_type)
    source = queries.draft_of(document_type) or queries.latest_published(document_type)
    state = state_of(source.spec) if source else EditorState(name=name)
    return _draw(request, page_of(state, show_problems=False), document_type)


@require_POST
@requires(Permission.EDIT_DOCUMENT_TYPES)
def preview(request: HttpRequest) -> HttpResponse:
    """What the form as it stands would become. Nothing is kept."""
    page = page_of(state_from_post(request.POST), show_problems=True)
    return render(request, "document_types/_preview.html", {"page": page, **_preview(page)})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_DOCUMENT_TYPES)
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """What publishing would change, and the button that does it."""
    document_type = get_object_or_404(DocumentType, name=name)
    draft, in_use = queries.draft_of(document_type), queries.latest_published(document_type)
    if draft is None:
        messages.error(request, "There is no draft to publish. Edit the type first.")
        return redirect("document_types:detail", name=name)
    if request.method == "POST":
        return _published(request, document_type)
    context = {
        "document_type": document_type,
        "draft": draft,
        "in_use": in_use,
        "changes": changes(in_use.spec, draft.spec) if in_use else [],
        "lines": unified_diff(in_use.spec, draft.spec) if in_use else [],
    }
    return render(request, "document_types/publish.html", context)


@require_POST
@requires(Permission.EDIT_DOCUMENT_TYPES)
def discard(request: HttpRequest, name: str) -> HttpResponse:
    document_type = get_object_or_404(DocumentType, name=name)
    try:
        services.discard_draft(document_type=_as_seen(request, document_type))
    except DocumentTypeError as error:
        messages.error(request, f"{error.sentence} {error.next_step}")
    else:
        messages.success(request, f"The draft of {name} is gone.")
    return redirect("document_types:detail", name=name)


def _starting_point(copied: str) -> EditorState:
    document_type = DocumentType.objects.filter(name=copied).first()
    source = queries.latest_published(document_type) if document_type else None
    if source is None:
        return EditorState()
    spec = source.spec
    return state_of(spec.model_copy(update={"name": f"{spec.name[:59]}_copy", "label": f"{spec.title[:112]} (copy)"}))


def _posted(request: HttpRequest, document_type: DocumentType | None) -> HttpResponse:
    """One step of the edit: a move is drawn again; saving ends it when there are no problems."""
    state, action = state_from_post(request.POST), request.POST.get("action", "check")
    if action not in (*FINISHING, "check"):
        moved = move(state, action)
        page = page_of(moved.state, show_problems=False, focus=moved.focus, said=moved.said)
        return _draw(request, page, document_type)
    page = page_of(state, show_problems=True)
    if action in FINISHING and page.checked.spec is not None:
        return _saved(request, document_type, page.checked.spec, then=action)
    return _draw(request, page, document_type)


def _saved(
    request: HttpRequest, document_type: DocumentType | None, spec: DocumentTypeSpec, *, then: str
) -> HttpResponse:
    try:
        if document_type is None:
            services.create_type(spec=spec, by=_me(request))
        else:
            services.save_draft(document_type=_as_seen(request, document_type), spec=spec, by=_me(request))
    except TypeNameTaken as error:
        return _refused(request, document_type, "name", error)
    except DocumentTypeError as error:
        return _refused(request, document_type, "label", error)
    if then == "publish":
        return redirect("document_types:publish", name=spec.name)
    messages.success(request, "The draft is saved. Documents keep the version in use until you publish.")
    return redirect("document_types:edit", name=spec.name)


def _refused(
    request: HttpRequest, document_type: DocumentType | None, control: str, error: DocumentTypeError
) -> HttpResponse:
    """The form stays as typed, so that nothing of the work is lost."""
    page = page_of(state_from_post(request.POST), show_problems=True, focus=control)
    refusal = f"{error.sentence} {error.next_step}"
    return _draw(request, page, document_type, refusal=refusal)


def _published(request: HttpRequest, document_type: DocumentType) -> HttpResponse:
    try:
        version = services.publish(document_type=_as_seen(request, document_type), by=_me(request))
    except (DocumentTypeError, SchemaTooCostly) as error:
        messages.error(request, f"{error.sentence} {error.next_step}")
        return redirect("document_types:publish", name=document_type.name)
    messages.success(request, f"Version {version.number} of {document_type.name} is published and in use.")
    return redirect("document_types:detail", name=document_type.name)


def _draw(
    request: HttpRequest, page: EditorPage, document_type: DocumentType | None, *, refusal: str = ""
) -> HttpResponse:
    template = "document_types/_editor_answer.html" if getattr(request, "htmx", False) else "document_types/editor.html"
    context = {
        "page": page,
        "document_type": document_type,
        "draft": queries.draft_of(document_type) if document_type else None,
        "version": request.POST.get("version") or (document_type.version if document_type else 0),
        "refusal": refusal,
        **_preview(page),
    }
    return render(request, template, context)


def _preview(page: EditorPage) -> dict[str, str]:
    spec = page.checked.spec
    if spec is None:
        return {}
    return {"json_schema": json_schema_text(spec), "prompt_lines": "\n".join(field_lines(spec.fields))}


def _as_seen(request: HttpRequest, document_type: DocumentType) -> DocumentType:
    """The type as the admin's page knew it; the service refuses when it changed since."""
    seen = request.POST.get("version", "")
    document_type.version = int(seen) if seen.isdecimal() else 0
    return document_type


def _me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 -- the guard of every view here
    return request.user
