"""One upload through the real address, in a child process under strace, which may kill it at a call of the system.

The child has everything imported, is logged in and connected before strace looks at it, so that the calls that are
counted are those of the upload: its request, the files, the database, the doorbell, the answer.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from appliance.accounts.models import Person

WRITE_SIDE = (
    *("openat", "mkdir", "mkdirat", "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "utimensat", "sendto", "sendmsg"),
)
_CALL = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\(")
_LONGEST_TEXT = 300
_WAIT_SECONDS = 30
_LOOK_SECONDS = 0.003


@dataclass(frozen=True)
class Upload:
    """`content` of a text file, by a clerk. `document_id`: the id that it shall get; None: a random one."""

    by: Person
    content: bytes
    document_id: UUID | None = None
    too_early: bool = False
    """The control: it is acknowledged before it is stored."""


@dataclass(frozen=True)
class Ended:
    """How the child ended. `status`: of the answer that was told, 0 for none; `calls`: lines of strace."""

    status: int
    code: str
    was_killed: bool
    calls: tuple[str, ...]

    @property
    def is_acknowledged(self) -> bool:
        return self.status == 201


@dataclass(frozen=True)
class Point:
    """The `number`th call of this name."""

    name: str
    number: int

    def killing(self) -> str:
        return f"inject={self.name}:signal=KILL:when={self.number}"

    def failing(self, error: str) -> str:
        return f"inject={self.name}:error={error}:when={self.number}"


def traced(upload: Upload, log: Path, *injections: str) -> Ended:
    """Upload in a child under strace; `injections` as strace knows them. `log` is overwritten."""
    connections.close_all()
    (ready, tell_ready), (go, tell_go), (answer, tell_answer) = os.pipe(), os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_the_child(upload, tell_ready, go, tell_answer)
    for end in (tell_ready, go, tell_answer):
        os.close(end)
    if not os.read(ready, 1):
        raise RuntimeError("the upload could not be prepared")
    tracer = _attached(child, log, injections)
    os.write(tell_go, b"g")
    _, status = os.waitpid(child, 0)
    tracer.wait(_WAIT_SECONDS)
    told = os.read(answer, 65536)
    for end in (ready, tell_go, answer):
        os.close(end)
    lines = tuple(log.read_text(encoding="utf-8", errors="replace").splitlines())
    answered: dict[str, Any] = json.loads(told) if told else {"status": 0, "code": ""}
    return Ended(answered["status"], answered["code"], os.WIFSIGNALED(status), lines)


def warm_up(by: Person) -> None:
    """Upload once in this process, so that no child has anything left to import."""
    told = json.loads(_prepared(Upload(by, b"warm up"))())
    if told["status"] != 201:
        raise RuntimeError(f"the upload does not even work undisturbed: {told}")


def points(calls: Sequence[str], *, about: str = "") -> list[Point]:
    """Every call of a recorded upload that changes something; a file that is opened to be read changes nothing.

    `about`: only calls whose line holds this, such as a folder.
    """
    seen: Counter[str] = Counter()
    found = []
    for line in calls:
        match = _CALL.match(line)
        if match is None:
            continue
        seen[match["name"]] += 1
        is_change = match["name"] != "openat" or "O_CREAT" in line or "O_TMPFILE" in line
        if is_change and about in line:
            found.append(Point(match["name"], seen[match["name"]]))
    return found


def _in_the_child(upload: Upload, tell_ready: int, go: int, tell_answer: int) -> None:
    """Never returns into the process that made it."""
    try:
        request = _prepared(upload)
        os.write(tell_ready, b"r")
        os.read(go, 1)
        if upload.too_early:
            os.write(tell_answer, b'{"status": 201, "code": ""}')
        told = request()
        if not upload.too_early:
            os.write(tell_answer, told)
    except BaseException:  # noqa: BLE001 -- whatever it is, it must not go on as a second run of the caller
        traceback.print_exc()
    finally:
        os._exit(1)


def _prepared(upload: Upload) -> Callable[[], bytes]:
    from appliance.documents import uploads

    if upload.document_id is not None:
        uploads.uuid4 = lambda: upload.document_id  # type: ignore[assignment, return-value]
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], raise_request_exception=False)
    client.force_login(upload.by)
    file = io.BytesIO(upload.content)
    file.name = "scan.txt"

    def request() -> bytes:
        response = client.post(reverse("documents:upload"), {"file": file}, HTTP_ACCEPT="application/json")
        is_json = response["Content-Type"].startswith("application/json")
        code = response.json().get("code", "") if is_json else "no answer for programs"
        return json.dumps({"status": response.status_code, "code": code}).encode()

    return request


def _attached(child: int, log: Path, injections: Sequence[str]) -> subprocess.Popen[bytes]:
    command = ["strace", "-f", "-y", "-s", str(_LONGEST_TEXT), "-o", str(log), "-e", f"trace={','.join(WRITE_SIDE)}"]
    command += [part for injection in injections for part in ("-e", injection)]
    said = log.with_suffix(".said")
    with said.open("wb") as stream:
        tracer = subprocess.Popen([*command, "-p", str(child)], stderr=stream)
    while b"attached" not in said.read_bytes():
        if tracer.poll() is not None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise RuntimeError(f"strace cannot look at the upload: {said.read_text(errors='replace')}")
        time.sleep(_LOOK_SECONDS)
    return tracer
