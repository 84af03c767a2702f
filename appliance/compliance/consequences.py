"""What approving a request would do, in words, before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from appliance.compliance.due import due
from appliance.compliance.holding import names_of_holds_on
from appliance.compliance.models import (
    Approval,
    ApprovalState,
    CountsFrom,
    HeldDocument,
    Kind,
    LegalHold,
    RetentionRule,
    Tombstone,
)
from appliance.compliance.promotion_words import (
    Compared,
    change_since_asked,
    obstacle_to_promotion,
    scores_compared,
    sentences_of_promotion,
    title_of_promotion,
)
from appliance.compliance.retention import in_words
from appliance.document_types.models import DocumentType
from appliance.documents.models import Document
from appliance.retraining.serving.evidence import EvidenceShown, evidence_on

SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class AffectedDocument:
    """A document of a request. `document` is None when it is deleted already."""

    id: UUID
    document: Document | None
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """`sentences` say what will happen; `obstacle` why it cannot, now; empty when nothing is in the way.

    `notice` is what changed since somebody asked; `model` the digest of the model that it is about.
    """

    title: str
    sentences: tuple[str, ...]
    obstacle: str = ""
    hold: LegalHold | None = None
    notice: str = ""
    model: str = ""
    scores: tuple[Compared, ...] = ()
    evidence: EvidenceShown | None = None


def consequences_of(approval: Approval) -> Consequences:
    return _BY_KIND[Kind(approval.kind)](approval)


def documents_of(approval: Approval) -> list[AffectedDocument]:
    """The first hundred; two queries."""
    ids = list(approval.documents.values_list("document_id", flat=True)[:SHOWN_AT_MOST])
    found = Document.objects.select_related("document_type", "uploaded_by").in_bulk(ids)
    gone = set(Tombstone.objects.filter(pk__in=ids).values_list("pk", flat=True))
    return [AffectedDocument(pk, found.get(pk), pk in gone) for pk in ids]


def title_of(approval: Approval) -> str:
    """Short, for lists."""
    if approval.kind == Kind.RELEASE_HOLD:
        return _title_of_release(LegalHold.objects.get(pk=int(approval.subject)))
    if approval.kind == Kind.CHANGE_RETENTION:
        return _title_of_rule(wanted_rule(approval))
    if approval.kind == Kind.PROMOTE_MODEL:
        return title_of_promotion(approval)
    return f"Delete {_counted(approval.documents.count())}"


def _title_of_release(hold: LegalHold) -> str:
    return f"Release the legal hold “{hold.name}”"


def _title_of_rule(rule: RetentionRule) -> str:
    return f"Retention of {rule.document_type.name}: {in_words(rule)}"


def _counted(documents: int) -> str:
    return "one document" if documents == 1 else f"{documents} documents"


def _deletion(approval: Approval) -> Consequences:
    ids = list(approval.documents.values_list("document_id", flat=True))
    count = _counted(len(ids))
    holds = names_of_holds_on(ids) if approval.state == ApprovalState.WAITING else []
    return Consequences(
        f"Delete {count}",
        (
            f"Originals, page images, texts, values and decisions are destroyed ({count}). Nobody can bring them back.",
            "A tombstone stays for each: when it came and went, by whose order, and the digest of its original.",
            "The log stays whole and can still be checked. What it holds of the values cannot be opened any more.",
            "Backups made before still hold them until the backups expire.",
        ),
        obstacle=f"It cannot be carried out while this legal hold is in force: {', '.join(holds)}." if holds else "",
    )


def _release(approval: Approval) -> Consequences:
    hold = LegalHold.objects.get(pk=int(approval.subject))
    held = HeldDocument.objects.filter(hold=hold).count()
    return Consequences(
        _title_of_release(hold),
        (
            f"{held} documents that it covers are no longer protected by it, and what comes later is not covered.",
            "Retention rules and requests for deletion can then reach them. To protect them again, place a new hold.",
        ),
        hold=hold,
    )


def _retention(approval: Approval) -> Consequences:
    document_type = DocumentType.objects.get(name=approval.subject)
    rule = RetentionRule.objects.filter(document_type=document_type).first()
    wanted = wanted_rule(approval)
    reached = due(wanted, now=timezone.now()).count()
    now = in_words(rule) if rule else "kept"
    return Consequences(
        _title_of_rule(wanted),
        (
            f"The rule until now: {now}. From then on: {in_words(wanted)}.",
            f"As things stand, {reached} documents are due at once.",
            "The first night is a rehearsal that only counts. Held documents are never touched.",
        ),
    )


def wanted_rule(approval: Approval) -> RetentionRule:
    """The rule as it would be; not saved."""
    return RetentionRule(
        document_type=DocumentType.objects.get(name=approval.subject),
        days=approval.details["days"],
        counts_from=CountsFrom(approval.details["counts_from"]),
        automatic=approval.details["automatic"],
    )


def _promotion(approval: Approval) -> Consequences:
    waits = approval.state == ApprovalState.WAITING
    return Consequences(
        title_of_promotion(approval),
        sentences_of_promotion(approval),
        obstacle=obstacle_to_promotion(approval) if waits else "",
        notice=change_since_asked(approval) if waits else "",
        model=approval.subject,
        scores=scores_compared(approval),
        evidence=evidence_on(approval.subject, in_force=approval.details["instead_of"]),
    )


_BY_KIND = {
    Kind.DELETE: _deletion,
    Kind.RELEASE_HOLD: _release,
    Kind.CHANGE_RETENTION: _retention,
    Kind.PROMOTE_MODEL: _promotion,
}


def days_left(approval: Approval, *, now: datetime) -> int:
    return max((approval.expires_at - now).days, 0)
