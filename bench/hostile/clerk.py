"""A clerk's browser: logged in, uploads files, opens pages."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from appliance.accounts.models import Person

BOUNDARY = "----strongroom-hostile-7d1f0c"
CSRF = "c" * 32
TIMEOUT_SECONDS = 110.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is set where the file was taken in; `code` is that of the refusal otherwise."""

    status: int
    document: UUID | None
    code: str = ""


class Clerk:
    """One connection at a time. Not for several threads."""

    def __init__(self, port: int, person: Person) -> None:
        self._port = port
        self._session = _session_of(person)

    def upload(self, untrusted_name: str, content: bytes) -> Answer:
        """Raises OSError or HTTPException where the web server does not answer."""
        body = _form(untrusted_name, content)
        headers = {
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "X-CSRFToken": CSRF,
        }
        status, told = self._ask("POST", "/documents/upload/", body, headers)
        try:
            said = json.loads(told)
        except ValueError:
            return Answer(status, None, f"http_{status}")
        return Answer(status, UUID(said["id"]) if "id" in said else None, str(said.get("code", "")))

    def open(self, address: str) -> int:
        """The status. Raises OSError or HTTPException."""
        return self._ask("GET", address, b"", {})[0]

    def _ask(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        cookies = {"Cookie": f"{self._session}; csrftoken={CSRF}"}
        try:
            line.request(method, address, body, headers | cookies)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()


def _session_of(person: Person) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _form(untrusted_name: str, content: bytes) -> bytes:
    """As browsers spell a name that would break the header."""
    name = untrusted_name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    start = head.encode("utf-8", "replace") + b"Content-Type: application/octet-stream\r\n\r\n"
    return start + content + f"\r\n--{BOUNDARY}--\r\n".encode()
