"""What pages and other parts of the box read about training data. No text of a document is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from appliance.accounts.models import Person
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.document_types.queries import published_types
from appliance.retraining.datasets.candidates import sender_field_of
from appliance.retraining.datasets.counting import counts_of, field_paths
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.gathering import reviewed
from appliance.retraining.datasets.services import LEAST_DOCUMENTS, cut_now
from appliance.retraining.models import Conflict, ImportedLabel, Part, Snapshot, Withdrawal
from extraction.schema import DocumentTypeSpec
from models_store.card import ModelCard
from models_store.lineage import ancestry, cards
from models_store.store import StoreError


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A type in the list of training data."""

    name: str
    title: str
    reviewed: int
    imported: int
    conflicts: int
    snapshots: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    """In how many documents a field is there, is not there, is not asked; `tested`: there, in the test part."""

    path: str
    there: int
    absent: int
    not_asked: int
    tested: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    documents: int
    share: float


@dataclass(frozen=True, slots=True)
class PartLine:
    title: str
    documents: int
    senders: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a snapshot, or of the one that could be made now."""

    documents: int
    parts: tuple[PartLine, ...]
    fields: tuple[FieldLine, ...]
    persons: tuple[PersonLine, ...]
    by_sender: bool
    left_out: Mapping[str, int]
    leaks: Mapping[str, int]
    imported: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The training data of a type as it is now. `snapshots`: newest first."""

    version: DocumentTypeVersion
    title: str
    options: Options
    figures: Figures
    waiting: int
    decided: int
    withdrawn: int
    due: tuple[DueModel, ...]
    snapshots: tuple[Snapshot, ...]

    @property
    def missing(self) -> int:
        """Documents that are still needed before a snapshot can be made."""
        return max(0, LEAST_DOCUMENTS - self.figures.documents)


@dataclass(frozen=True, slots=True)
class DueModel:
    """A model that withdrawn originals taught, itself or through its base."""

    card: ModelCard
    originals: tuple[str, ...]


def type_lines() -> list[TypeLine]:
    """Every type in use, by title."""
    labels = _numbers(ImportedLabel.objects.values_list("document_type").annotate(n=Count("pk")))
    waiting = Conflict.objects.filter(decided_at=None).values_list("document_type").annotate(n=Count("pk"))
    conflicts = _numbers(waiting)
    made = Snapshot.objects.order_by().values_list("type_version__document_type").annotate(n=Count("pk"))
    snapshots = _numbers(made)
    return [
        TypeLine(
            name=choice.name,
            title=choice.title,
            reviewed=reviewed(choice.version.document_type).count(),
            imported=labels.get(choice.id, 0),
            conflicts=conflicts.get(choice.id, 0),
            snapshots=snapshots.get(choice.id, 0),
        )
        for choice in published_types()
    ]


def overview(version: DocumentTypeVersion) -> Overview:
    """Of the type's version in use. Labels must be up to date (`gathering.gather`)."""
    document_type, spec = version.document_type, version.spec
    options = Options(sender_field=sender_field_of(spec))
    conflicts = Conflict.objects.filter(document_type=document_type)
    counted = conflicts.aggregate(waiting=Count("pk", filter=Q(decided_at=None)), all=Count("pk"))
    originals = reviewed(document_type).values("sha256")
    snapshots = Snapshot.objects.filter(type_version__document_type=document_type).select_related(
        "made_by", "type_version"
    )
    return Overview(
        version=version,
        title=spec.title,
        options=options,
        figures=figures_of(counts_of(cut_now(version, options), spec), spec),
        waiting=counted["waiting"],
        decided=counted["all"] - counted["waiting"],
        withdrawn=Withdrawal.objects.filter(original_sha256__in=originals).count(),
        due=tuple(due_models()),
        snapshots=tuple(snapshots.select_related("made_by", "type_version").annotate(runs_made=Count("runs"))),
    )


def figures_of(counts: Mapping[str, Any], spec: DocumentTypeSpec) -> Figures:
    """Of `Snapshot.counts`, the fields in the order of the type."""
    persons = counts["persons"]
    names = {str(person.pk): person.display_name for person in Person.objects.filter(pk__in=persons)}
    return Figures(
        documents=counts["documents"],
        parts=tuple(PartLine(part.label, counts["parts"][part], counts["senders"][part]) for part in Part),
        fields=tuple(FieldLine(path, **counts["fields"][path]) for path in field_paths(spec.fields)),
        persons=tuple(
            PersonLine(names.get(pk, "?"), found["documents"], 100 * found["share"])
            for pk, found in sorted(persons.items(), key=lambda entry: -entry[1]["documents"])
        ),
        by_sender=counts["split_by"] == "sender",
        left_out=counts["left_out"],
        leaks=counts["leaks"],
        imported=counts["sources"]["import"],
    )


def new_documents(document_type: DocumentType, since: datetime | None) -> int:
    """Finished documents of the type whose review ended after `since`; all of them where it is None."""
    found = reviewed(document_type)
    return found.filter(finished_at__gt=since).count() if since else found.count()


def latest_snapshot(document_type: DocumentType) -> Snapshot | None:
    return Snapshot.objects.filter(type_version__document_type=document_type).order_by("-made_at").first()


def retrain_due(digest: str, *, known: Mapping[str, ModelCard] | None = None) -> tuple[str, ...]:
    """Withdrawn originals (SHA-256) that taught this model, itself or through its base; empty where none did.

    Raises StoreError where the store cannot be read.
    """
    found = cards(root=settings.MODELS_STORE_ROOT) if known is None else known
    taught = {original for step in ancestry(digest, found) if step.card for original in step.card.documents}
    withdrawn = Withdrawal.objects.filter(original_sha256__in=taught).order_by("withdrawn_at")
    return tuple(withdrawn.values_list("original_sha256", flat=True))


def due_models() -> list[DueModel]:
    """Every model of the store that is due to be trained again, none where the store cannot be read."""
    try:
        known = cards(root=settings.MODELS_STORE_ROOT)
    except StoreError:
        return []
    found = (DueModel(card, retrain_due(digest, known=known)) for digest, card in known.items())
    return [due for due in found if due.originals]


def withdrawal_of(original_sha256: str) -> Withdrawal | None:
    return Withdrawal.objects.filter(original_sha256=original_sha256).select_related("withdrawn_by").first()


def _numbers(pairs: Any) -> dict[int, int]:
    found: Sequence[tuple[int, int]] = list(pairs)
    return dict(found)
