"""Does every change have its record, and every record its place? What a verifier cannot see: it has the log only.

Catches rows that went away between an act and the tree, entries that nobody staged, columns that say something else
than their record, and objects whose changes and records do not match one to one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.log.stored_tree import size_of_tree
from appliance.audit.models import AuditEvent, Leaf, Reconciliation, StagedRecord
from appliance.audit.queries import columns_agree
from appliance.audit.record import Subject, record
from appliance.audit.tree.merkle import leaf_hash

WAITS_TOO_LONG = timedelta(minutes=3)
FINDINGS_KEPT = 200
_AT_ONCE = 2_000

# What counts its changes from 1, by the name that the log gives it, and where it stands now.
COUNTED = {
    "person": "SELECT left(username, 64), version FROM accounts_person",
    "document_type": "SELECT left(name, 64), version FROM document_types_documenttype",
    "document": "SELECT id::text, version FROM documents_document"
    " UNION ALL SELECT document_id::text, version FROM compliance_tombstone",
    "approval": "SELECT id::text, version FROM compliance_approval",
    "hold": "SELECT id::text, version FROM compliance_legalhold",
    "retention_rule": "SELECT left(t.name, 64), r.version FROM compliance_retentionrule r"
    " JOIN document_types_documenttype t ON t.id = r.document_type_id",
    "shadow_run": "SELECT id::text, version FROM retraining_shadowrun",
    "training_run": "SELECT id::text, version FROM retraining_trainingrun",
    "training_schedule": "SELECT left(t.name, 64), s.version FROM retraining_schedule s"
    " JOIN document_types_documenttype t ON t.id = s.document_type_id",
}
_STAGED_WITHOUT_ENTRY = """
    SELECT s.event_id FROM audit_stagedrecord s LEFT JOIN audit_auditevent e ON e.id = s.event_id
    WHERE e.id IS NULL ORDER BY 1
"""
_PLACES_WITHOUT_ENTRY = """
    SELECT l."index" FROM audit_leaf l LEFT JOIN audit_auditevent e ON e.id = l.event_id
    WHERE e.id IS NULL ORDER BY 1
"""
# One statement, so that acts going on meanwhile are seen whole or not at all.
_VERSIONS = """
    SELECT coalesce(e.object_id, o.id), coalesce(o.version, e.top), coalesce(e.records, 0), o.id IS NULL
    FROM (SELECT object_id, count(*) AS records, count(DISTINCT object_version) AS versions,
                 min(object_version) AS bottom, max(object_version) AS top
          FROM audit_auditevent
          WHERE object_type = %s AND object_version > 0 AND outcome <> 'refused' AND NOT action = ANY(%s)
          GROUP BY object_id) e
    FULL JOIN ({objects}) o(id, version) ON o.id = e.object_id
    WHERE o.id IS NULL OR coalesce(e.records, 0) <> o.version OR coalesce(e.versions, 0) <> o.version
          OR coalesce(e.top, 0) <> o.version OR coalesce(e.bottom, 1) <> 1
    ORDER BY 1
"""


def reconcile() -> Reconciliation:
    """Compare, keep the result and record it. Findings are sentences for the compliance officer."""
    findings = list(chain(_without_place(), _waiting_too_long(), _changed_entries(), _unmatched_objects()))
    with transaction.atomic():
        made = Reconciliation.objects.create(
            made_at=timezone.now(),
            events=AuditEvent.objects.count(),
            subjects=_count_of_objects(),
            finding_count=len(findings),
            findings=findings[:FINDINGS_KEPT],
        )
        record(
            Action.LOG_RECONCILED,
            subject=Subject("log", "reconciliation"),
            outcome=Outcome.FAILED if findings else Outcome.DONE,
            reason=f"{made.events} entries, {made.subjects} objects, {made.finding_count} findings",
        )
    return made


def _without_place() -> Iterator[str]:
    lost = AuditEvent.objects.filter(leaf__isnull=True, staged__isnull=True).order_by("pk")
    for pk in lost.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE):
        yield f"Entry {pk} is neither in the signed tree nor on its way there: its staged row is missing."
    for pk in _numbers(_STAGED_WITHOUT_ENTRY):
        yield f"Entry {pk} is on its way into the tree, but the entry itself is gone."


def _waiting_too_long() -> Iterator[str]:
    since = timezone.now() - WAITS_TOO_LONG
    for staged in StagedRecord.objects.filter(event__recorded_at__lt=since).order_by("pk"):
        why = "it was forged" if staged.forged_at else "see whether the sequencer runs"
        yield f"Entry {staged.pk} has waited for its place in the tree for more than three minutes: {why}."


def _changed_entries() -> Iterator[str]:
    for leaf in Leaf.objects.select_related("event").order_by("index").iterator(chunk_size=_AT_ONCE):
        yield from _changed(leaf)
    for index in _numbers(_PLACES_WITHOUT_ENTRY):
        yield f"Place {index} of the tree has no entry any more: it was removed."
    missing = size_of_tree() - Leaf.objects.count()
    if missing:
        yield f"{missing} places of the tree are gone."


def _changed(leaf: Leaf) -> Iterator[str]:
    stored = bytes(leaf.event.record)
    if leaf_hash(stored) != bytes(leaf.leaf_hash):
        yield f"Entry {leaf.event_id}, place {leaf.index}, is not what was put into the tree."
    elif not columns_agree(leaf.event, json.loads(stored)):
        yield f"Entry {leaf.event_id}, place {leaf.index}: its searchable columns were changed; its record was not."


def _numbers(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [number for (number,) in cursor.fetchall()]


def _unmatched_objects() -> Iterator[str]:
    reads = [str(action) for action in Action if action.is_read]
    for kind, objects in COUNTED.items():
        with connection.cursor() as cursor:
            cursor.execute(_VERSIONS.format(objects=objects), [kind, reads])
            rows = cursor.fetchall()
        for name, versions, records, is_gone in rows:
            yield _sentence(f"{kind.replace('_', ' ')} {name}", versions, records, is_gone=is_gone)


def _sentence(name: str, versions: int, records: int, *, is_gone: bool) -> str:
    if is_gone:
        return f"The log knows of {name}, which is not there any more, and no deletion of it is kept."
    if versions != records:
        return f"{name[0].upper()}{name[1:]} was changed {versions} times and has {records} records of changes."
    return f"The records of {name} do not count its changes from 1 to {versions}, each once."


def _count_of_objects() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({' UNION ALL '.join(COUNTED.values())}) o")  # noqa: S608  our own text
        return int(cursor.fetchone()[0])
