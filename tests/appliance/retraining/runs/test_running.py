"""A run from its asking to its candidates, with small programs in place of the heavy ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.retraining.models import Measured, MeasuredValue, RunState, StepName, TrainingRun
from appliance.retraining.runs import children
from appliance.retraining.runs.folder import RunFolder
from appliance.retraining.runs.options import ADAPTER
from appliance.retraining.runs.services import discard_run, resume_run, stop_run
from appliance.retraining.runs.tasks import work_on
from extraction.language_model import adapted_digest
from models_store import store
from models_store.card import ModelState
from models_store.weights import has_weights
from tests.appliance.retraining.runs import made
from tests.appliance.retraining.runs.made import FakeWorkshop

pytestmark = pytest.mark.django_db(transaction=True)


def actions(run: TrainingRun) -> list[str]:
    events = AuditEvent.objects.filter(object_type="training_run", object_id=str(run.pk)).order_by("pk")
    return list(events.values_list("action", flat=True))


def done(run: TrainingRun) -> TrainingRun:
    work_on(run.pk, FakeWorkshop())
    return TrainingRun.objects.get(pk=run.pk)


def test_a_run_ends_with_measured_candidates_in_the_store(adam: Person, base: str, root: Path) -> None:
    run = done(made.asked(adam, base))

    assert (run.state, run.error_detail) == (RunState.DONE, "")
    assert run.verdict == {"passed": True, "chosen": "Q4_K_M", "candidates": {"Q8_0": True, "Q4_K_M": True}}
    assert set(run.steps.values_list("state", flat=True)) == {RunState.DONE}
    assert [one.role for one in run.measured.order_by("pk")] == [
        "in force", "full precision", "candidate Q8_0", "candidate Q4_K_M",
    ]  # fmt: skip
    chosen = Measured.objects.get(is_chosen=True)
    card = store.read_card(chosen.model_digest, root=root)
    assert store.state_of(chosen.model_digest, root=root) is ModelState.CANDIDATE
    assert (card.base, card.dataset_digest, card.quantization) == (base, run.snapshot.digest, "Q4_K_M")
    assert len(card.documents) == 8
    assert has_weights(card.weights, root=root)
    assert store.adapter_path(chosen.model_digest, root=root).is_file()
    assert card.scores["F1 on the frozen test part"] == {
        "value": 1.0,
        "n": 30,
        "interval": chosen.summary["f1_interval"],
    }
    assert store.current(root=root).digest == base  # nothing is in force by itself
    assert not RunFolder.of(run.pk).exists


def test_the_adapter_is_a_candidate_of_its_own_for_this_type_alone(adam: Person, base: str, root: Path) -> None:
    run = done(made.asked(adam, base, quantizations=("Q8_0", ADAPTER)))

    assert (run.state, run.error_detail) == (RunState.DONE, "")
    assert run.verdict["candidates"] == {"Q8_0": True, ADAPTER: True}
    measured = run.measured.get(role="candidate adapter")
    card = store.read_card(measured.model_digest, root=root)
    name = run.snapshot.type_version.document_type.name
    assert (card.runs_on, card.document_type, card.weights, card.quantization) == (base, name, "", ADAPTER)
    assert card.digest == adapted_digest(base, card.adapter_file)
    assert measured.factory_summary == {}  # it reads no other type, so it is not asked about any
    store.verify(card.digest, root=root)
    store.promote(card.digest, root=root, document_type=name)
    assert store.current(root=root, document_type=name).digest == card.digest
    assert store.current(root=root).digest == base


def test_the_next_run_is_held_against_the_adapter_in_force(adam: Person, base: str, root: Path) -> None:
    first = done(made.asked(adam, base, quantizations=(ADAPTER,)))
    name, adapter = first.snapshot.type_version.document_type.name, first.measured.get(is_candidate=True)
    store.promote(adapter.model_digest, root=root, document_type=name)

    second = done(made.asked(adam, base, made.snapshot(first=100), quantizations=("Q8_0",)))

    assert second.measured.get(role="in force").model_digest == adapter.model_digest
    assert second.measured.get(role="candidate Q8_0").verdict["passed"] is False  # as good is not better


def test_the_log_names_each_part_of_it(adam: Person, base: str) -> None:
    run = done(made.asked(adam, base))

    assert actions(run) == ["run_asked", "run_started", "run_finished"]
    finished = AuditEvent.objects.get(action="run_finished")
    assert (finished.reason, finished.object_version, run.version) == ("passed", 3, 3)
    assert AuditEvent.objects.filter(action="model_quantized").count() == 2
    assert AuditEvent.objects.filter(action="model_evaluated").count() == 4


def test_the_curve_and_each_answer_are_kept(adam: Person, base: str) -> None:
    run = done(made.asked(adam, base))

    assert [point["step"] for point in run.points] == list(range(1, 13))
    wrong = MeasuredValue.objects.filter(is_right=False)
    assert {(value.measured.role, value.path) for value in wrong} == {("in force", "total")}
    assert wrong.count() == 15
    assert MeasuredValue.objects.filter(expected=None, untrusted_got=None, path="tax").count() == 4 * 30


def test_a_weak_file_is_refused_with_a_reason(adam: Person, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "weak Q4_K_M")

    run = done(made.asked(adam, base))

    assert run.verdict == {"passed": True, "chosen": "Q8_0", "candidates": {"Q8_0": True, "Q4_K_M": False}}
    refused = Measured.objects.get(role="candidate Q4_K_M").verdict
    assert "retention" in {reason["code"] for reason in refused["reasons"] if not reason["passed"]}


def test_a_worker_killed_in_the_midst_leaves_a_run_that_goes_on(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of a kill is a lease that ran out; the program begins at its checkpoint, done steps stay done."""
    monkeypatch.setenv("STRONGROOM_FAKE", "dies")
    run = made.asked(adam, base)
    work_on(run.pk, FakeWorkshop())
    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.WAITING, 0)  # it got three steps further: that is progress

    monkeypatch.setenv("STRONGROOM_FAKE", "")
    TrainingRun.objects.update(lease_until=None)
    folder = RunFolder.of(run.pk)
    begun = run.steps.get(name=StepName.PREPARE).finished_at
    starts = folder.path / "starts"
    assert starts.read_text() == "0\n"
    run = done(run)

    assert run.state == RunState.DONE
    assert run.steps.get(name=StepName.PREPARE).finished_at == begun
    assert [point["step"] for point in run.points] == list(range(1, 13))


