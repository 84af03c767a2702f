"""The heavy part of the work, as the registry wants it: a protocol, so that tests can do without models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from appliance.retraining.models import Snapshot
from appliance.retraining.runs.folder import RunFolder
from models_store.card import ModelCard
from models_store.evaluation import Evaluation
from models_store.intake.bundle_layout import Manifest
from models_store.intake.record import Intake


class Tell(Protocol):
    def __call__(self, share: float | None = None, words: str = "") -> None:
        """The share that is done, 0 to 1, and words; without them all is as before.

        Raises StoppedByHand when nobody wants the rest.
        """
        ...


Found = Intake | Manifest
"""What a check says of a folder or a GGUF, and of a signed bundle."""


@dataclass(frozen=True, slots=True)
class Step:
    """One tracked step: digests of what went in and what came out."""

    step: str
    quantization: str
    before: str
    after: str
    bytes: int
    seconds: float
    fallbacks: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Workshop(Protocol):
    def check(self, source: Path, *, leave_programs: bool) -> Found:
        """Looks at a folder, a GGUF or a bundle without loading it. Raises an IntakeError."""
        ...

    def bring_in(self, source: Path, *, checked: Found, name: str, tell: Tell) -> str:
        """The digest of the model in the store. Raises an IntakeError, also where the bytes are others by now."""
        ...

    def quantize(
        self, card: ModelCard, *, quantizations: Sequence[str], snapshot: Snapshot | None, place: RunFolder, tell: Tell
    ) -> list[Step]:
        """The smaller files lie in the store when it returns. `snapshot`: whose documents say which weights matter."""
        ...

    def evaluate(self, card: ModelCard, *, snapshot: Snapshot, place: RunFolder, tell: Tell) -> Evaluation:
        """On the frozen test part, through the pipeline that live documents go through."""
        ...
