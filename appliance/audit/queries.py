"""Reading the log, newest first, in pages that cost the same at any depth.

A page is found by the place of its neighbour (`before`), never by counting off rows that are skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Max, Q, QuerySet

from appliance.accounts.models import Person
from appliance.audit.filters import DOCUMENTS_AT_MOST, LogFilter, as_uuid
from appliance.audit.models import AuditEvent, Checkpoint, Leaf
from appliance.audit.tree.merkle import leaf_hash
from appliance.documents.models import Document
from appliance.documents.names import named

PAGE_SIZE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the table; `document` is None where the act was not about a document that exists.

    `index` is the entry's number in the tree, None while it waits to get in.
    """

    event: AuditEvent
    document: Document | None
    index: int | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """`older` is the `before` of the next page, None on the last one."""

    rows: list[LogRow]
    older: int | None


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event in full. `agrees` says that the columns, which are only for searching, repeat the record.

    `leaf` and `signed` are None while the event waits for its place in the tree and for the first checkpoint over it.
    """

    event: AuditEvent
    document: Document | None
    pretty_record: str
    sha256: str
    agrees: bool
    leaf: Leaf | None
    signed: Checkpoint | None

    @property
    def leaf_hash(self) -> str:
        return bytes(self.leaf.leaf_hash).hex() if self.leaf else ""

    @property
    def leaf_fits(self) -> bool:
        """The stored hash is that of the record (docs/audit-format.md 2)."""
        return self.leaf is not None and bytes(self.leaf.leaf_hash) == leaf_hash(bytes(self.event.record))


def documents_named(wanted: str) -> list[str]:
    """Ids of the documents that a filter's text means: an id, or a piece of the file name. At most 101."""
    if not wanted:
        return []
    document_id = as_uuid(wanted)
    if document_id is not None:
        return [str(document_id)]
    newest_first = Document.objects.order_by("-uploaded_at")
    return [str(pk) for pk in named(wanted.strip(), among=newest_first, most=DOCUMENTS_AT_MOST + 1)]


def log_page(
    chosen: LogFilter, *, document_ids: list[str], before: int | None = None, entry: int | None = None
) -> LogPage:
    """One page of the log; `before` is the id of the last event of the page above.

    Without one, `entry` is the number in the tree that the page begins with, or would where the filter leaves it out.
    """
    place = _older_than(before) if before else _from_entry(entry)
    found = _newest_first(AuditEvent.objects.filter(chosen.condition(document_ids) & place))
    events = list(found.defer("record")[: PAGE_SIZE + 1])
    shown = events[:PAGE_SIZE]
    documents, indexes = _documents_of(shown), _indexes_of(shown)
    rows = [LogRow(event, documents.get(event.object_id), indexes.get(event.pk)) for event in shown]
    return LogPage(rows, older=shown[-1].pk if len(events) > PAGE_SIZE else None)


def newest_id() -> int:
    """Where an export ends, so that it does not grow while it is being written."""
    return AuditEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0


def matching(chosen: LogFilter, *, document_ids: list[str], until_id: int) -> QuerySet[AuditEvent]:
    """The filtered log up to an event, oldest first."""
    return AuditEvent.objects.filter(chosen.condition(document_ids), pk__lte=until_id).order_by("pk")


def between(first: int, last: int) -> QuerySet[AuditEvent]:
    """Every entry of the tree from one number to another, both included."""
    return AuditEvent.objects.filter(leaf__index__gte=first, leaf__index__lte=last).order_by("leaf__index")


def signed_size() -> int:
    """How many entries the newest checkpoint was signed over."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def stream(events: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """A cursor on the server: a million events never stand in memory together."""
    return events.iterator(chunk_size=2000)


def event_detail(event: AuditEvent) -> EventDetail:
    stored = bytes(event.record)
    leaf = Leaf.objects.filter(event_id=event.pk).first()
    return EventDetail(
        event=event,
        document=_documents_of([event]).get(event.object_id),
        pretty_record=json.dumps(json.loads(stored), indent=2, ensure_ascii=False),
        sha256=hashlib.sha256(stored).hexdigest(),
        agrees=columns_agree(event, json.loads(stored)),
        leaf=leaf,
        signed=Checkpoint.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf else None,
    )


def names_of_people() -> list[str]:
    """Suggestions for the filter: people, and the two names that the appliance itself uses."""
    return [*Person.objects.order_by("username").values_list("username", flat=True), "anonymous", "system"]


def last_event() -> AuditEvent | None:
    return AuditEvent.objects.order_by("-pk").defer("record").first()


def _older_than(before: int | None) -> Q:
    neighbour = AuditEvent.objects.filter(pk=before).only("recorded_at").first() if before else None
    if neighbour is None:
        return Q()
    return _bounded(neighbour) & (Q(recorded_at__lt=neighbour.recorded_at) | Q(pk__lt=neighbour.pk))


def _from_entry(index: int | None) -> Q:
    leaf = Leaf.objects.filter(index=index).select_related("event").first() if index is not None else None
    if leaf is None:
        return Q()
    first = leaf.event
    return _bounded(first) & (Q(recorded_at__lt=first.recorded_at) | Q(pk__lte=first.pk))


def _bounded(event: AuditEvent) -> Q:
    """Lets the index of the table find the place; what is added to it splits events of the same microsecond."""
    return Q(recorded_at__lte=event.recorded_at)


def _newest_first(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    return events.order_by("-recorded_at", "-pk")


def _documents_of(events: list[AuditEvent]) -> dict[str, Document]:
    named = [as_uuid(event.object_id) for event in events if event.object_type == "document"]
    ids = {document_id for document_id in named if document_id is not None}
    found = Document.objects.filter(pk__in=ids).only("pk", "untrusted_name")
    return {str(document.pk): document for document in found}


def _indexes_of(events: list[AuditEvent]) -> dict[int, int]:
    return dict(Leaf.objects.filter(event_id__in=[event.pk for event in events]).values_list("event_id", "index"))


def columns_agree(event: AuditEvent, record: dict[str, object]) -> bool:
    """Whether the columns, which are only for searching, repeat the record."""
    columns = {
        "event_id": str(event.event_id),
        "time_us": (event.recorded_at - _EPOCH) // timedelta(microseconds=1),
        "actor": event.actor,
        "actor_role": event.actor_role,
        "address": event.address,
        "action": event.action,
        "object": {"type": event.object_type, "id": event.object_id, "version": event.object_version},
        "outcome": event.outcome,
        "request_id": event.request_id,
    }
    same = all(record.get(name) == value for name, value in columns.items())
    return same and str(record.get("reason", ""))[:200] == event.reason
