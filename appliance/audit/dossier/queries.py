"""Everything that a dossier shows of one document, within stated limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appliance.audit import timeline
from appliance.audit.actions import Action
from appliance.audit.dossier.lineage import Step, known_cards, steps_of, texts_of
from appliance.audit.dossier.models import Replay
from appliance.audit.models import AuditEvent
from appliance.audit.timeline import Entry
from appliance.documents.models import Document, Extraction, FieldValue
from appliance.documents.stored_runs import commitments_to
from appliance.documents.stored_values import parse_path, path_text
from appliance.review.models import Decision
from appliance.review.overlay import values_decided
from appliance.review.queries import CurrentValue, Review, load_review
from models_store import lineage
from models_store.card import ModelCard

VALUES_AT_MOST = 500
RUNS_AT_MOST = 20
ENTRIES_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it stands: `source` is the row whose place on the page is shown, `extracted` the run's own value.

    Either is None where there is none: a row that a person added was never extracted.
    """

    value: CurrentValue
    path: str
    source: FieldValue | Decision | None
    extracted: FieldValue | None

    @property
    def has_place(self) -> bool:
        return self.source is not None and bool(self.source.regions)

    @property
    def is_decision(self) -> bool:
        return isinstance(self.source, Decision)


@dataclass(frozen=True, slots=True)
class Run:
    """`is_sealed`: the log committed to the run. `altered`: parts whose stored rows are not what it committed to."""

    extraction: Extraction
    steps: tuple[Step, ...]
    is_current: bool
    is_sealed: bool
    altered: tuple[str, ...]
    value_count: int
    replays: tuple[Replay, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """`left_out`: sentences about what the limits cut off. Entries are oldest first."""

    document: Document
    reader_text: str
    values: tuple[Shown, ...]
    runs: tuple[Run, ...]
    entries: tuple[Entry, ...]
    taught: tuple[lineage.Taught, ...]
    left_out: tuple[str, ...]

    @property
    def corrections(self) -> list[Entry]:
        """Everything that a person decided, and decisions whose row is lost."""
        return [entry for entry in self.entries if entry.change or entry.is_lost]

    @property
    def exports(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.event.action == Action.DOCUMENT_EXPORTED]

    @property
    def accesses(self) -> list[Entry]:
        return [entry for entry in self.entries if Action(entry.event.action).is_read]

    @property
    def changes(self) -> list[Entry]:
        return [entry for entry in self.entries if not Action(entry.event.action).is_read]


def dossier_of(document: Document) -> Dossier:
    """Reads at most the limits above: a document of 500 pages costs no more than one of five."""
    review = load_review(document)
    values = _values(document, review)
    runs = list(
        document.extractions.select_related("document", "type_version__document_type").prefetch_related(
            "replays__asked_by", "replays__job"
        )[: RUNS_AT_MOST + 1]
    )
    entries = timeline.entries_of(document, at_most=ENTRIES_AT_MOST + 1)
    cards = known_cards()
    return Dossier(
        document=document,
        reader_text=texts_of({document.reader_digest}).get(document.reader_digest, ""),
        values=values[:VALUES_AT_MOST],
        runs=tuple(_run(run, review, cards) for run in runs[:RUNS_AT_MOST]),
        entries=tuple(entries[-ENTRIES_AT_MOST:]),
        taught=lineage.taught_by(document.sha256, cards),
        left_out=_left_out(len(values), len(runs), len(entries)),
    )


def _left_out(values: int, runs: int, entries: int) -> tuple[str, ...]:
    said = (
        (values > VALUES_AT_MOST, f"Only the first {VALUES_AT_MOST} of {values} values are shown."),
        (runs > RUNS_AT_MOST, f"Only the newest {RUNS_AT_MOST} runs are shown."),
        (
            entries > ENTRIES_AT_MOST,
            f"Only the newest {ENTRIES_AT_MOST} entries are shown; the log has all.",
        ),
    )
    return tuple(sentence for is_so, sentence in said if is_so)


def _values(document: Document, review: Review | None) -> tuple[Shown, ...]:
    if review is None:
        return ()
    extracted = {parse_path(row.path): row for row in review.extraction.values.all()}
    decided = values_decided(review.decisions)
    return tuple(
        Shown(value, path_text(value.path), decided.get(value.path) or row, row)
        for value in review.values
        for row in [extracted.get(value.path)]
    )


def _run(run: Extraction, review: Review | None, cards: Mapping[str, ModelCard]) -> Run:
    committed = _committed(run)
    now = commitments_to(run)
    return Run(
        extraction=run,
        steps=steps_of(run, cards),
        is_current=review is not None and review.extraction.pk == run.pk,
        is_sealed=bool(committed),
        altered=tuple(name for name, value in committed.items() if now.get(name) != value),
        value_count=run.values.count(),
        replays=tuple(run.replays.all()[:5]),
    )


def _committed(run: Extraction) -> Mapping[str, str]:
    """What the log committed to when the run was stored; nothing for runs of earlier releases."""
    events = AuditEvent.objects.filter(
        object_type="document", object_id=str(run.document_id), action=Action.DOCUMENT_EXTRACTED
    )
    for event in events.order_by("pk"):
        record = json.loads(bytes(event.record))
        if record["digests"].get("extraction") == run.key and record["commitments"]:
            return record["commitments"]
    return {}


def is_proven(runs: Sequence[Run]) -> bool:
    """Whether every run stands as the log committed to it."""
    return all(run.is_sealed and not run.altered for run in runs)
