"""What must hold when all is quiet again: asked of the box's own records, its log and its files, and over HTTP."""

from __future__ import annotations

import http.client
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.chaos.uploads import Uploads


@dataclass
class Found:
    """`findings`: sentences, one for each thing that is not as it must be. `swept`: files that kills left behind,
    which the product takes away by itself. `entries`: of the log that the verifier went through."""

    lost: int = 0
    duplicated: int = 0
    most_attempts: int = 0
    attempts: Counter[int] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    swept: int = 0
    entries: int = 0


def look_at_running(uploads: Uploads, contents: Mapping[str, bytes], found: Found) -> None:
    """Adds to what was found. `contents`: the bytes of each acknowledged document by its id."""
    _look_at_documents(found, contents)
    _look_at_originals(found, uploads, contents)
    _look_at_attempts(found)


def look_at_stopped(found: Found) -> None:
    """The same of what needs a box whose processes have ended; its database still runs."""
    _look_at_files(found)
    _look_at_log(found)


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
    """What kills left behind goes with the next round of the product's own sweeper, and then all files have rows."""
    from appliance.compliance.belongings import files_of
    from appliance.compliance.erasing import erase_orphans, sweep_leftovers
    from appliance.documents import blobs

    found.swept = sweep_leftovers(idle_for=timedelta(0)) + erase_orphans(idle_for=timedelta(0))
    for document in blobs.documents():
        extra = blobs.others(document, needed=files_of(document))
        found.findings += [f"{path.name} of {document} is kept for nothing" for path in extra]


def _look_at_log(found: Found) -> None:
    """All that was recorded gets its place and is signed here, because the box has stopped."""
    from appliance.audit.key_files import first_public_line
    from appliance.audit.log import sequencing, write_log_folder
    from appliance.audit.log.reconcile import reconcile
    from appliance.audit.verifier.strongroom_verify import run

    found.findings += reconcile().findings
    writer = sequencing.begin()
    while sequencing.integrate(writer):
        pass
    sequencing.sign(writer)
    with tempfile.TemporaryDirectory(prefix="chaos-log-") as folder:
        write_log_folder(Path(folder))
        report = run(["log", folder, "--key", first_public_line()])
    found.entries = report.entries
    if report.verdict != "ok":
        found.findings.append(f"the verifier of the log says {report}")
