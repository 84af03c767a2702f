"""A run is replayed by a real model: equal, or different with the place named, or impossible with the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.dossier import replays, tasks
from appliance.audit.dossier.models import Replay, Verdict
from appliance.audit.dossier.replays import ReplayRunning, ask_replay, begin_replay
from appliance.audit.models import AuditEvent
from appliance.celery import app
from appliance.documents import failures, jobs
from appliance.documents.doorbell import TASKS
from appliance.documents.models import Document, Extraction, Job, JobState, ModelAnswer, Page, Stage
from models_store import store
from tests.appliance.audit.dossier.runs import extracted, random_model
from tests.appliance.behind_the_log import overwrite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.model]


@pytest.fixture(autouse=True)
def _silent_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.documents.jobs.ring_after_commit", lambda job: None)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two models."""
    root = tmp_path_factory.mktemp("store")
    for seed in (1, 2):
        random_model(root.parent, root=root, seed=seed)
    return root


@pytest.fixture
def root(weights: Path, tmp_path: Path, settings: Settings) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "store"
    shutil.copytree(weights, settings.MODELS_STORE_ROOT)
    return settings.MODELS_STORE_ROOT


@pytest.fixture
def digests(root: Path) -> list[str]:
    return sorted(model.card.digest for model in store.list_models(root=root))


@pytest.fixture
def document(clara: Person, digests: list[str]) -> Document:
    return extracted(clara, digests[0])


def replayed(document: Document, by: Person) -> Replay:
    replay = ask_replay(extraction_id=document.extractions.get().pk, by=by)
    tasks.replay_extraction(replay.job_id)
    replay.refresh_from_db()
    return replay


def test_same_model_and_pages_replay_equal(document: Document, olga: Person) -> None:
    replay = replayed(document, olga)

    assert (replay.verdict, replay.report["place"], replay.report["values"]) == (Verdict.EQUAL, None, [])
    assert replay.report["answers_compared"]
    assert replay.extraction.answers.count() >= 1
    assert Job.objects.get(stage=Stage.REPLAY).state == JobState.DONE


def test_control_another_model_differs_at_a_named_token(document: Document, olga: Person, digests: list[str]) -> None:
    """The run claims the other model: its pages, schema and questions are the same, the answers are not."""
    Extraction.objects.update(model_digest=digests[1])
    replay = replayed(document, olga)
    place = replay.report["place"]

    assert replay.verdict == Verdict.DIFFERS
    assert (place["question"], place["asked_differently"]) == (1, False)
    assert place["token"] >= 1
    assert place["field"]
    assert place["then"] != place["now"]


def test_control_a_changed_word_names_its_page(document: Document, olga: Person) -> None:
    page = Page.objects.get(document=document)
    page.words[0][0] = "Changed"
    page.save()
    replay = replayed(document, olga)

    assert replay.verdict == Verdict.DIFFERS
    assert replay.report["pages_changed"] == [1]
    assert replay.report["place"]["asked_differently"]


def test_control_an_answer_altered_afterwards_is_found_at_its_token(document: Document, olga: Person) -> None:
    answer = ModelAnswer.objects.get(position=0)
    tokens = bytearray(answer.tokens)
    tokens[4 * 5] ^= 1
    overwrite(ModelAnswer.objects.filter(pk=answer.pk), tokens=bytes(tokens))
    replay = replayed(document, olga)

    assert (replay.verdict, replay.report["place"]["token"]) == (Verdict.DIFFERS, 6)


def test_control_a_value_altered_afterwards_is_named(document: Document, olga: Person) -> None:
    value = document.extractions.get().values.first()
    assert value is not None
    overwrite(type(value).objects.filter(pk=value.pk), raw="altered", normal="")
    replay = replayed(document, olga)

    assert (replay.verdict, replay.report["place"]) == (Verdict.DIFFERS, None)
    assert [difference["path"] for difference in replay.report["values"]] == [value.path]
    assert replay.report["values"][0]["then"] == "altered"


def test_run_that_kept_no_answers_is_compared_by_its_values(document: Document, olga: Person) -> None:
    ModelAnswer.objects.all().delete()
    replay = replayed(document, olga)

    assert (replay.verdict, replay.report["answers_compared"]) == (Verdict.EQUAL, False)


