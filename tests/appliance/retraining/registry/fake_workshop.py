"""The workshop without models: a file's bytes are all there is of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from appliance.retraining.models import Snapshot
from appliance.retraining.registry.workshop import Step, Tell
from appliance.retraining.runs.folder import RunFolder
from models_store import store
from models_store.card import ModelCard
from models_store.evaluation import DocumentOutcome, Evaluation, ValueOutcome
from models_store.intake.errors import ChecksumWrong, UnsafeFile
from models_store.intake.record import Intake, TakenFile


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class FakeWorkshop:
    """`meanwhile` runs in the midst of the work; what it raises ends it. `right`: which answers are right."""

    meanwhile: Callable[[], None] = lambda: None
    right: Sequence[bool] = (True, True)
    done: list[str] = field(default_factory=list)

    def check(self, source: Path, *, leave_programs: bool) -> Intake:
        content = source.read_bytes()
        if content.startswith(b"program") and not leave_programs:
            raise UnsafeFile(f"{source.name}: a program")
        return Intake(
            kind="gguf",
            family="llama",
            parameters=1_000_000,
            context_tokens=2048,
            vocabulary=512,
            numbers="Q8_0",
            files=(TakenFile(name=source.name, size=len(content), sha256=sha(content)),),
            untrusted_card_text="<script>alert(1)</script>",
            warnings=("Its makers name no licence.",),
        )

    def bring_in(self, source: Path, *, checked: Intake, name: str, tell: Tell) -> str:
        tell(0.5, "Copying")
        self.meanwhile()
        tell()
        digest = sha(source.read_bytes())
        if digest != checked.files[0].sha256:
            raise ChecksumWrong(source.name)
        self.done.append("bring_in")
        card = ModelCard(digest=digest, name=name, context_tokens=2048)
        return store.add(source, card, root=settings.MODELS_STORE_ROOT)

    def quantize(
        self, card: ModelCard, *, quantizations: Sequence[str], snapshot: Snapshot | None, place: RunFolder, tell: Tell
    ) -> list[Step]:
        place.make()
        tell(0.1, "convert")
        self.meanwhile()
        self.done.append("quantize")
        return [Step("quantize", name, card.weights, sha(name.encode()), 10, 1.5) for name in quantizations]

    def evaluate(self, card: ModelCard, *, snapshot: Snapshot, place: RunFolder, tell: Tell) -> Evaluation:
        place.make()
        self.meanwhile()
        tell(1.0, "2 of 2 documents")
        self.done.append("evaluate")
        entries = snapshot.entries.filter(part="test").order_by("position")
        documents = [answered(str(entry.pk), right) for entry, right in zip(entries, self.right, strict=False)]
        return Evaluation(model=card.digest, labels="0" * 64, documents=tuple(documents), file_bytes=123)


def answered(label_id: str, right: bool) -> DocumentOutcome:
    """Total is always right, the date only where `right`."""
    values = (
        ValueOutcome(path="total", field="total", expected="1", got="1", is_right=True, is_exact=True, confidence=0.9),
        ValueOutcome(
            path="date", field="date", expected="2", got="2" if right else "3", is_right=right, is_exact=right,
            confidence=0.6,
        ),
    )  # fmt: skip
    return DocumentOutcome(id=label_id, seconds=0.5, values=values)
