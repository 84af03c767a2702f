"""Documents that wait for a model, a worker that extracts them, and switches of the model meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image

from appliance.compliance import deciding
from appliance.compliance.promotion import ask_promotion, digest_in_force
from appliance.document_types.models import DocumentType
from appliance.documents import failures
from appliance.documents.models import Document, Extraction, Stage
from appliance.documents.reading import begin_reading, store_reading
from appliance.documents.states import State
from appliance.documents.uploads import Origin, upload
from appliance.retraining.serving.services import roll_back
from bench.switching.scene import Scene
from extraction.text_document import document_from_text

REPOSITORY = Path(__file__).resolve().parents[2]
LOOK_EVERY_SECONDS = 0.02
SWEEP_EVERY_SECONDS = 10
LONGEST_SECONDS = 1800


class TooSlow(Exception):
    """The worker does not get on."""


@dataclass
class Played:
    """What one round left."""

    documents: tuple[UUID, ...]
    switches: int = 0
    rollback_seconds: list[float] = field(default_factory=list)


def play(scene: Scene, *, documents: int, switches: int, named_by_pointer: bool) -> Played:
    """All documents wait; the worker starts; the switches come at even distances while it works."""
    played = Played(tuple(_waiting_document(scene, number) for number in range(documents)))
    with _worker(scene.folder, named_by_pointer=named_by_pointer):
        for number in range(switches):
            due = documents * (number + 1) // (switches + 1)
            _wait_until(lambda due=due: _done(played.documents) >= due)  # type: ignore[misc]
            _switch(scene, played)
        _wait_until(lambda: _done(played.documents) == documents)
    return played


def _switch(scene: Scene, played: Played) -> None:
    """Forth to the second model by two persons, back to the first one by one."""
    first, second = scene.models
    if digest_in_force() == first:
        request = ask_promotion(by=scene.admin, digest=second, reason="The bench goes forth.")
        deciding.approve(approval_id=request.pk, by=scene.officer, words="The bench goes forth.")
    else:
        clicked = time.time()
        roll_back(by=scene.admin, reason="The bench goes back.")
        played.rollback_seconds.append(_first_result_of(first, played.documents, since=clicked))
    played.switches += 1


def _first_result_of(digest: str, documents: Sequence[UUID], *, since: float) -> float:
    """Seconds from the click to the first result of the model that is in force again."""
    found = Extraction.objects.filter(document__in=documents, model_digest=digest).order_by("-created_at")
    times: list[float] = []

    def is_there() -> bool:
        times[:] = [at.timestamp() for at in found.values_list("created_at", flat=True) if at.timestamp() > since]
        return bool(times)

    _wait_until(is_there)
    return min(times) - since


def _done(documents: Sequence[UUID]) -> int:
    return Document.objects.filter(pk__in=documents).exclude(state__in=(State.READ, State.EXTRACTING)).count()


def _waiting_document(scene: Scene, number: int) -> UUID:
    """A receipt like no other; it is read here, because this is not about reading."""
    text = f"ACME Coffee {number}\n{uuid.uuid4()}\nDate 2026-11-{number % 28 + 1:02}\nTotal {number}.50 EUR\n"
    kind = DocumentType.objects.get(name="receipt")
    document = upload(untrusted_name=f"{number}.txt", content=text.encode(), origin=Origin(scene.clerk, kind))
    work = begin_reading(job_id=document.jobs.get(stage=Stage.READ).pk)
    if work is None:
        raise TooSlow("somebody else reads the documents of this box")
    read = document_from_text(text)
    pages = tuple(replace(page, image_png=_blank()) for page in read.pages)
    store_reading(claim=work.claim, read=replace(read, pages=pages))
    return document.pk


def _blank() -> bytes:
    stream = BytesIO()
    Image.new("L", (8, 8), "white").save(stream, "PNG")
    return stream.getvalue()


@contextmanager
def _worker(folder: Path, *, named_by_pointer: bool) -> Iterator[None]:
    """Ends it with the block, as a supervisor does."""
    command = [sys.executable, "-m", "bench.switching.worker", *(["--named-by-pointer"] if named_by_pointer else [])]
    with (folder / "worker.log").open("ab") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def _wait_until(is_so: Callable[[], bool]) -> None:
    """The clock's part is done here: jobs whose ring was lost are rung for again. Raises TooSlow."""
    start = swept = time.monotonic()
    while not is_so():
        now = time.monotonic()
        if now - start > LONGEST_SECONDS:
            raise TooSlow("the worker does not get on; see worker.log")
        if now - swept > SWEEP_EVERY_SECONDS:
            failures.sweep()
            swept = now
        time.sleep(LOOK_EVERY_SECONDS)
