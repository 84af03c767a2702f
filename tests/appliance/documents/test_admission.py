"""Quota, queue and reserve: each refuses with its code, keeps nothing, and lets go again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.documents.models import Document, Job, JobState
from appliance.documents.uploads import Origin, upload
from tests.appliance.documents import made
from tests.appliance.documents.test_inbox import send

ClientFor = Callable[[Person], Client]
ALL_BYTES = 10**18


def files() -> list[str]:
    return list(Document.objects.values_list("untrusted_name", flat=True))


def test_person_may_upload_so_many_files_a_day(clara: Person, carl: Person, client_for: ClientFor, settings) -> None:
    settings.UPLOADS_PER_DAY = 1
    assert send(client_for(clara), b"first one", "first.txt")[0] == 201

    status, answer = send(client_for(clara), b"second one", "second.txt")

    assert (status, answer["code"]) == (429, "too_many_uploads")
    assert files() == ["first.txt"]
    assert send(client_for(carl), b"of another person", "other.txt")[0] == 201
    Document.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    assert send(client_for(clara), b"second one", "second.txt")[0] == 201


def test_person_may_upload_so_many_bytes_a_day(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    settings.UPLOAD_BYTES_PER_DAY = 15
    assert send(client_for(clara), b"ten letter")[0] == 201

    assert send(client_for(clara), b"ten more..")[1]["code"] == "too_many_uploads"
    assert send(client_for(clara), b"five.")[0] == 201


def test_nought_is_no_bound(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    settings.UPLOADS_PER_DAY = settings.UPLOAD_BYTES_PER_DAY = settings.QUEUE_LIMIT = 0

    assert send(client_for(clara), b"a file")[0] == 201


def test_attachments_count_for_nobody(clara: Person, settings: Settings) -> None:
    settings.UPLOADS_PER_DAY = 1
    mail = made.uploaded(clara)

    upload(untrusted_name="a.txt", content=b"hangs on it", origin=Origin(clara, parent=mail))

    assert Document.objects.count() == 2


def test_long_queue_stops_uploads_of_everybody(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    settings.QUEUE_LIMIT = 1
    client = client_for(clara)
    assert send(client, b"first one")[0] == 201

    status, answer = send(client, b"second one")

    assert (status, answer["code"]) == (503, "queue_full")
    assert "takes no new files" in client.get("/documents/").content.decode()
    Job.objects.update(state=JobState.DONE)
    assert "takes no new files" not in client.get("/documents/").content.decode()
    assert send(client, b"second one")[0] == 201


def test_full_disk_stops_uploads_and_nothing_else(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    client = client_for(clara)
    document = made.to_review(clara)
    settings.DISK_RESERVE_BYTES = ALL_BYTES

    status, answer = send(client, b"one more file")

    assert (status, answer["code"]) == (507, "storage_full")
    assert "Tell the administrator" in str(answer["next_step"])
    assert Document.objects.count() == 1
    assert "disk is nearly full" in client.get("/documents/").content.decode()
    assert client.get(f"/documents/{document.pk}/original/").status_code == 200
    assert client.get(f"/review/{document.pk}/").status_code == 200
    settings.DISK_RESERVE_BYTES = 0
    assert send(client, b"one more file")[0] == 201


def test_refusal_is_told_without_the_script(clara: Person, client_for: ClientFor, settings: Settings) -> None:
    settings.DISK_RESERVE_BYTES = ALL_BYTES
    client = client_for(clara)

    page = client.post("/documents/upload/", {"file": io.BytesIO(b"a file")}, follow=True)

    assert "disk is nearly full" in page.content.decode()
    assert Document.objects.count() == 0


def test_control_without_a_reserve_the_disk_may_be_filled(clara: Person, client_for: ClientFor) -> None:
    assert send(client_for(clara), b"one more file")[0] == 201


@pytest.mark.parametrize("size", [0, 1])
def test_quota_counts_the_file_itself(clara: Person, settings: Settings, client_for: ClientFor, size: int) -> None:
    settings.UPLOAD_BYTES_PER_DAY = 9 + size

    assert send(client_for(clara), b"ten letter")[0] == (201 if size else 429)