def test_a_machine_that_was_started_anew_makes_the_texts_again(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts lie in memory. What was trained so far lies on the disk and stays."""
    monkeypatch.setenv("STRONGROOM_FAKE", "dies")
    run = made.asked(adam, base)
    work_on(run.pk, FakeWorkshop())
    folder, begun = RunFolder.of(run.pk), run.steps.get(name=StepName.PREPARE).finished_at
    shutil.rmtree(folder.texts)

    monkeypatch.setenv("STRONGROOM_FAKE", "")
    TrainingRun.objects.update(lease_until=None)
    run = done(run)

    assert run.state == RunState.DONE
    assert run.steps.get(name=StepName.PREPARE).finished_at > begun


def test_nothing_of_a_document_stands_in_the_run_folder_on_the_disk(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "dies")
    run = made.asked(adam, base)
    work_on(run.pk, FakeWorkshop())
    folder = RunFolder.of(run.pk)
    text = json.loads(folder.labels("train").read_text().splitlines()[0])["text"].split()[0].encode()
    on_disk = [path for path in folder.path.rglob("*") if path.is_file() and not path.is_symlink()]

    assert on_disk
    assert [path.name for path in on_disk if text in path.read_bytes()] == []
    assert text in folder.labels("train").read_bytes()  # control: it is what the labels hold


def test_a_program_that_dies_at_once_each_time_ends_the_run(adam: Person, base: str) -> None:
    class DeadWorkshop(FakeWorkshop):
        def tuning(self, folder: Path) -> list[str]:
            return ["/bin/sh", "-c", "kill -9 $$"]

    run = made.asked(adam, base)
    seen = []
    for _ in range(4):
        TrainingRun.objects.update(lease_until=None)
        work_on(run.pk, DeadWorkshop())
        run.refresh_from_db()
        seen.append((run.state, run.attempt))

    # The first time the data was written, which is progress; after that nothing is.
    assert seen == [("waiting", 0), ("waiting", 1), ("waiting", 2), ("failed", 3)]
    assert run.error_code == "child_killed"
    assert "memory" in run.error_detail
    assert actions(run)[-1] == "run_failed"


def test_a_program_that_says_why_it_failed_is_not_tried_again(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "fails")

    run = done(made.asked(adam, base))

    assert (run.state, run.error_code) == (RunState.FAILED, "diverged")
    assert run.error_detail == "The training lost its way. Start again lower."
    assert run.steps.get(name=StepName.TUNE).state == RunState.FAILED
    assert RunFolder.of(run.pk).exists

    resume_run(by=adam, run_id=run.pk)
    monkeypatch.setenv("STRONGROOM_FAKE", "")
    assert done(run).state == RunState.DONE


def test_discarding_a_failed_run_takes_its_files_and_its_way_back(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_FAKE", "fails")
    run = done(made.asked(adam, base))

    discard_run(by=adam, run_id=run.pk)

    assert not RunFolder.of(run.pk).exists
    assert actions(run)[-2:] == ["run_failed", "run_discarded"]
    with pytest.raises(Exception, match="neither stopped nor failed"):
        resume_run(by=adam, run_id=run.pk)


def test_a_worker_that_ends_puts_its_run_back_without_counting(
    adam: Person, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ending(FakeWorkshop):
        def tuning(self, folder: Path) -> list[str]:
            children.leaving.set()
            return super().tuning(folder)

    monkeypatch.setenv("STRONGROOM_FAKE", "slow")
    run = made.asked(adam, base)
    work_on(run.pk, Ending())
    run.refresh_from_db()
    assert (run.state, run.attempt, run.lease_until) == (RunState.WAITING, 0, None)
    assert "run_stopped" not in actions(run)

    children.leaving.clear()
    monkeypatch.setenv("STRONGROOM_FAKE", "")
    assert done(run).state == RunState.DONE


def test_a_run_whose_workers_die_again_and_again_fails_with_a_reason(adam: Person, base: str) -> None:
    run = made.asked(adam, base)
    TrainingRun.objects.update(attempt=3)
    assert (done(run).state, done(run).error_code) == (RunState.FAILED, "no_progress")


def test_another_worker_gets_nothing_while_the_lease_lives(adam: Person, base: str) -> None:
    from appliance.retraining.runs import leases

    first, second = made.asked(adam, base), made.asked(adam, base, made.snapshot(first=100))
    claim = leases.take(first.pk)

    assert claim is not None
    assert leases.take(first.pk) is None
    assert leases.take(second.pk) is None  # one trains at a time
    TrainingRun.objects.filter(pk=first.pk).update(state=RunState.DONE, lease_until=None)
    assert leases.take(second.pk) is not None


def test_who_lost_the_lease_writes_nothing(adam: Person, base: str) -> None:
    class Thief(FakeWorkshop):
        def tuning(self, folder: Path) -> list[str]:
            TrainingRun.objects.update(fencing_token=99)
            return super().tuning(folder)

    run = made.asked(adam, base)
    work_on(run.pk, Thief())
    run.refresh_from_db()

    assert (run.state, run.fencing_token, run.points) == (RunState.RUNNING, 99, [])


def test_a_run_that_waits_is_stopped_at_once_and_resumed(adam: Person, base: str, silent_bell: list[int]) -> None:
    run = made.asked(adam, base)
    stop_run(by=adam, run_id=run.pk)
    work_on(run.pk, FakeWorkshop())
    assert TrainingRun.objects.get().state == RunState.STOPPED

    resume_run(by=adam, run_id=run.pk)

    assert done(run).state == RunState.DONE
    assert actions(run) == ["run_asked", "run_stopped", "run_resumed", "run_started", "run_finished"]
    assert silent_bell == [run.pk, run.pk]
