"""How the log is: what the overview and the health page show."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from appliance.audit.log.anchors import AnchorState, anchor_state
from appliance.audit.log.sequencer import trouble_file
from appliance.audit.log.stored_tree import size_of_tree
from appliance.audit.models import Checkpoint, StagedRecord

HELD_UP_SECONDS = 180


@dataclass(frozen=True, slots=True)
class LogState:
    """`staged` records wait for their place, the oldest for `lag`; `forged` ones were kept out of the tree.

    `trouble` says why the sequencer does not write, empty while it does or does not run at all.
    """

    size: int
    newest: Checkpoint | None
    checkpoint_age: timedelta | None
    staged: int
    lag: timedelta
    forged: int
    anchors: AnchorState
    trouble: str

    @property
    def is_held_up(self) -> bool:
        """No checkpoint for more than three minutes: the sequencer does not run, or cannot write."""
        return self.checkpoint_age is None or self.checkpoint_age.total_seconds() > HELD_UP_SECONDS


def state() -> LogState:
    """Raises KeysMissing."""
    newest = newest_checkpoint()
    age = None if newest is None else timedelta(microseconds=time.time_ns() // 1000 - newest.time_us)
    waiting = StagedRecord.objects.filter(forged_at=None)
    oldest = waiting.aggregate(oldest=Min("event__recorded_at"))["oldest"]
    return LogState(
        size=size_of_tree(),
        newest=newest,
        checkpoint_age=age,
        staged=waiting.count(),
        lag=max(timezone.now() - oldest, timedelta()) if oldest else timedelta(),
        forged=StagedRecord.objects.exclude(forged_at=None).count(),
        anchors=anchor_state(),
        trouble=_trouble(),
    )


def newest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def checkpoint_note(checkpoint: Checkpoint) -> str:
    """The signed note, with the signatures of all witnesses that counter-signed it."""
    # Sorted here and not by the database, so that many checkpoints can bring their signatures along in one query.
    found = sorted(checkpoint.cosignatures.all(), key=lambda cosignature: cosignature.pk)
    return checkpoint.note + "".join(f"{cosignature.line}\n" for cosignature in found)


def _trouble() -> str:
    try:
        return trouble_file().read_text(encoding="utf-8").strip()
    except OSError:
        return ""
