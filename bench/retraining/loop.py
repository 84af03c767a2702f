"""From labelled documents to a verdict, each stage by the services that the pages call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings

from appliance.accounts.models import Person
from appliance.audit.context import Actor, acting_as
from appliance.compliance.deciding import approve
from appliance.compliance.promotion import ask_promotion, digest_in_force
from appliance.document_types.models import DocumentType
from appliance.document_types.services import create_type, publish
from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.uploads import Origin, upload
from appliance.retraining.datasets.cutting import Options as Cut
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.models import Measured, Part, Preset, RunState, Snapshot, TrainingRun
from appliance.retraining.runs.options import of_preset
from appliance.retraining.runs.services import Wanted, ask_run
from appliance.retraining.serving.services import roll_back
from bench.retraining.clerk import Clerk
from bench.retraining.corpus import Corpus
from extraction.errors import StrongroomError
from models_store.store import read_card

_LOOK_EVERY_SECONDS = 1.0
_ENDED = (RunState.DONE, RunState.FAILED, RunState.STOPPED)
_WAITING = (State.RECEIVED, State.READING, State.READ, State.EXTRACTING)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How to train. `minutes`: 0 is no limit."""

    preset: Preset = Preset.QUICK
    quantizations: tuple[str, ...] = ("Q8_0", "Q6_K", "Q4_K_M", "Q4_0", "Q2_K", "adapter")
    minutes: float = 0
    promote: bool = True


