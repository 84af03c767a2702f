"""The whole log as files, for a verifier on another machine: docs/audit-format.md section 4."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.db.models import F

from appliance.audit.canonical import Canonical, canonical_bytes
from appliance.audit.key_files import log_id
from appliance.audit.log.readme import log_readme
from appliance.audit.log.state import checkpoint_note, newest_checkpoint
from appliance.audit.log.stored_tree import load_edge
from appliance.audit.models import Checkpoint, Leaf, Tile
from appliance.audit.tree.merkle import TILE_WIDTH
from appliance.audit.tree.tiles import tile_path

ENTRIES_PER_FILE = 1_000
VERIFIER = Path(__file__).resolve().parent.parent / "verifier" / "strongroom_verify.py"


class NothingSigned(Exception):
    """There is no checkpoint yet. `sentence` is for people."""

    sentence = "Nothing is signed yet. The first checkpoint comes within a minute of the start: try again in a minute."


def log_files() -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file, up to the newest checkpoint; a file at a time stands in memory.

    Raises NothingSigned before the first one.
    """
    newest = newest_checkpoint()
    if newest is None:
        raise NothingSigned
    return _files(newest)


def write_log_folder(out: Path, *, since: int = 0) -> Path:
    """Into the folder `out`, or into a ZIP file when its name ends so. Raises NothingSigned, OSError.

    `since`: the size of an older copy in the same folder; full files of entries that it holds are not written again.
    """
    files = log_files()
    if out.suffix == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(name, content)
        return out
    kept = {entries_name(number) for number in range(since // ENTRIES_PER_FILE)}
    for name, content in files:
        if name in kept and (out / name).exists():
            continue
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    _remove_outgrown(out)
    return out


def entries_name(number: int) -> str:
    return f"entries/{number:06}.jsonl"


def verifier_source() -> bytes:
    return VERIFIER.read_bytes()


def _files(newest: Checkpoint) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", log_readme().encode()
    yield "strongroom_verify.py", verifier_source()
    manifest: dict[str, Canonical] = {
        "format": "strongroom-log/1",
        "log_id": log_id(),
        "size": newest.size,
        "made_us": newest.time_us,
    }
    yield "manifest.json", canonical_bytes(manifest)
    yield from _entries(newest.size)
    yield from _tiles(newest.size)
    checkpoints = Checkpoint.objects.filter(size__lte=newest.size).order_by("size").prefetch_related("cosignatures")
    for checkpoint in checkpoints.iterator(chunk_size=1000):
        yield f"checkpoints/{checkpoint.size:012}.note", checkpoint_note(checkpoint).encode()


def _entries(size: int) -> Iterator[tuple[str, bytes]]:
    for start in range(0, size, ENTRIES_PER_FILE):
        end = min(start + ENTRIES_PER_FILE, size)
        found = Leaf.objects.filter(index__gte=start, index__lt=end).order_by("index")
        records = found.annotate(record=F("event__record")).values_list("record", flat=True)
        yield entries_name(start // ENTRIES_PER_FILE), b"".join(bytes(record) + b"\n" for record in records)


def _tiles(size: int) -> Iterator[tuple[str, bytes]]:
    level, count = 0, size // TILE_WIDTH
    while count:
        full = Tile.objects.filter(level=level, index__lt=count).order_by("index")
        for index, hashes in full.values_list("index", "hashes").iterator(chunk_size=200):
            yield tile_path(level, index), bytes(hashes)
        level, count = level + 1, count // TILE_WIDTH
    for level, row in enumerate(load_edge(size).edge):
        if row:
            yield tile_path(level, size // TILE_WIDTH ** (level + 1), len(row)), b"".join(row)


def _remove_outgrown(out: Path) -> None:
    """Partial tiles of an older copy: the verifier wants the newest tree's files and no others."""
    newest = newest_checkpoint()
    wanted = {name for name, _ in _tiles(newest.size)} if newest else set()
    for path in out.glob("tile/**/*"):
        if path.is_file() and path.relative_to(out).as_posix() not in wanted:
            path.unlink()
