"""Every file that was made, and the model in force, on the frozen test part and on the made-up set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from appliance.retraining.models import Part, RunStep, StepName
from appliance.retraining.runs import bases, leases
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.measuring import About, keep_measured, read_evaluation
from appliance.retraining.runs.options import ADAPTER, FULL_PRECISION
from appliance.retraining.runs.plan import IN_FORCE
from appliance.retraining.runs.work import Work
from appliance.retraining.runs.workshop import Exam
from extraction.language_model import adapted_digest
from models_store.durable import file_digest
from models_store.evaluation import Evaluation
from models_store.store import ModelFiles, files_of, model_path

TEST, FACTORY = "test", "factory"


@dataclass(frozen=True, slots=True)
class Examined:
    """A model under examination."""

    subject: str
    files: ModelFiles
    digest: str
    context: int
    quantization: str


def measure(work: Work) -> None:
    for step in work.open_steps(StepName.EVALUATE):
        work.pause_if_due()
        work.begin(step)
        examined = _examined(work, step.subject)
        if examined is None:
            work.end(step, figures={"left_out": "no model is in force any more"})
            continue
        is_candidate = step.subject in work.options.quantizations
        test = _evaluate(work, step, examined, TEST)
        # An adapter reads one type alone, so it cannot forget the others.
        needs_factory = step.subject == IN_FORCE or (is_candidate and step.subject != ADAPTER)
        factory = _evaluate(work, step, examined, FACTORY) if needs_factory else None
        about = About(work.run.snapshot, role_of(step.subject), examined.quantization, work.run, is_candidate)
        with leases.holding(work.claim):
            keep_measured(about, test, factory)
            work.end(step, after=examined.digest, figures={"n": len(test.documents)})


def role_of(subject: str) -> str:
    """What a measured file is to the run, as it stands in `Measured.role`."""
    if subject == FULL_PRECISION:
        return "full precision"
    return subject if subject == IN_FORCE else f"candidate {subject}"


def evaluation_of(folder: RunFolder, subject: str, label_set: str = TEST) -> Evaluation | None:
    """None where it was not measured."""
    path = folder.measured(subject, label_set)
    return read_evaluation(path) if path.is_file() else None


def measured_of(folder: RunFolder, subject: str) -> Evaluation:
    """On the test part. Raises RunBroken."""
    return read_evaluation(folder.measured(subject, TEST))


def _examined(work: Work, subject: str) -> Examined | None:
    if subject == IN_FORCE:
        card = bases.in_force(work.document_type)
        if card is None:
            return None
        files = files_of(card.digest, root=settings.MODELS_STORE_ROOT)
        return Examined(subject, files, card.digest, card.context_tokens, card.quantization)
    base, path = bases.trainable(work.run.base_digest), work.folder.model(subject)
    digest, files = file_digest(path), ModelFiles(path)
    if subject == ADAPTER:
        digest = adapted_digest(base.digest, digest)
        files = ModelFiles(model_path(base.digest, root=settings.MODELS_STORE_ROOT), path)
    return Examined(subject, files, digest, base.context_tokens, subject)


def _evaluate(work: Work, step: RunStep, examined: Examined, label_set: str) -> Evaluation:
    """What was measured before a failure is not measured again, unless another model is in force since."""
    found = evaluation_of(work.folder, examined.subject, label_set)
    if found is not None and found.model == examined.digest:
        return found
    out = work.folder.measured(examined.subject, label_set)
    labels = (work.folder.labels(Part.TEST), work.folder.document_type) if label_set == TEST else (None, None)
    command = work.workshop.measuring(Exam(examined.files, out, examined.context, *labels))

    def tell(line: dict[str, Any]) -> None:
        work.tell(step, {"set": label_set} | {key: line.get(key) for key in ("done", "of", "seconds_left")})

    work.run_program(command, name="measure", on_line=tell)
    return read_evaluation(out)
