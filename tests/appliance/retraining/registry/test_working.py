"""What comes of each kind of work, in the store and in the log."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.compliance.promotion import ask_promotion
from appliance.retraining.models import Measured, MeasuredValue, Part
from appliance.retraining.registry import doing, jobs, services, tasks
from appliance.retraining.registry.errors import (
    ModelNeeded,
    NameNotConfirmed,
    NameNotFree,
    NoFullPrecision,
    NotFit,
    NothingToMeasureOn,
    NotInStore,
    NotOnMedium,
)
from appliance.retraining.registry.models import JobState, ModelJob
from appliance.retraining.registry.protection import reasons_to_keep
from models_store import store
from models_store.card import ModelState
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop
from tests.appliance.retraining.registry.made import snapshot
from tests.appliance.retraining.stored import put

pytestmark = pytest.mark.django_db


def done(job: ModelJob, workshop: FakeWorkshop) -> ModelJob:
    """The job after a worker had it."""
    tasks.work_on(job.pk, workshop)
    job.refresh_from_db()
    return job


def checked(medium: Path, by: Person, workshop: FakeWorkshop, content: bytes = b"new") -> ModelJob:
    (medium / "new.gguf").write_bytes(content)
    return done(services.ask_check(by=by, source="new.gguf"), workshop)


def digests_of(event: AuditEvent) -> dict[str, str]:
    found: dict[str, str] = json.loads(bytes(event.record))["digests"]
    return found


def test_what_was_checked_is_brought_in_and_the_log_names_it(
    root: Path, medium: Path, adam: Person, workshop: FakeWorkshop
) -> None:
    check = checked(medium, adam, workshop)
    job = done(services.ask_import(by=adam, check=check, name="from outside"), workshop)
    digest = hashlib.sha256(b"new").hexdigest()
    assert (job.state, job.result) == (JobState.DONE, {"model": digest})
    assert (store.read_card(digest, root=root).name, store.state_of(digest, root=root)) == ("from outside", "imported")
    event = AuditEvent.objects.get(action="model_imported")
    assert (event.object_id, event.actor, event.outcome) == (digest, "registrar", "done")
    assert event.reason == "asked for by adam"


def test_what_changed_on_the_medium_after_its_check_is_not_brought_in(
    root: Path, medium: Path, adam: Person, workshop: FakeWorkshop
) -> None:
    check = checked(medium, adam, workshop)
    (medium / "new.gguf").write_bytes(b"another one")
    job = done(services.ask_import(by=adam, check=check, name="from outside"), workshop)
    assert (job.state, job.error_code, store.list_models(root=root)) == (JobState.FAILED, "checksum_wrong", [])
    assert AuditEvent.objects.get(action="model_imported").outcome == "failed"


def test_what_is_not_fit_cannot_be_asked_for(medium: Path, adam: Person, workshop: FakeWorkshop) -> None:
    check = checked(medium, adam, workshop, b"program")
    assert (check.state, check.result["problem"]["code"]) == (JobState.DONE, "unsafe_file")
    with pytest.raises(NotFit):
        services.ask_import(by=adam, check=check, name="from outside")
    again = done(services.ask_check(by=adam, source="new.gguf", leave_programs=True), workshop)
    assert again.result["is_fit"]  # control: the same file, its programs left behind


def test_a_medium_that_was_taken_away_is_told(medium: Path, adam: Person, workshop: FakeWorkshop) -> None:
    check = checked(medium, adam, workshop)
    (medium / "new.gguf").unlink()
    with pytest.raises(NotOnMedium):
        services.ask_import(by=adam, check=check, name="from outside")


def test_a_quantization_keeps_its_steps_with_their_digests(root: Path, adam: Person, workshop: FakeWorkshop) -> None:
    digest = put(root, "starter", weights="e" * 64)
    job = done(services.ask_quantize(by=adam, digest=digest, quantizations=["Q4_K_M", "Q2_K"]), workshop)
    assert [(step["quantization"], step["before"]) for step in job.result["steps"]] == [
        ("Q4_K_M", "e" * 64),
        ("Q2_K", "e" * 64),
    ]
    event = AuditEvent.objects.get(action="model_quantized")
    assert set(digests_of(event)) == {"model", "Q4_K_M", "Q2_K"}


def test_a_model_without_full_precision_cannot_be_quantized(root: Path, adam: Person) -> None:
    with pytest.raises(NoFullPrecision):
        services.ask_quantize(by=adam, digest=put(root, "starter"), quantizations=["Q4_K_M"])


def test_a_measurement_keeps_figures_and_answers(root: Path, adam: Person, workshop: FakeWorkshop) -> None:
    digest, on = put(root, "starter", quantization="Q8_0"), snapshot()
    workshop.right = (True, False)
    job = done(services.ask_evaluate(by=adam, digest=digest, snapshot=on), workshop)
    measured = Measured.objects.get()
    assert (job.state, measured.model_digest, measured.quantization) == (JobState.DONE, digest, "Q8_0")
    assert (measured.summary["n"], MeasuredValue.objects.filter(is_right=False).count()) == (2, 1)
    assert digests_of(AuditEvent.objects.get(action="model_evaluated"))["snapshot"] == on.digest


def test_nothing_is_measured_on_documents_that_teach(root: Path, adam: Person) -> None:
    digest = put(root, "starter")
    for on in (snapshot(part=Part.TRAIN), None):
        with pytest.raises(NothingToMeasureOn):
            services.ask_evaluate(by=adam, digest=digest, snapshot=on)


def test_names_are_given_and_changed_without_copying_bytes(root: Path, adam: Person, workshop: FakeWorkshop) -> None:
    digest = put(root, "starter")
    done(services.ask_copy(by=adam, digest=digest, name="receipts"), workshop)
    assert store.names_of(digest, root=root) == ("receipts",)
    done(services.ask_rename(by=adam, digest=digest, old="receipts", new="receipts-2026"), workshop)
    assert (store.names_of(digest, root=root), len(store.list_models(root=root))) == (("receipts-2026",), 1)
    assert [event.reason for event in AuditEvent.objects.filter(action="model_copied").order_by("pk")] == [
        "named “receipts”; asked for by adam",
        "“receipts” is “receipts-2026”; asked for by adam",
    ]


def test_a_name_of_another_model_is_not_taken_over(root: Path, adam: Person, workshop: FakeWorkshop) -> None:
    first, second = put(root, "first"), put(root, "second")
    done(services.ask_copy(by=adam, digest=first, name="mine"), workshop)
    with pytest.raises(NameNotFree):
        services.ask_copy(by=adam, digest=second, name="mine")
    assert store.names_of(second, root=root) == ()


def test_a_removal_is_in_the_log_before_the_bytes_go(
    root: Path, adam: Person, workshop: FakeWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = put(root, "old")
    job = services.ask_remove(by=adam, digest=digest, typed="old", reason="nobody needs it")
    claim = jobs.take(job.pk)
    assert claim is not None
    doing.record_removal(claim)
    assert (AuditEvent.objects.get(action="model_removed").object_id, store.read_card(digest, root=root).name) == (
        digest,
        "old",
    )
    ModelJob.objects.update(lease_until=None)  # the worker died here
    ended = done(job, workshop)
    assert (ended.state, ended.result["bytes"] > 0, store.list_models(root=root)) == (JobState.DONE, True, [])
    assert AuditEvent.objects.filter(action="model_removed").count() == 1


def test_a_removal_that_died_after_the_bytes_went_ends_well(root: Path, adam: Person, workshop: FakeWorkshop) -> None:
    digest = put(root, "old")
    job = services.ask_remove(by=adam, digest=digest, typed="old", reason="nobody needs it")
    claim = jobs.take(job.pk)
    assert claim is not None
    doing.record_removal(claim)
    store.remove(digest, root=root)
    ModelJob.objects.update(lease_until=None)
    assert done(job, workshop).state == JobState.DONE


def test_a_model_goes_only_when_its_name_is_typed(root: Path, adam: Person) -> None:
    digest = put(root, "old")
    with pytest.raises(NameNotConfirmed):
        services.ask_remove(by=adam, digest=digest, typed="Old", reason="nobody needs it")
    assert services.ask_remove(by=adam, digest=digest, typed="old ", reason="nobody needs it").state == "waiting"


def test_models_that_are_needed_stay(root: Path, adam: Person) -> None:
    names = ("previous", "production", "free")
    previous, production, free = (put(root, name) for name in names)
    put(root, "child", base=free)
    store.promote(previous, root=root)
    store.promote(production, root=root)
    for digest, name, why in (
        (production, "production", "It is in force."),
        (previous, "previous", "It is the previous model, the one to go back to."),
        (free, "free", "It is the base of “child”: remove that first."),
    ):
        with pytest.raises(ModelNeeded) as refused:
            services.ask_remove(by=adam, digest=digest, typed=name, reason="nobody needs it")
        assert refused.value.reasons == (why,)
    assert reasons_to_keep(put(root, "nobody")) == ()  # control


def test_a_model_that_somebody_asked_for_stays_also_when_the_removal_was_asked_before(
    root: Path, adam: Person, workshop: FakeWorkshop
) -> None:
    """The look before the bytes go counts, not the one at the click."""
    store.promote(put(root, "production"), root=root)
    digest = put(root, "wanted", state=ModelState.CANDIDATE, verdict={"passed": True, "reasons": []})
    job = services.ask_remove(by=adam, digest=digest, typed="wanted", reason="nobody needs it")
    ask_promotion(by=adam, digest=digest, reason="it is better")
    ended = done(job, workshop)
    assert (ended.state, ended.error_code) == (JobState.FAILED, "model_needed")
    assert "Somebody asked to put it in force" in ended.error_detail
    assert store.read_card(digest, root=root).name == "wanted"


def test_a_model_that_is_not_there_is_told(adam: Person) -> None:
    with pytest.raises(NotInStore):
        services.ask_copy(by=adam, digest="0" * 64, name="nothing")
