"""The services of a replay: an officer asks for it, a worker takes it, its result is stored. Each is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action, Outcome
from appliance.audit.dossier.comparing import Comparison
from appliance.audit.dossier.models import Replay, Verdict
from appliance.audit.dossier.replaying import Impossible
from appliance.audit.record import Evidence, record
from appliance.documents import jobs
from appliance.documents.errors import DocumentError
from appliance.documents.jobs import LIVE, Claim
from appliance.documents.models import Extraction, Job, Stage
from appliance.documents.transitions import locked, subject_of


class ReplayRunning(DocumentError):
    code = "replay_running"
    sentence = "Another run of this document is being replayed just now."
    next_step = "Wait until it is done, then ask again."


@dataclass(frozen=True)
class ReplayWork:
    """What a worker needs in order to replay one run."""

    claim: Claim
    replay: Replay


def ask_replay(*, extraction_id: int, by: Person) -> Replay:
    """Queue a replay; one of the same run that waits or runs already is returned. Raises ReplayRunning for another."""
    with transaction.atomic():
        run = Extraction.objects.select_related("document").get(pk=extraction_id)
        document = locked(run.document_id)
        live = Job.objects.filter(document=document, stage=Stage.REPLAY, state__in=LIVE).first()
        if live is not None:
            replay = Replay.objects.filter(job=live, extraction=run).first()
            if replay is None:
                raise ReplayRunning
            return replay
        replay = Replay.objects.create(extraction=run, job=jobs.queue(document, Stage.REPLAY), asked_by=by)
        record(Action.REPLAY_ASKED, subject=subject_of(document), reason=_named(replay), evidence=_evidence(run))
    return replay


def begin_replay(*, job_id: int) -> ReplayWork | None:
    """Take the job. None when somebody else has it or it is done."""
    with transaction.atomic():
        claim = jobs.take(job_id)
        if claim is None:
            return None
        replay = Replay.objects.select_related("extraction__document", "extraction__type_version").get(job=job_id)
    return ReplayWork(claim, replay)


def store_comparison(*, work: ReplayWork, comparison: Comparison) -> Replay:
    """Raises StaleClaim."""
    verdict = Verdict.EQUAL if comparison.is_equal else Verdict.DIFFERS
    return _store(work, verdict, comparison.as_json(), _place_in_words(comparison))


def store_impossible(*, work: ReplayWork, cause: Impossible) -> Replay:
    """Raises StaleClaim."""
    return _store(work, Verdict.IMPOSSIBLE, {"code": cause.code, "sentence": cause.sentence}, cause.code)


def put_back(*, work: ReplayWork, code: str) -> bool:
    """Try again later. False when this was the last attempt. Raises StaleClaim."""
    if work.claim.is_last_attempt:
        return False
    with transaction.atomic():
        jobs.hold(work.claim)
        jobs.put_back(work.claim, code)
    return True


def _store(work: ReplayWork, verdict: Verdict, report: dict[str, Any], detail: str) -> Replay:
    replay, run = work.replay, work.replay.extraction
    with transaction.atomic():
        jobs.hold(work.claim)
        replay.verdict, replay.report, replay.finished_at = verdict, report, timezone.now()
        replay.save(update_fields=("verdict", "report", "finished_at"))
        record(
            Action.REPLAY_RUN,
            subject=subject_of(locked(run.document_id)),
            outcome=Outcome.FAILED if verdict == Verdict.IMPOSSIBLE else Outcome.DONE,
            reason=f"{_named(replay)}: {verdict}{f', {detail}' if detail else ''}",
            evidence=_evidence(run),
        )
        jobs.finish(work.claim)
    return replay


def _named(replay: Replay) -> str:
    return f"replay {replay.pk} of run {replay.extraction_id}"


def _evidence(run: Extraction) -> Evidence:
    return Evidence(digests={"extraction": run.key, "model": run.model_digest})


def _place_in_words(comparison: Comparison) -> str:
    """Names of fields and numbers alone: the log holds no words of documents."""
    place = comparison.place
    if place is None:
        return ", ".join(difference.path for difference in comparison.values[:3])
    if place.asked_differently:
        return f"question {place.question} was another one"
    return f"question {place.question}, token {place.token}, {place.field}"