@dataclass
class Loop:
    """One box, one type, the three people of the demo."""

    corpus: Corpus
    say: Say
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        people = {name: Person.objects.get(username=name) for name in ("clara", "olga", "adam")}
        self._clara, self._olga, self._adam = people["clara"], people["olga"], people["adam"]

    def run(self, asked: Asked) -> dict[str, Any]:
        """The figures of the whole loop."""
        document_type = self._publish()
        documents = self._upload(document_type)
        self._wait_for_extractions(document_type)
        self._review(documents)
        snapshot = self._snapshot(document_type)
        run = self._train(snapshot, asked)
        if run.state != RunState.DONE:
            raise SystemExit(f"the run ended as {run.state}: {run.error_code} {run.error_detail}")
        figures = self._figures(run)
        if asked.promote and figures["verdict"] == "passed":
            figures |= self._promote_and_go_back(run)
        return figures

    def _publish(self) -> DocumentType:
        with self._as(self._adam):
            document_type = create_type(spec=self.corpus.document_type, by=self._adam)
            publish(document_type=document_type, by=self._adam)
        return document_type

    def _upload(self, document_type: DocumentType) -> dict[UUID, dict[str, Any]]:
        """Truths by document; a file that the box refuses is told and left out."""
        truths: dict[UUID, dict[str, Any]] = {}
        with self._as(self._clara):
            for one in self.corpus.documents:
                try:
                    stored = upload(
                        untrusted_name=one.name, content=one.content, origin=Origin(self._clara, document_type)
                    )
                except StrongroomError as error:
                    self.say(f"{one.name} was refused: {error.code}")
                    continue
                if stored.state != State.DUPLICATE:
                    truths[stored.pk] = one.fields
        self._tell(f"{len(truths)} documents uploaded")
        return truths

    def _wait_for_extractions(self, document_type: DocumentType) -> None:
        mine = Document.objects.filter(document_type=document_type)
        before = -1
        while left := mine.filter(state__in=_WAITING).count():
            if left // 50 != before:
                before = left // 50
                self._tell(f"{left} documents to be read and extracted")
            time.sleep(_LOOK_EVERY_SECONDS)

    def _review(self, truths: dict[UUID, dict[str, Any]]) -> None:
        clerk = Clerk(self._clara, self.corpus.document_type)
        ready = set(Document.objects.filter(state=State.TO_REVIEW).values_list("pk", flat=True))
        with self._as(self._clara):
            for document_id in [pk for pk in truths if pk in ready]:
                clerk.review(document_id, truths[document_id])
        self._tell(f"{len(ready & set(truths))} documents reviewed, {len(set(truths) - ready)} set aside")

    def _snapshot(self, document_type: DocumentType) -> Snapshot:
        version = document_type.versions.exclude(published_at=None).latest("number")
        with self._as(self._adam):
            cut = Cut(sender_field=self.corpus.sender_field, person_share=1.0)
            snapshot = make_snapshot(by=self._adam, type_version=version, options=cut)
        parts = {part.value: snapshot.entries.filter(part=part).count() for part in Part}
        self._tell(f"snapshot {snapshot}: {parts}")
        return snapshot

    def _train(self, snapshot: Snapshot, asked: Asked) -> TrainingRun:
        options = of_preset(asked.preset, quantizations=asked.quantizations, minutes=asked.minutes)
        with self._as(self._adam):
            wanted = Wanted(snapshot, digest_in_force(), asked.preset, options)
            run = ask_run(by=self._adam, wanted=wanted)
        told: set[str] = set()
        while run.state not in _ENDED:
            time.sleep(_LOOK_EVERY_SECONDS)
            run.refresh_from_db()
            for step in run.steps.filter(state=RunState.DONE):
                name = f"{step.name} {step.subject}".strip()
                if name not in told:
                    told.add(name)
                    self._tell(f"{name} done")
        return run

    def _figures(self, run: TrainingRun) -> dict[str, Any]:
        measured = {one.role: one for one in run.measured.all()}
        before = next(one for role, one in measured.items() if "in force" in role)
        full = next(one for one in measured.values() if one.quantization == "F16")
        candidates = [one for one in measured.values() if one.is_candidate]
        after = next((one for one in candidates if one.is_chosen), candidates[0])
        spent = run.finished_at - run.started_at  # type: ignore[operator]  # it is done
        for one in measured.values():
            self.say(f"{one.role:24} F1 {one.summary['f1']:.3f} {one.summary['f1_interval']} n={one.summary['n']}")
        for reason in _reasons(after.verdict):
            self.say(reason)
        return {
            "documents": len(self.corpus.documents),
            "n_train": run.snapshot.entries.filter(part=Part.TRAIN).count(),
            "n_test": after.summary["n"],
            "f1_before": before.summary["f1"],
            "f1_after": after.summary["f1"],
            "ci_before": before.summary["f1_interval"],
            "ci_after": after.summary["f1_interval"],
            "minutes": round(spent.total_seconds() / 60, 1),
            "minutes_whole_loop": round((time.monotonic() - self.began) / 60, 1),
            "retention": {one.quantization: _ratio(one, full) for one in candidates},
            "chosen": after.quantization,
            "verdict": _word(run.verdict),
        }

    def _promote_and_go_back(self, run: TrainingRun) -> dict[str, Any]:
        """The admin asks, the officer approves, the admin goes back; seconds of the last."""
        chosen = run.measured.get(is_chosen=True)
        answers = read_card(chosen.model_digest, root=settings.MODELS_STORE_ROOT).document_type
        before = digest_in_force(answers)
        with self._as(self._adam):
            approval = ask_promotion(by=self._adam, digest=chosen.model_digest, reason="measured better on this box")
        with self._as(self._olga):
            approve(approval_id=approval.pk, by=self._olga, words="the figures convince")
        promoted = digest_in_force(answers) == chosen.model_digest
        began = time.monotonic()
        with self._as(self._adam):
            roll_back(by=self._adam, reason="to show the way back", document_type=answers)
        seconds = round(time.monotonic() - began, 2)
        rolled_back = digest_in_force(answers) == before
        return {"promoted": promoted, "rolled_back": rolled_back, "rollback_seconds": seconds}

    def _tell(self, line: str) -> None:
        self.say(f"{time.monotonic() - self.began:6.0f} s  {line}")

    @staticmethod
    def _as(person: Person) -> Any:
        return acting_as(Actor(person.username, person.role, "bench", "127.0.0.1"))


def _ratio(one: Measured, full: Measured) -> float | None:
    whole = full.summary["f1"]
    return round(one.summary["f1"] / whole, 4) if whole else None


def _word(verdict: dict[str, Any] | None) -> str:
    return "passed" if verdict and verdict["passed"] else "refused"


def _reasons(verdict: dict[str, Any] | None) -> Iterator[str]:
    for reason in (verdict or {}).get("reasons", ()):
        yield f"{'ok  ' if reason['passed'] else 'NOT '} {reason['sentence']}"
