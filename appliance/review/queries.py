"""What a document's fields are now: the extraction that counts, overlaid by what people decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.documents import models as rows
from appliance.documents.states import State
from appliance.documents.stored_values import load_readings, load_reasons, load_regions, parse_path
from appliance.review.models import Decision, DecisionKind
from appliance.review.overlay import Leaf, Rows, leaves, standing, values_decided
from extraction.records import FieldValue, Issue, Reading, Reason, Region, Span, ValuePath
from extraction.schema import DocumentTypeSpec, Kind
from extraction.validate import validate

REQUIRED_MISSING = "required_missing"


class Status(StrEnum):
    """`unchecked` is fine as it is; `to_check` waits for a person; the others say what a person decided."""

    UNCHECKED = "unchecked"
    TO_CHECK = "to_check"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    ABSENT = "absent"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class CurrentValue:
    """One value as it stands. `raw` None: not in the document; "": left empty there. `normal` "" where no rule fits.

    Numbers of rows in `path` may have gaps. A list without rows is one value of kind LIST with `raw` None.
    `where` is the label with its groups and row, e.g. "Line items 2, Amount". `anchor` is "" until a person decided.
    """

    path: ValuePath
    kind: Kind
    label: str
    where: str
    required: bool
    raw: str | None = None
    normal: str = ""
    rule: str = ""
    span: Span | None = None
    regions: tuple[Region, ...] = ()
    alternatives: tuple[Reading, ...] = ()
    status: Status = Status.UNCHECKED
    confidence: float = 0.0
    ocr_confidence: float | None = None
    reasons: tuple[Reason, ...] = ()
    broken_rules: tuple[str, ...] = ()
    anchor: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def is_decided(self) -> bool:
        return self.status not in (Status.UNCHECKED, Status.TO_CHECK)


@dataclass(frozen=True)
class Review:
    """A document under review: its type, its values now, the rules they break, the decisions that stand."""

    document: rows.Document
    extraction: rows.Extraction
    spec: DocumentTypeSpec
    values: tuple[CurrentValue, ...]
    issues: tuple[Issue, ...]
    decisions: tuple[Decision, ...]
    rows: Rows

    @property
    def left(self) -> tuple[CurrentValue, ...]:
        return tuple(value for value in self.values if value.status is Status.TO_CHECK)

    def value(self, path: ValuePath) -> CurrentValue | None:
        return next((value for value in self.values if value.path == path), None)


def current_values(document: rows.Document) -> tuple[CurrentValue, ...]:
    """Every value of the document's type, in the order of the schema; empty while nothing was extracted."""
    review = load_review(document)
    return review.values if review else ()


def load_review(document: rows.Document) -> Review | None:
    """None while nothing was extracted."""
    extraction = extraction_of(document)
    if extraction is None:
        return None
    return _assembled(document, extraction, standing(_decisions(document, extraction)))


def review_with(review: Review, decisions: Sequence[Decision]) -> Review:
    """What would stand if only these decisions had been made."""
    return _assembled(review.document, review.extraction, decisions)


def _assembled(document: rows.Document, extraction: rows.Extraction, decisions: Sequence[Decision]) -> Review:
    spec = extraction.type_version.spec
    extracted = {parse_path(row.path): row for row in extraction.values.all()}
    decided = values_decided(decisions)
    table = Rows(extracted, decisions)
    places = leaves(spec.fields, table)
    values = [_value(leaf, extracted.get(leaf.path), decided.get(leaf.path)) for leaf in places]
    issues = _issues(values, spec)
    return Review(document, extraction, spec, _checked(values, issues), issues, tuple(decisions), table)


def extraction_of(document: rows.Document) -> rows.Extraction | None:
    """The run that counts: the current one, else the newest."""
    runs = document.extractions.select_related("type_version")
    if document.current_extraction_id is not None:
        return runs.get(pk=document.current_extraction_id)
    return runs.order_by("-created_at", "-pk").first()


