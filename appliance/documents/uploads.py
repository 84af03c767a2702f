"""Taking a file in: the bytes go to disk, then the row, the log entry and the job in one transaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, record
from appliance.compliance.holding import cover_by_name
from appliance.document_types.models import DocumentType
from appliance.documents import blobs, jobs
from appliance.documents.admission import check_admitted
from appliance.documents.models import Document, Stage
from appliance.documents.room import told_when_full
from appliance.documents.states import State
from appliance.documents.stored_pages import storable
from appliance.documents.transitions import subject_of
from extraction.errors import EmptyFile, FileTooLarge
from extraction.read.sniff import sniff

NAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Origin:
    """Who brought a file, what type they chose (None: the appliance decides), and the e-mail it hung on."""

    by: Person
    document_type: DocumentType | None = None
    parent: Document | None = None


def upload(*, untrusted_name: str, content: bytes, origin: Origin) -> Document:
    """A new document, waiting to be read, or a duplicate that names its twin and is not read.

    When it returns, bytes, row, record and job outlast a loss of power. Where it raises nothing was kept, but for
    DatabaseAway: the connection may have broken behind the commit, and then the file's twin says so.

    Raises a ReadingError, StorageFull, StorageFailed, QueueFull, TooManyUploads, DatabaseAway or LogUnavailable.
    """
    check_acceptable(untrusted_name=untrusted_name, content=content)
    with told_when_full():
        if origin.parent is None:
            check_admitted(by=origin.by, size=len(content))
        document_id = uuid4()
        sha256 = _put(content, document_id)
        with transaction.atomic():
            document = Document(
                pk=document_id, sha256=sha256, size=len(content), untrusted_name=tidy_name(untrusted_name)
            )
            return _store(document, origin)


def _put(content: bytes, document_id: UUID) -> str:
    """Where the disk fails half-way nothing stays, not even until the next sweep. Raises OSError."""
    try:
        return blobs.put_first(content, document_id=document_id)
    except OSError:
        with suppress(OSError):
            blobs.erase_all(document_id)
        raise


def _store(document: Document, origin: Origin) -> Document:
    """Row, record and job, in the transaction around it."""
    sha256 = document.sha256
    _one_at_a_time(sha256)
    twin = Document.objects.filter(sha256=sha256).exclude(state=State.DUPLICATE).order_by("uploaded_at").first()
    document.state = State.DUPLICATE if twin else State.RECEIVED
    document.duplicate_of, document.parent = twin, origin.parent
    document.document_type, document.uploaded_by = origin.document_type, origin.by
    document.version = 1
    document.save(force_insert=True)
    cover_by_name(document)
    _record(document)
    if twin is None:
        jobs.queue(document, Stage.READ)
    return document


def check_acceptable(*, untrusted_name: str, content: bytes) -> None:
    """What can be said without opening the file. Raises a ReadingError."""
    if not content:
        raise EmptyFile
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise FileTooLarge
    sniff(content, untrusted_name)


def tidy_name(untrusted_name: str) -> str:
    """The last part of the name without control characters; never empty. Still not to be trusted as a path."""
    last = PurePosixPath(storable(untrusted_name).replace("\\", "/")).name
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[-NAME_LENGTH:] or "document"


def _one_at_a_time(sha256: str) -> None:
    """Two uploads of the same bytes at the same moment: the second one waits and then sees its twin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])


def _record(document: Document) -> None:
    twin = document.duplicate_of_id
    record(
        Action.DOCUMENT_UPLOADED,
        subject=subject_of(document),
        reason=f"duplicate of {twin}" if twin else f"attached to {document.parent_id}" if document.parent_id else "",
        evidence=Evidence(digests={"original": document.sha256}),
    )
