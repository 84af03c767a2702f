"""Pages of the training data for the admin: every type, one type, one snapshot; making a snapshot.

They show counts, ids and digests. What documents say is not for an admin's eyes.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from appliance.accounts.roles import Permission, requires
from appliance.compliance.answering import person_of
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.document_types.queries import latest_published
from appliance.retraining.datasets import queries
from appliance.retraining.datasets.errors import DatasetError
from appliance.retraining.datasets.forms import SnapshotForm
from appliance.retraining.datasets.gathering import gather
from appliance.retraining.datasets.next_documents import next_documents
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.datasets.viewing import note_data_viewed
from appliance.retraining.models import Snapshot


@require_safe
@requires(Permission.TRAIN_MODELS)
def overview(request: HttpRequest) -> HttpResponse:
    note_data_viewed(about="all types")
    return render(request, "retraining/datasets/types.html", {"lines": queries.type_lines()})


@require_safe
@requires(Permission.TRAIN_MODELS)
def of_type(request: HttpRequest, type_name: str) -> HttpResponse:
    version = version_in_use(type_name)
    return _page(request, version, SnapshotForm(spec=version.spec))


@require_POST
@requires(Permission.TRAIN_MODELS)
def snapshot_new(request: HttpRequest, type_name: str) -> HttpResponse:
    version = version_in_use(type_name)
    form = SnapshotForm(request.POST, spec=version.spec)
    if not form.is_valid():
        return _page(request, version, form, status=422)
    known = set(Snapshot.objects.filter(type_version=version).values_list("pk", flat=True))
    try:
        made = make_snapshot(by=person_of(request), type_version=version, options=form.options)
    except DatasetError as error:
        tell(request, error)
        return redirect("retraining:datasets:type", type_name)
    if made.pk in known:
        messages.info(request, "Nothing has changed since this snapshot was made, so it still stands for all of it.")
    else:
        messages.success(request, "The snapshot is made. It never changes; training can begin with it.")
    return redirect("retraining:datasets:snapshot", type_name, made.digest)


@require_safe
@requires(Permission.TRAIN_MODELS)
def snapshot(request: HttpRequest, type_name: str, digest: str) -> HttpResponse:
    found = get_object_or_404(
        Snapshot.objects.select_related("made_by", "type_version__document_type"),
        digest=digest,
        type_version__document_type__name=type_name,
    )
    note_data_viewed(about=digest, kind="snapshot")
    context = {
        "snapshot": found,
        "figures": queries.figures_of(found.counts, found.type_version.spec),
        "title": found.type_version.spec.title,
        "withdrawn": found.entries.exclude(withdrawn_at=None).count(),
        "runs": found.runs.order_by("-asked_at"),
    }
    return render(request, "retraining/datasets/snapshot.html", context)


def version_in_use(type_name: str) -> DocumentTypeVersion:
    """Raises Http404 where the type has no published version."""
    version = latest_published(get_object_or_404(DocumentType, name=type_name))
    if version is None:
        raise Http404("This type is not published yet, so no document has it.")
    return version


def tell(request: HttpRequest, error: DatasetError) -> None:
    messages.error(request, f"{error.sentence} {error.next_step}")


def _page(request: HttpRequest, version: DocumentTypeVersion, form: SnapshotForm, *, status: int = 200) -> HttpResponse:
    document_type = version.document_type
    note_data_viewed(about=document_type.name)
    behind = gather(document_type)
    found = queries.overview(version)
    coming = next_documents(document_type, sender_field=found.options.sender_field)
    context = {"overview": found, "form": form, "behind": behind, "next": coming, "document_type": document_type}
    return render(request, "retraining/datasets/type.html", context, status=status)
