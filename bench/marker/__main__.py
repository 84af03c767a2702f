"""A random word in documents, the whole of their life on a box, and then a search of its disk for the word.

    python -m bench.marker [--short]

A box of its own with an embedded PostgreSQL. Documents of six kinds hold the word in their text, and carry it in their
names; they are uploaded, read, extracted, corrected, looked at and searched for, exported, put into a snapshot and
into the files of a training; labels with it are imported, one document is deleted, a hold asks for it. Then dumps and
a copy of the stopped cluster are made, and every file of the box is searched: in clear (also in UTF-16), in
hexadecimal, in base64, packed with zlib or gzip.

The control is a second word that lives the same life on the same box with encryption switched off, in documents of
another type: a snapshot copies what the type has.

`hits`, `control_hits`: files in which the word stands. `readable`: originals and pictures that open without a key; the
control's are taken off. `memory_hits`: files in memory (STRONGROOM_MEMORY_DIR), which go when the machine is stopped.
`--short` leaves the model out. The last line is one JSON object. Exit code 0 when nothing is found and the control is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import django

from appliance.operations.postgres import EmbeddedPostgres, programs

SEALED, UNSEALED = "appliance.sealing.cipher.DocumentCipher", "bench.marker.unsealed.Unsealed"
LENGTH = 12


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    with tempfile.TemporaryDirectory(prefix="marker-") as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        figures = _figures(Path(folder), Path(memory), short=short)
    print(json.dumps(figures))
    return 0 if figures["hits"] == figures["readable"] == 0 < figures["control_hits"] else 1


def _figures(folder: Path, memory: Path, *, short: bool) -> dict[str, Any]:
    word, control = _word(), _word()
    store = folder / "blobs"
    with _box(folder, memory) as server:
        from bench.marker.search import search

        _live(word, SEALED, "receipt", short=short)
        sealed_only = search(store, word, store=store)
        _live(control, UNSEALED, "invoice", short=short)
        _dump(server, folder)
    shutil.copytree(folder / "postgres", folder / "base_backup")
    found, controlled = search(folder, word, store=store), search(folder, control, store=store)
    for place, count in sorted((found.hits | controlled.hits).items()):
        print(f"{place}: {found.hits.get(place, 0)} of the word, {count} of the control")
    return {
        "places": len(list(folder.iterdir())),
        "files": found.files,
        "bytes_searched": found.size,
        "hits": found.hits.total(),
        "control_hits": controlled.hits.total(),
        "hits_by_place": dict(found.hits),
        "control_hits_by_place": dict(controlled.hits),
        "readable": sealed_only.readable.total(),
        "control_readable": controlled.readable.total(),
        "memory_hits": search(memory, word, store=store).hits.total(),
    }


@contextmanager
def _box(folder: Path, memory: Path) -> Iterator[EmbeddedPostgres]:
    """Prepared as by `make run`, with people; what it says goes into its log. Stopped when it is left."""
    folder.chmod(0o755)
    os.environ |= {
        "STRONGROOM_DATA_DIR": str(folder),
        "STRONGROOM_MODELS_STORE_ROOT": str(folder / "store"),
        "STRONGROOM_MEMORY_DIR": str(memory),
        "TMPDIR": str(folder / "tmp"),
        "DJANGO_SETTINGS_MODULE": "bench.marker.settings",
    }
    (folder / "tmp").mkdir(mode=0o1777)
    tempfile.tempdir = None
    server = EmbeddedPostgres(folder)
    server.start()
    with (folder / "log").open("w", buffering=1) as log, redirect_stdout(log), redirect_stderr(log):
        django.setup()
        from appliance.operations.set_up import make_demo_people, prepare

        try:
            prepare(print)
            make_demo_people()
            yield server
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


def _live(word: str, cipher: str, type_name: str, *, short: bool) -> None:
    from django.test import override_settings

    from appliance.accounts.models import Person
    from appliance.document_types.models import DocumentType
    from appliance.sealing import keys
    from bench.marker import flow

    clerk, officer = (Person.objects.get(role=role) for role in ("clerk", "officer"))
    keys.forget()
    with override_settings(SEALING_CIPHER=cipher):
        kind = DocumentType.objects.get(name=type_name)
        flow.live(word, kind, clerk=clerk, officer=officer, extract=flow.by_hand if short else flow.by_the_model)
    keys.forget()


def _dump(server: EmbeddedPostgres, folder: Path) -> None:
    """As a site would, plain and packed."""
    host, user = str(server.socket_dir), server.url().split("//")[1].split("@")[0]
    for name, form in (("dump.sql", "plain"), ("dump.custom", "custom")):
        command = ["pg_dump", "--host", host, "--username", user, "--format", form, "--file", str(folder / name)]
        subprocess.run([str(programs() / command[0]), *command[1:], "strongroom"], check=True)


def _word() -> str:
    """Letters that OCR tells apart."""
    draw = random.Random(secrets.token_bytes(16))
    return "".join(draw.choice("ABDEFHKLMNRTUX") for _ in range(LENGTH)).capitalize()


if __name__ == "__main__":
    sys.exit(main())
