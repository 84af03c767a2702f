"""Checkpoints in pages, the newest first. A page is found by the size of its first row, never by counting rows off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from appliance.audit.log.state import checkpoint_note
from appliance.audit.models import Checkpoint, Cosignature, Witness
from appliance.audit.tree.notes import CheckpointBody, Note, PublicKey

PAGE_SIZE = 50
BIGGEST = 2**62


@dataclass(frozen=True, slots=True)
class Row:
    """A checkpoint as the pages show it. `note` is its signed note with all counter-signatures."""

    size: int
    root: bytes
    signed_at: datetime
    witnesses: tuple[str, ...]
    note: str

    @property
    def root_hex(self) -> str:
        return self.root.hex()

    @property
    def root_start(self) -> str:
        return self.root_hex[:16]

    @property
    def origin(self) -> str:
        return CheckpointBody.parse(Note.parse(self.note).body).origin


@dataclass(frozen=True, slots=True)
class CheckpointPage:
    """`older` is the `start` of the next page, None on the last one."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True, slots=True)
class WitnessRow:
    name: str
    key_line: str
    fingerprint: str
    registered_at: datetime
    registered_by: str
    last_size: int | None
    last_signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LastCosignature:
    size: int
    name: str
    signed_at: datetime


def checkpoint_page(*, start: int | None, only_signed: bool) -> CheckpointPage:
    """From the newest checkpoint over at most `start` entries on downwards."""
    found = _with_signatures().order_by("-size")
    if start is not None:
        found = found.filter(size__lte=start)
    if only_signed:
        found = found.filter(pk__in=Cosignature.objects.values("checkpoint"))
    checkpoints = list(found[: PAGE_SIZE + 1])
    older = checkpoints[PAGE_SIZE].size if len(checkpoints) > PAGE_SIZE else None
    return CheckpointPage([_row(checkpoint) for checkpoint in checkpoints[:PAGE_SIZE]], older)


def checkpoint_of(size: int) -> Row | None:
    found = _with_signatures().filter(size=size).first()
    return _row(found) if found else None


def newest_checkpoint() -> Row | None:
    found = _with_signatures().order_by("-size").first()
    return _row(found) if found else None


def without_cosignatures(row: Row) -> str:
    """The note as the log itself signed it."""
    note = Note.parse(row.note)
    origin = CheckpointBody.parse(note.body).origin
    return Note(note.body, tuple(line for line in note.signatures if line.name == origin and len(line.blob) == 64)).text


def witnesses() -> list[WitnessRow]:
    return [_witness_row(witness) for witness in Witness.objects.order_by("name", "pk")]


def signers() -> list[str]:
    """Key lines of those who counter-signed at least once."""
    return list(Witness.objects.exclude(cosignatures=None).distinct().order_by("pk").values_list("key_line", flat=True))


def last_cosignature() -> LastCosignature | None:
    """The one over most entries."""
    found = Cosignature.objects.select_related("witness").order_by("-checkpoint_id", "-signed_s").first()
    return LastCosignature(found.checkpoint_id, found.witness.name, moment(found.signed_s)) if found else None


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _with_signatures() -> QuerySet[Checkpoint]:
    return Checkpoint.objects.prefetch_related("cosignatures__witness")


def _row(checkpoint: Checkpoint) -> Row:
    return Row(
        size=checkpoint.size,
        root=bytes(checkpoint.root),
        signed_at=moment(checkpoint.time_us / 1_000_000),
        witnesses=tuple(cosignature.witness.name for cosignature in checkpoint.cosignatures.all()),
        note=checkpoint_note(checkpoint),
    )


def _witness_row(witness: Witness) -> WitnessRow:
    last = witness.cosignatures.order_by("-checkpoint_id").first()
    return WitnessRow(
        name=witness.name,
        key_line=witness.key_line,
        fingerprint=PublicKey.parse(witness.key_line).fingerprint,
        registered_at=witness.registered_at,
        registered_by=witness.registered_by,
        last_size=last.checkpoint_id if last else None,
        last_signed_at=moment(last.signed_s) if last else None,
    )
