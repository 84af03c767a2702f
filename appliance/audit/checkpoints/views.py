"""Checkpoints: the list, one as a file or on paper, and the counter-signature by a second party."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.audit.checkpoints import queries, services
from appliance.audit.checkpoints.errors import WitnessError
from appliance.audit.checkpoints.forms import NoteForm, WitnessForm
from appliance.audit.qr_code import qr_code
from appliance.audit.services import note_log_read
from appliance.audit.verifier_commands import verifier_commands

_NONE_YET = "There is no checkpoint yet. The box signs the first one within a minute of its start."
_NO_SUCH = "The box signed no checkpoint of this size. Choose one from the list."


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def checkpoints(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("from", "")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    only_signed = request.GET.get("signed") == "1"
    page = queries.checkpoint_page(start=start, only_signed=only_signed)
    note_log_read(what="checkpoints")
    context = {"page": page, "start": start, "only_signed": only_signed}
    return render(request, "audit/checkpoints/list.html", context)


@never_cache
@require_safe
@requires(Permission.EXPORT_LOG)
def note(request: HttpRequest, size: int) -> HttpResponse:
    row = queries.checkpoint_of(size)
    if row is None:
        messages.error(request, _NO_SUCH)
        return redirect("audit:checkpoints")
    note_log_read(what=f"checkpoint over {size} entries, as a file")
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{size:012}.note"'}
    return HttpResponse(row.note.encode(), content_type="text/plain; charset=utf-8", headers=headers)


@never_cache
@require_safe
@requires(Permission.VIEW_LOG)
def paper(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """A checkpoint to print, the newest one unless a size is named."""
    row = queries.newest_checkpoint() if size is None else queries.checkpoint_of(size)
    if row is None:
        messages.error(request, _NONE_YET if size is None else _NO_SUCH)
        return redirect("audit:checkpoints")
    note_log_read(what=f"checkpoint over {row.size} entries, on paper")
    # The log's own signature alone: counter-signatures would make the code too dense for a telephone.
    code = qr_code(queries.without_cosignatures(row))
    context = {"row": row, "code": code, "commands": verifier_commands()}
    return render(request, "audit/checkpoints/paper.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.CHECK_LOG)
def countersign(request: HttpRequest) -> HttpResponse:
    """The steps of a counter-signature, and the upload of a signed checkpoint."""
    if request.method != "POST":
        note_log_read(what="counter-signatures")
        return _countersign_page(request, NoteForm(), WitnessForm())
    form = NoteForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = services.store_countersignature(untrusted_note=form.cleaned_data["note"], by=_name(request))
        except WitnessError as error:
            form.add_error("note", f"{error.sentence} {error.next_step}")
        else:
            messages.success(
                request, f"The counter-signature of {kept.witness.name} over {kept.checkpoint_id} entries is kept."
            )
            return redirect("audit:countersign")
    return _countersign_page(request, form, WitnessForm(), status=422)


@require_POST
@requires(Permission.CHECK_LOG)
def witness_new(request: HttpRequest) -> HttpResponse:
    form = WitnessForm(request.POST)
    if form.is_valid():
        try:
            witness = services.register_witness(key_line=form.cleaned_data["key_line"], by=_name(request))
        except WitnessError as error:
            form.add_error("key_line", f"{error.sentence} {error.next_step}")
        else:
            messages.success(request, f"The key of {witness.name} is registered. Compare its fingerprint below.")
            return redirect("audit:countersign")
    return _countersign_page(request, NoteForm(), form, status=422)


def _countersign_page(
    request: HttpRequest, note_form: NoteForm, witness_form: WitnessForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "note_form": note_form,
        "witness_form": witness_form,
        "witnesses": queries.witnesses(),
        "commands": verifier_commands(),
    }
    return render(request, "audit/checkpoints/countersign.html", context, status=status)


def _name(request: HttpRequest) -> str:
    return request.user.get_username()
