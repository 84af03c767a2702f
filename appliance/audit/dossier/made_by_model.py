"""What a model made on this box, what it was taught with, and which models came out of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max

from appliance.audit.dossier.lineage import known_cards
from appliance.documents.models import Document, Extraction
from appliance.review.models import Decision, DecisionKind
from models_store import lineage
from models_store.card import ModelCard
from models_store.store import StoreError, state_of

PAGE_SIZE = 50
DOCUMENTS_AT_MOST = 500
"""Training documents that one page names; a card may hold more."""


@dataclass(frozen=True, slots=True)
class MadeOfType:
    """Runs of a model by version of a document type, and how many values people corrected in them."""

    type_name: str
    version: int
    runs: int
    documents: int
    corrected: int


@dataclass(frozen=True, slots=True)
class TaughtWith:
    """A document that taught the model: its original's digest, and the document where this box still holds it."""

    original: str
    document: Document | None


@dataclass(frozen=True, slots=True)
class ModelMade:
    """`card` is None for a model that the store does not hold (any more); what it made is still told.

    `older` is the `before` of the next page of runs, None on the last one. `taught_with`: DOCUMENTS_AT_MOST at most.
    """

    digest: str
    card: ModelCard | None
    state: str
    line: tuple[lineage.Ancestor, ...]
    descendants: tuple[ModelCard, ...]
    by_type: tuple[MadeOfType, ...]
    runs: tuple[Extraction, ...]
    older: int | None
    taught_with: tuple[TaughtWith, ...]

    @property
    def is_known(self) -> bool:
        return self.card is not None or bool(self.by_type)

    @property
    def runs_total(self) -> int:
        return sum(made.runs for made in self.by_type)


def made_by(digest: str, *, before: int = 0) -> ModelMade:
    """Runs are listed newest first, a page at a time."""
    cards = known_cards()
    card = cards.get(digest)
    runs = Extraction.objects.filter(model_digest=digest).select_related("document", "type_version__document_type")
    page = list((runs.filter(pk__lt=before) if before else runs).order_by("-pk")[: PAGE_SIZE + 1])
    return ModelMade(
        digest=digest,
        card=card,
        state=_state(digest) if card else "",
        line=lineage.ancestry(digest, cards)[1:],
        descendants=lineage.descendants(digest, cards),
        by_type=_by_type(digest),
        runs=tuple(page[:PAGE_SIZE]),
        older=page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None,
        taught_with=_taught_with(card) if card else (),
    )


def _state(digest: str) -> str:
    try:
        return state_of(digest, root=settings.MODELS_STORE_ROOT).value
    except StoreError:
        return ""


def _by_type(digest: str) -> tuple[MadeOfType, ...]:
    runs = Extraction.objects.filter(model_digest=digest).order_by()
    counted = runs.values("type_version", "type_version__document_type__name", "type_version__number").annotate(
        runs=Count("pk"), documents=Count("document", distinct=True), newest=Max("pk")
    )
    corrections = Decision.objects.filter(extraction__model_digest=digest, kind=DecisionKind.CORRECTED).order_by()
    corrected = dict(corrections.values_list("extraction__type_version").annotate(Count("pk")))
    return tuple(
        MadeOfType(
            row["type_version__document_type__name"],
            row["type_version__number"],
            row["runs"],
            row["documents"],
            corrected.get(row["type_version"], 0),
        )
        for row in counted.order_by("type_version__document_type__name", "type_version__number")
    )


def _taught_with(card: ModelCard) -> tuple[TaughtWith, ...]:
    named = card.documents[:DOCUMENTS_AT_MOST]
    found = {document.sha256: document for document in Document.objects.filter(sha256__in=named, duplicate_of=None)}
    return tuple(TaughtWith(original, found.get(original)) for original in named)
