"""Trying a type on a document, outside of the web process and without a trace.

A child process, `manage.py extract`, reads the document and asks the model, under a time limit; one at a time on the
box, since each loads the model. The file and the answer lie in a folder of their own until the answer was shown.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from appliance.document_types.errors import TrialBusy
from appliance.document_types.trial_answer import FAILED, STOPPED, STORED, Answer, answer_of, refusal_of
from extraction.schema import DocumentTypeSpec

LIMIT_SECONDS = 300.0
COMMAND = (sys.executable, "manage.py", "extract")
ANSWER = "answer.json"


@dataclass(frozen=True, slots=True)
class Running:
    seconds: int


@dataclass(frozen=True, slots=True)
class Child:
    """The command to run, to which file and schema are added, and how long it may take."""

    command: Sequence[str] = COMMAND
    limit_seconds: float = LIMIT_SECONDS


def start(spec: DocumentTypeSpec, untrusted_name: str, untrusted_content: bytes, *, child: Child | None = None) -> str:
    """Begin, and return the token to ask `look` with. Raises TrialBusy while another one runs on this box."""
    folder = _folder()
    lock = _locked(folder)
    _sweep(folder)
    token = secrets.token_urlsafe(16)
    place = folder / token
    place.mkdir(mode=0o700)
    document, schema = place / f"document{_suffix(untrusted_name)}", place / "schema.json"
    document.write_bytes(untrusted_content)
    schema.write_text(spec.model_dump_json())
    thread = threading.Thread(target=_work, args=(child or Child(), document, schema, lock), daemon=True, name="trial")
    thread.start()
    return token


def look(token: str) -> Answer | Running | None:
    """The answer, once: asking takes it away. None for a token that is not known (any more)."""
    place = _folder() / token
    if not re.fullmatch(r"[\w-]{10,}", token) or not place.is_dir():
        return None
    answer = place / ANSWER
    if answer.exists():
        found = STORED.validate_json(answer.read_bytes())
        shutil.rmtree(place, ignore_errors=True)
        return found
    seconds = time.time() - (place / "schema.json").stat().st_mtime
    if seconds > LIMIT_SECONDS + 30:  # the web process that waited for the child was itself stopped
        shutil.rmtree(place, ignore_errors=True)
        return STOPPED
    return Running(int(seconds))


def _work(child: Child, document: Path, schema: Path, lock: IO[str]) -> None:
    """In a thread of its own: wait for the child, then leave nothing but the answer."""
    answer = FAILED
    try:
        answer = _ask(child, document, schema)
    finally:
        document.unlink(missing_ok=True)
        lock.close()
        fresh = document.with_name(f"{ANSWER}.part")
        fresh.write_bytes(STORED.dump_json(answer))
        fresh.replace(document.with_name(ANSWER))


def _ask(child: Child, document: Path, schema: Path) -> Answer:
    begun = time.monotonic()
    process = subprocess.Popen(
        [*child.command, str(document), "--schema", str(schema)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # so that the reader, a child of the child, is stopped with it
    )
    try:
        stdout, stderr = process.communicate(timeout=child.limit_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return STOPPED
    if process.returncode == 0:
        return answer_of(stdout, seconds=time.monotonic() - begun)
    return refusal_of(stderr)


def _folder() -> Path:
    folder: Path = settings.MEMORY_DIR / "trials"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _locked(folder: Path) -> IO[str]:
    """Held by the open file, so it is free again however the process ends."""
    handle = (folder / "lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise TrialBusy from error
    return handle


def _sweep(folder: Path) -> None:
    """Answers that nobody fetched, and what a stopped web process left behind."""
    for place in folder.iterdir():
        if place.is_dir() and time.time() - place.stat().st_mtime > LIMIT_SECONDS:
            shutil.rmtree(place, ignore_errors=True)


def _suffix(untrusted_name: str) -> str:
    """The ending helps the reader to tell text formats apart; nothing else of the name is used."""
    suffix = Path(untrusted_name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""