def queue_of(person: Person) -> QuerySet[rows.Document]:
    """Documents that wait for a review and that nobody else holds, oldest first."""
    free = Q(claimed_by=None) | Q(claimed_by=person) | Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
    return rows.Document.objects.filter(free, state=State.TO_REVIEW).order_by("uploaded_at", "pk")


def _decisions(document: rows.Document, extraction: rows.Extraction) -> QuerySet[Decision]:
    """Those on this run; of earlier runs with the same schema those outside of lists, whose rows may differ now."""
    earlier = Q(extraction__schema_digest=extraction.schema_digest) & ~Q(path__contains="[")
    found = Decision.objects.filter(Q(extraction=extraction) | earlier, document=document)
    return found.select_related("decided_by").order_by("pk")


def _value(leaf: Leaf, extracted: rows.FieldValue | None, decision: Decision | None) -> CurrentValue:
    spec = leaf.spec
    kind = Kind.LIST if leaf.is_empty_list else spec.kind
    value = CurrentValue(leaf.path, kind, spec.title, leaf.where, spec.required)
    if extracted is not None:
        value = _with_extracted(value, extracted)
    return _with_decision(value, decision) if decision is not None else value


def _with_extracted(value: CurrentValue, row: rows.FieldValue) -> CurrentValue:
    return replace(
        value,
        raw=row.raw,
        normal=row.normal,
        rule=row.rule,
        span=_span(row.span_start, row.span_end),
        regions=load_regions(row.regions),
        alternatives=load_readings(row.alternatives),
        confidence=row.confidence,
        ocr_confidence=row.ocr_confidence,
        reasons=load_reasons(row.reasons),
    )


def _with_decision(value: CurrentValue, decision: Decision) -> CurrentValue:
    """A confirmed value keeps what the run knew about it; a changed one has only what the decision says."""
    value = replace(
        value,
        status=Status(decision.kind),
        reasons=(),
        anchor=decision.anchor,
        decided_by=decision.decided_by.display_name,
        decided_at=decision.decided_at,
        raw=decision.raw,
        normal=decision.normal,
        rule=decision.rule,
        span=_span(decision.span_start, decision.span_end),
        regions=load_regions(decision.regions),
    )
    return value if decision.kind == DecisionKind.CONFIRMED else replace(value, ocr_confidence=None)


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


def _issues(values: Sequence[CurrentValue], spec: DocumentTypeSpec) -> tuple[Issue, ...]:
    """The broken rules. What a person said is not in the document is not missing any more."""
    answered = {value.path for value in values if value.is_decided}
    issues = validate([as_field_value(value) for value in values if value.kind is not Kind.LIST], spec)
    return tuple(
        issue for issue in issues if issue.code != REQUIRED_MISSING or not any(path in answered for path in issue.paths)
    )


def as_field_value(value: CurrentValue) -> FieldValue:
    reading = Reading(value.normal, value.rule) if value.normal else None
    return FieldValue(value.path, value.raw, value.span, value.regions, reading=reading)


def _checked(values: Sequence[CurrentValue], issues: Sequence[Issue]) -> tuple[CurrentValue, ...]:
    """The values with the rules they break; undecided ones with a reason or a broken rule are to be checked."""
    return tuple(_check(value, [issue for issue in issues if value.path in issue.paths]) for value in values)


def _check(value: CurrentValue, issues: Sequence[Issue]) -> CurrentValue:
    broken = tuple(issue.sentence for issue in issues if issue.code != REQUIRED_MISSING)
    known = {reason.code for reason in value.reasons}
    missing = (Reason(issue.code, issue.sentence) for issue in issues if issue.code == REQUIRED_MISSING)
    reasons = value.reasons + tuple(reason for reason in missing if reason.code not in known)
    waits = not value.is_decided and bool(reasons or broken)
    status = Status.TO_CHECK if waits else value.status
    return replace(value, reasons=reasons, broken_rules=broken, status=status)
