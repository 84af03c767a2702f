"""A clerk's uploads and looks, through the real addresses, and what the box promised meanwhile."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.documents import blobs
from appliance.documents.models import Document


@dataclass(frozen=True)
class Answer:
    """`code` is empty unless the box says in words why not."""

    status: int
    code: str = ""
    document_id: UUID | None = None

    @property
    def is_in_words(self) -> bool:
        return self.status == 201 or bool(self.code)


class Body(io.BytesIO):
    """A request on its way; when half of it has come, something happens."""

    def __init__(self, data: bytes, halfway: Callable[[], None]) -> None:
        super().__init__(data)
        self._half, self._halfway = len(data) // 2, halfway

    def read(self, size: int | None = -1) -> bytes:
        got = super().read(size)
        if self.tell() > self._half:
            self._half = self.getbuffer().nbytes
            self._halfway()
        return got


@dataclass
class Browser:
    """`acknowledged`: document -> what was sent, for everything that was answered 201."""

    clerk: Person
    acknowledged: dict[UUID, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], raise_request_exception=False)
        self._client.force_login(self.clerk)

    def upload(self, content: bytes, *, halfway: Callable[[], None] = lambda: None) -> Answer:
        file = io.BytesIO(content)
        file.name = "scan.txt"
        body = encode_multipart(BOUNDARY, {"file": file})
        response = self._client.generic(
            "POST",
            reverse("documents:upload"),
            body,
            MULTIPART_CONTENT,
            headers={"accept": "application/json"},
            **{"wsgi.input": Body(body, halfway)},  # type: ignore[arg-type]
        )
        if not response["Content-Type"].startswith("application/json"):
            return Answer(response.status_code)
        told = response.json()
        if response.status_code != 201:
            return Answer(response.status_code, told["code"] if told["sentence"] and told["next_step"] else "")
        document_id = UUID(told["id"])
        self.acknowledged[document_id] = content
        return Answer(201, document_id=document_id)

    def download(self, document_id: UUID) -> bytes | None:
        """The original; None when the box refuses it."""
        response = self._client.get(reverse("documents:original", args=[document_id]))
        return response.content if response.status_code == 200 else None

    def lost(self) -> int:
        """Acknowledged documents whose row or bytes are not there."""
        kept = dict(Document.objects.filter(pk__in=self.acknowledged).values_list("pk", "sha256"))
        return sum(_is_lost(document_id, kept, content) for document_id, content in self.acknowledged.items())


def _is_lost(document_id: UUID, kept: dict[UUID, str], content: bytes) -> bool:
    try:
        return blobs.get(kept[document_id], document_id=document_id) != content
    except (KeyError, blobs.BlobMissing, blobs.BlobDamaged):
        return True
