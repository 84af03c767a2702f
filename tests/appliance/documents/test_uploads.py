from __future__ import annotations

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.documents import blobs
from appliance.documents.models import Document, Job, Stage
from appliance.documents.states import State
from appliance.documents.uploads import Origin, tidy_name, upload
from extraction.errors import EmptyFile, FileTooLarge, ReadingError, UnknownFormat
from tests.appliance.documents import made


def test_upload_keeps_the_bytes_and_waits_to_be_read(clara: Person) -> None:
    document = upload(untrusted_name="a.txt", content=b"hello there", origin=Origin(clara))

    assert (document.state, document.size, document.untrusted_name) == (State.RECEIVED, 11, "a.txt")
    assert blobs.get(document.sha256, document_id=document.pk) == b"hello there"
    assert document.jobs.get().stage == Stage.READ


def test_upload_is_recorded_with_the_digest_of_the_original(clara: Person) -> None:
    document = upload(untrusted_name="a.txt", content=b"hello there", origin=Origin(clara))

    event = AuditEvent.objects.get(object_id=str(document.pk))
    assert (event.action, event.object_version) == ("document_uploaded", document.version)
    assert document.sha256.encode() in bytes(event.record)


@pytest.mark.django_db
def test_upload_rings_only_after_the_commit(
    clara: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        upload(untrusted_name="a.txt", content=b"hello there", origin=Origin(clara))

    assert len(rings) == 1


@pytest.mark.parametrize(
    ("content", "error"), [(b"", EmptyFile), (b"   \n", EmptyFile), (b"MZ" + bytes(500), UnknownFormat)]
)
def test_upload_refuses_what_cannot_be_read_and_keeps_nothing(
    clara: Person, content: bytes, error: type[ReadingError]
) -> None:
    with pytest.raises(error):
        upload(untrusted_name="a.bin", content=content, origin=Origin(clara))

    assert (Document.objects.count(), Job.objects.count()) == (0, 0)


def test_upload_refuses_one_byte_too_many(clara: Person, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    assert upload(untrusted_name="a.txt", content=b"ten letter", origin=Origin(clara)).size == 10  # control

    with pytest.raises(FileTooLarge):
        upload(untrusted_name="a.txt", content=b"ten letters", origin=Origin(clara))


def test_same_bytes_become_a_duplicate_that_names_its_twin(clara: Person, carl: Person) -> None:
    first = made.uploaded(clara)
    second = made.uploaded(carl)
    third = made.uploaded(carl)

    assert (second.state, second.duplicate_of_id) == (State.DUPLICATE, first.pk)
    assert (third.state, third.duplicate_of_id) == (State.DUPLICATE, first.pk)
    assert Job.objects.count() == 1


def test_other_bytes_are_no_duplicate(clara: Person) -> None:
    made.uploaded(clara, b"one receipt")

    assert made.uploaded(clara, b"two receipt").duplicate_of is None


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("a\x00\n\u202eb.pdf", "a\ufffdb.pdf"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_tidy_name_is_a_plain_file_name(untrusted: str, shown: str) -> None:
    assert tidy_name(untrusted) == shown