@pytest.mark.parametrize("code", ["model_gone", "model_damaged", "pages_gone", "code_changed"])
def test_what_cannot_be_replayed_says_why(
    document: Document, olga: Person, digests: list[str], root: Path, code: str
) -> None:
    weights = root / digests[0] / store.MODEL_FILE
    if code == "model_gone":
        shutil.rmtree(weights.parent)
    elif code == "model_damaged":
        weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    elif code == "pages_gone":
        Page.objects.all().delete()
    else:
        Extraction.objects.update(prompt_digest="0" * 64)
    replay = replayed(document, olga)

    assert (replay.verdict, replay.report["code"]) == (Verdict.IMPOSSIBLE, code)
    assert len(replay.report["sentence"]) > 40
    assert AuditEvent.objects.get(action="replay_run").outcome == "failed"


def test_asking_and_the_result_are_recorded_without_words_of_the_document(document: Document, olga: Person) -> None:
    overwrite(Page.objects.filter(document=document), words=Page.objects.get(document=document).words[:-1])
    replay = replayed(document, olga)
    asked, run = AuditEvent.objects.filter(action__startswith="replay").order_by("pk")

    assert [asked.action, run.action, run.actor] == ["replay_asked", "replay_run", "replayer"]
    assert run.reason.startswith(f"replay {replay.pk} of run {replay.extraction_id}: differs")
    assert all(event.object_id == str(document.pk) for event in (asked, run))
    assert b"ACME" not in bytes(run.record)
    assert b"12.50" not in bytes(run.record)


def test_replay_changes_nothing_on_the_document(document: Document, olga: Person) -> None:
    before = Document.objects.values().get(pk=document.pk)
    replayed(document, olga)

    assert Document.objects.values().get(pk=document.pk) == before
    assert document.extractions.count() == 1


def test_asking_twice_gives_the_same_replay(document: Document, olga: Person) -> None:
    run = document.extractions.get()

    assert ask_replay(extraction_id=run.pk, by=olga) == ask_replay(extraction_id=run.pk, by=olga)
    assert Replay.objects.count() == 1


def test_second_run_of_a_document_waits_until_the_first_is_replayed(document: Document, olga: Person) -> None:
    run = document.extractions.get()
    other = Extraction.objects.get(pk=run.pk)
    other.pk, other.key = None, "o" * 64
    other.save(force_insert=True)
    ask_replay(extraction_id=run.pk, by=olga)

    with pytest.raises(ReplayRunning):
        ask_replay(extraction_id=other.pk, by=olga)


def test_worker_that_lost_its_lease_writes_no_verdict(document: Document, olga: Person) -> None:
    replay = ask_replay(extraction_id=document.extractions.get().pk, by=olga)
    work = begin_replay(job_id=replay.job_id)
    assert work is not None
    Job.objects.filter(pk=replay.job_id).update(fencing_token=99)

    with pytest.raises(jobs.StaleClaim):
        replays.store_impossible(work=work, cause=replays.Impossible("x", "y"))
    replay.refresh_from_db()
    assert (replay.verdict, replay.is_live) == ("", True)


def test_replay_whose_worker_died_each_time_is_given_up_and_the_document_stays(
    document: Document, olga: Person, settings: Settings
) -> None:
    replay = ask_replay(extraction_id=document.extractions.get().pk, by=olga)
    Job.objects.filter(pk=replay.job_id).update(attempt=settings.JOB_MAX_ATTEMPTS, state=JobState.RUNNING)
    failures.sweep()

    replay = Replay.objects.get(pk=replay.pk)
    assert (replay.is_lost, replay.is_live) == (True, False)
    assert Document.objects.get(pk=document.pk).state == document.state


def test_message_of_a_replay_that_is_done_does_nothing(document: Document, olga: Person) -> None:
    replay = replayed(document, olga)
    tasks.replay_extraction(replay.job_id)

    assert AuditEvent.objects.filter(action="replay_run").count() == 1


def test_worker_knows_the_tasks_that_the_doorbell_rings() -> None:
    app.loader.import_default_modules()

    assert set(TASKS.values()) <= set(app.tasks)
