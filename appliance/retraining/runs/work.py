"""One run in the hands of the worker: its files, its steps, and when it has to pause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.models import RunState, RunStep, StepName, TrainingRun
from appliance.retraining.runs import children, leases
from appliance.retraining.runs.children import Watcher
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.leases import Claim
from appliance.retraining.runs.options import Options
from appliance.retraining.runs.workshop import Workshop

ASKED, OUT_OF_HOURS, LEAVING, TAKEN = "asked", "out of hours", "worker ends", "taken"
"""Why a run pauses. `TAKEN`: another worker has it."""


@dataclass(frozen=True, slots=True)
class Work:
    """`run` as it was when it was taken; what changes is read again."""

    run: TrainingRun
    claim: Claim
    options: Options
    folder: RunFolder
    workshop: Workshop

    @property
    def document_type(self) -> str:
        """The name of the type that the run is about."""
        return self.run.snapshot.type_version.document_type.name

    def open_steps(self, *names: StepName) -> list[RunStep]:
        """Steps of these names that are not done, in order."""
        return list(self.run.steps.filter(name__in=names).exclude(state=RunState.DONE))

    def begin(self, step: RunStep) -> None:
        """Raises StaleClaim. The time of a step that is begun again counts from its first beginning."""
        with leases.holding(self.claim):
            step.state, step.started_at = RunState.RUNNING, step.started_at or timezone.now()
            step.save(update_fields=["state", "started_at"])

    def end(
        self, step: RunStep, *, before: str = "", after: str = "", figures: Mapping[str, Any] | None = None
    ) -> None:
        """The step is done; this is progress, so attempts count from 0 again. Raises StaleClaim."""
        with leases.holding(self.claim):
            step.state, step.finished_at = RunState.DONE, timezone.now()
            step.started_at = step.started_at or step.finished_at
            step.digest_before, step.digest_after = before or step.digest_before, after or step.digest_after
            step.figures = {**step.figures, **(figures or {})}
            step.save()
            leases.write(self.claim, attempt=0)
            self._record(step)

    def reason_to_pause(self) -> str:
        """ "" while it may go on."""
        if children.leaving.is_set():
            return LEAVING
        run = leases.held(self.claim).only("stop_asked").first()
        if run is None:
            return TAKEN
        if run.stop_asked:
            return ASKED
        window = self.options.window
        return OUT_OF_HOURS if window and not window.is_open(timezone.now()) else ""

    def pause_if_due(self) -> None:
        """Between steps. Raises Halted."""
        reason = self.reason_to_pause()
        if reason:
            raise children.Halted(reason)

    def run_program(
        self,
        command: Sequence[str],
        *,
        name: str,
        on_line: Callable[[dict[str, Any]], None] = lambda line: None,
        on_tick: Callable[[], None] = lambda: None,
    ) -> None:
        """Raises Halted, StaleClaim, ChildKilled, ChildFailed or MemoryTooSmall."""

        def tick() -> str:
            on_tick()
            return self.reason_to_pause()

        children.run(command, folder=self.folder.path, name=name, watcher=Watcher(on_line, tick))

    def tell(self, step: RunStep, figures: Mapping[str, Any]) -> None:
        """How far a step is, for the page. Raises StaleClaim."""
        with leases.holding(self.claim):
            step.figures = {**step.figures, **figures}
            step.save(update_fields=["figures"])

    def _record(self, step: RunStep) -> None:
        action = {StepName.QUANTIZE: Action.MODEL_QUANTIZED, StepName.EVALUATE: Action.MODEL_EVALUATED}
        if step.name in action and step.digest_after:
            digests = {"model": step.digest_after, "before": step.digest_before, "snapshot": self.run.snapshot.digest}
            evidence = Evidence(digests={name: digest for name, digest in digests.items() if digest})
            reason = f"run {self.run.pk}: {step.subject}"
            action_of_step = action[StepName(step.name)]
            record(action_of_step, subject=Subject("model", step.digest_after), reason=reason, evidence=evidence)


def taken(claim: Claim, workshop: Workshop) -> Work:
    run = TrainingRun.objects.select_related("snapshot__type_version__document_type").get(pk=claim.run_id)
    return Work(run, claim, Options.from_json(run.options), RunFolder.of(run.pk), workshop)
