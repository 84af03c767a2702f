"""What became of the documents, and whether each result names the model that made it: that one is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from appliance.documents import engine
from appliance.documents.models import Document, Extraction
from appliance.documents.states import State
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_runs import load_turns
from extraction.pipeline import extract
from extraction.transcript import Recorder


@dataclass
class Count:
    """`models`: how many of them made a result. `told_apart`: results that only the model named would give."""

    lost: int = 0
    misnamed: int = 0
    told_apart: int = 0
    models: int = 0

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.misnamed} misnamed, {self.told_apart} told apart, {self.models} models"


def count(documents: Sequence[UUID], models: Sequence[str]) -> Count:
    found, names = Count(), set()
    for document in Document.objects.filter(pk__in=documents).select_related("current_extraction__type_version"):
        runs = list(document.extractions.all())
        run = document.current_extraction
        if document.state != State.TO_REVIEW or run is None or len(runs) != 1:
            found.lost += 1
            continue
        names.add(run.model_digest)
        stored = [turn.answer for turn in load_turns(run)]
        again = {digest: _answers(run, digest) for digest in models}
        found.misnamed += again[run.model_digest] != stored
        found.told_apart += all(answers != stored for digest, answers in again.items() if digest != run.model_digest)
    found.lost += len(documents) - Document.objects.filter(pk__in=documents).count()
    found.models = len(names)
    return found


def _answers(run: Extraction, digest: str) -> list[bytes]:
    with engine.model_holder.lent(digest) as model:
        recorder = Recorder(model)
        extract(load_read_document(run.document), run.type_version.spec, recorder)
    return [turn.answer for turn in recorder.turns]
