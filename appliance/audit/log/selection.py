"""Some records with their proofs, signed: docs/audit-format.md section 5."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from appliance.audit.canonical import canonical_bytes
from appliance.audit.key_files import log_id
from appliance.audit.log.folder import NothingSigned, verifier_source
from appliance.audit.log.readme import selection_readme
from appliance.audit.log.signing_requests import selection_body, signed
from appliance.audit.log.state import newest_checkpoint
from appliance.audit.log.stored_tree import StoredTree
from appliance.audit.models import AuditEvent, Leaf
from appliance.audit.tree.proofs import inclusion_path

_AT_ONCE = 1_000
_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a selection claims: indexes asked for, the filter in words, and whether it holds every record between."""

    first: int
    last: int
    words: str
    is_complete: bool = False


class RangeNotThere(Exception):
    """A complete range was asked for that the newest checkpoint does not cover. `sentence` is for people."""

    sentence = "Not all entries of this range are under a signed checkpoint yet. Try again in a minute."


def selection_files(events: Iterable[AuditEvent], wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file. `events` may come in any order; those that no checkpoint covers yet stay out.

    Raises NothingSigned, RangeNotThere, NotSigned. Not inside of a transaction (see signing_requests.py).
    """
    newest = newest_checkpoint()
    if newest is None:
        raise NothingSigned
    with _Spool() as entries, _Spool() as proofs:
        count = _write(events, StoredTree(newest.size), entries, proofs)
        if wanted.is_complete and count != wanted.last - wanted.first + 1:
            raise RangeNotThere
        manifest = _manifest(wanted, newest.size, count)
        digests = (hashlib.sha256(manifest).hexdigest(), entries.digest, proofs.digest)
        yield "README.txt", selection_readme().encode()
        yield "strongroom_verify.py", verifier_source()
        yield "manifest.json", manifest
        yield "manifest.note", signed(selection_body(digests)).encode()
        # The log's signature alone: whoever gets this has the log's key and not those of counter-signers.
        yield "checkpoint.note", newest.note.encode()
        yield "entries.jsonl", entries.content()
        yield "proofs.jsonl", proofs.content()


def write_selection(events: Iterable[AuditEvent], wanted: Wanted, out: Path) -> Path:
    """Into the ZIP file `out`. Raises as `selection_files`, and OSError."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in selection_files(events, wanted):
            archive.writestr(name, content)
    return out


def _write(events: Iterable[AuditEvent], tree: StoredTree, entries: _Spool, proofs: _Spool) -> int:
    """In order of index. Only the places of all events stand in memory together, 16 bytes each."""
    places = sorted(_places(events, tree.size))
    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        records = dict(AuditEvent.objects.filter(pk__in=[pk for _, pk in part]).values_list("pk", "record"))
        for index, pk in part:
            path = base64.b64encode(b"".join(inclusion_path(index, tree.size, tree))).decode("ascii")
            entries.write(bytes(records[pk]) + b"\n")
            proofs.write(canonical_bytes({"index": index, "path": path}) + b"\n")
    return len(places)


def _places(events: Iterable[AuditEvent], size: int) -> Iterator[tuple[int, int]]:
    pks = (event.pk for event in events)
    while part := list(islice(pks, _AT_ONCE)):
        yield from Leaf.objects.filter(event__in=part, index__lt=size).values_list("index", "event__pk")


def _manifest(wanted: Wanted, size: int, count: int) -> bytes:
    return canonical_bytes(
        {
            "format": "strongroom-selection/1",
            "log_id": log_id(),
            "size": size,
            "first": wanted.first,
            "last": wanted.last,
            "count": count,
            "complete": int(wanted.is_complete),
            "filter": wanted.words,
        }
    )


class _Spool:
    """Bytes on their way out, hashed as they come; large ones wait on the disk."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by __exit__
        self._hash = hashlib.sha256()

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._hash.update(piece)

    def content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()
