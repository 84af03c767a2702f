"""What must hold when all is quiet again: asked of the box's own records, its log and its files, and over HTTP."""

from __future__ import annotations

import http.client
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.uploads import Uploads

SIGNED_SECONDS = 150.0


@dataclass
class Found:
    """`findings`: sentences, one for each thing that is not as it must be."""

    lost: int = 0
    duplicated: int = 0
    most_attempts: int = 0
    attempts: Counter[int] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


def look(uploads: Uploads, contents: Mapping[str, bytes], found: Found) -> Found:
    """Adds to what was found. `contents`: the bytes of each acknowledged document by its id."""
    _look_at_documents(found, contents)
    _look_at_originals(found, uploads, contents)
    _look_at_attempts(found)
    _look_at_files(found)
    _look_at_log(found)
    return found


def _look_at_documents(found: Found, contents: Mapping[str, bytes]) -> None:
    from appliance.documents.models import Document
    from appliance.documents.states import State

    documents = {str(document.pk): document for document in Document.objects.all()}
    for name in contents:
        if name not in documents:
            found.lost += 1
            found.findings.append(f"{name} was acknowledged and is gone")
    originals = Counter(document.sha256 for document in documents.values() if document.state != State.DUPLICATE)
    found.duplicated += sum(count - 1 for count in originals.values())
    for name, document in documents.items():
        if document.state == State.QUARANTINED:
            found.quarantined[document.error_code or "without a reason"] += 1
        if document.state == State.TO_REVIEW:
            _look_at_results(found, name, document)


def _look_at_results(found: Found, name: str, document: object) -> None:
    """One run, the one that counts, and one record of it in the log."""
    from appliance.audit.actions import Action
    from appliance.audit.models import AuditEvent
    from appliance.documents.models import Extraction

    runs = Extraction.objects.filter(document_id=name).count()
    told = AuditEvent.objects.filter(object_id=name, action=Action.DOCUMENT_EXTRACTED).count()
    if runs == 0 or getattr(document, "current_extraction_id") is None:  # noqa: B009  typed as object here
        found.lost += 1
        found.findings.append(f"{name} is to be reviewed without a result")
    if runs > 1 or told > 1:
        found.duplicated += 1
        found.findings.append(f"{name} has {runs} runs and {told} records of one")


def _look_at_originals(found: Found, uploads: Uploads, contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        try:
            status, given = uploads.original(name)
        except (OSError, http.client.HTTPException) as error:
            status, given = 0, repr(error).encode()
        if (status, given) != (200, content):
            found.lost += 1
            found.findings.append(f"the original of {name} is not given back ({status}, {len(given)} bytes)")


def _look_at_attempts(found: Found) -> None:
    from django.conf import settings

    from appliance.documents.models import Job

    found.attempts = Counter(Job.objects.values_list("attempt", flat=True))
    found.most_attempts = max(found.attempts, default=0)
    if found.most_attempts > settings.JOB_MAX_ATTEMPTS:
        found.findings.append(f"a job had {found.most_attempts} attempts")


def _look_at_files(found: Found) -> None:
    """Every stored file has its row; nothing that was being written is left."""
    from django.conf import settings

    from appliance.documents import blobs
    from appliance.documents.models import Document, Page

    wanted = set(Document.objects.values_list("sha256", flat=True))
    wanted |= set(Document.objects.values_list("thumbnail_sha256", flat=True))
    wanted |= set(Page.objects.values_list("image_sha256", flat=True))
    orphans = [name for name in blobs.names() if name not in wanted]
    unfinished = [path for path in (settings.BLOB_DIR / "new").glob("*") if path.is_file()]
    found.findings += [f"{name} is stored for nobody" for name in orphans]
    found.findings += [f"{path.name} was never finished" for path in unfinished]


def _look_at_log(found: Found) -> None:
    from appliance.audit.key_files import first_public_line
    from appliance.audit.log import write_log_folder
    from appliance.audit.log.reconcile import reconcile
    from appliance.audit.verifier.strongroom_verify import run

    _wait_until_signed()
    found.findings += reconcile().findings
    folder = Path(tempfile.mkdtemp(prefix="chaos-log-"))
    try:
        write_log_folder(folder)
        report = run(["log", str(folder), "--key", first_public_line()])
        if report.verdict != "ok":
            found.findings.append(f"the verifier of the log says {report}")
    finally:
        shutil.rmtree(folder)


def _wait_until_signed() -> None:
    """Until a checkpoint covers what was recorded up to now."""
    from appliance.audit.models import Checkpoint, Leaf, StagedRecord

    deadline, wanted = time.monotonic() + SIGNED_SECONDS, None
    while time.monotonic() < deadline:
        if wanted is None and not StagedRecord.objects.exists():
            wanted = Leaf.objects.count()
        if wanted is not None and Checkpoint.objects.filter(size__gte=wanted).exists():
            return
        time.sleep(0.5)
