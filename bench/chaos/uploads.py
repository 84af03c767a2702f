"""A clerk's client that uploads over HTTP and tries again until it is answered; each answer is remembered."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.chaos.box import Box

if TYPE_CHECKING:
    from appliance.accounts.models import Person

BOUNDARY = "chaos"
CSRF = "c" * 32
PAUSE_SECONDS = 0.3
MOST_TRIES = 400
ACKNOWLEDGED, TOO_MANY = 201, 429


class UploadFailed(Exception):
    """The box refuses what it must take, or does not come back."""


@dataclass
class Uploads:
    """`unanswered`: requests that got no answer or an error of the server; each was sent again."""

    box: Box
    type_name: str
    unanswered: int = 0
    _session: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def log_in(self, person: Person) -> None:
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self._session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def upload(self, content: bytes, *, in_between: Callable[[], None] = lambda: None) -> str:
        """Until it is acknowledged; gives the id. `in_between` is called once, between the halves of the first try.

        Raises UploadFailed.
        """
        for _ in range(MOST_TRIES):
            try:
                document = self._try(content, in_between)
            except (OSError, http.client.HTTPException):
                document = None
                with self._lock:
                    self.unanswered += 1
            if document is not None:
                return document
            in_between = _nothing
            time.sleep(PAUSE_SECONDS)
        raise UploadFailed("the web server does not come back")

    def original(self, document: str) -> tuple[int, bytes]:
        """Status and bytes of a download. Raises OSError."""
        line = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=30)
        try:
            line.request("GET", f"/documents/{document}/original/", headers={"Cookie": f"sessionid={self._session}"})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def _try(self, content: bytes, in_between: Callable[[], None]) -> str | None:
        body = _form(content, self.type_name)
        line = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=30)
        try:
            line.putrequest("POST", "/documents/upload/")
            for name, value in self._headers(len(body)).items():
                line.putheader(name, value)
            line.endheaders(body[: len(body) // 2])
            in_between()
            line.send(body[len(body) // 2 :])
            answer = line.getresponse()
            told = answer.read()
        finally:
            line.close()
        if answer.status == ACKNOWLEDGED:
            return str(json.loads(told)["id"])
        if answer.status < 500 and answer.status != TOO_MANY:
            where = answer.headers.get("Location", "")
            raise UploadFailed(f"the upload was refused ({answer.status} {where}): {told[:300]!r}")
        return None

    def _headers(self, length: int) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(length),
            "Cookie": f"sessionid={self._session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }


def slip(number: int) -> bytes:
    """A receipt like no other."""
    return f"ACME Coffee {number}\n{uuid.uuid4()}\nDate 2026-11-{number % 28 + 1:02}\nTotal {number}.50 EUR\n".encode()


def _nothing() -> None:
    return None


def _form(content: bytes, type_name: str) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="type"\r\n\r\n{type_name}\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="slip.txt"\r\n'.encode(),
        b"Content-Type: text/plain\r\n\r\n" + content + f"\r\n--{BOUNDARY}--\r\n".encode(),
    )
    return b"".join(parts)
