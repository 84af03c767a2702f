"""Copies of a checked model, without chat templates and without names of programs.

A template is a program that a publisher writes; no prompt here is made by one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
from pathlib import Path

from models_store.intake.checkpoint import read_json
from models_store.intake.errors import ChecksumWrong
from models_store.intake.gguf_file import TEMPLATE
from models_store.intake.gguf_header import padded, read_gguf
from models_store.intake.record import Intake

_CHUNK = 1 << 22
_NAMES_PROGRAMS = ("chat_template", "auto_map", "custom_pipelines")


def copy_checkpoint(source: Path, target: Path, intake: Intake) -> None:
    """Copies the files that were checked. Raises ChecksumWrong when the medium gives other bytes than before."""
    target.mkdir(parents=True, exist_ok=True)
    for file in intake.files:
        copy_checked(source / file.name, target / file.name, file.sha256)
        if file.name.endswith("config.json"):
            clean_json(target / file.name)


def copy_checked(source: Path, target: Path, expected: str) -> None:
    """Raises ChecksumWrong; the copy is gone then."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
    if digest.hexdigest() != expected:
        target.unlink()
        raise ChecksumWrong(f"{source.name} changed while it was brought in")


def clean_json(path: Path) -> None:
    """Takes chat templates and names of programs out of a configuration."""
    content = read_json(path)
    kept = {key: value for key, value in content.items() if key not in _NAMES_PROGRAMS}
    if kept != content:
        path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def clean_gguf(source: Path, target: Path) -> None:
    """Writes a GGUF without its chat templates; keys, tensors and their order stay as they are otherwise."""
    header = read_gguf(source)
    kept = [key for key in header.keys if not key.name.startswith(TEMPLATE)]
    with source.open("rb") as read, target.open("wb") as written:
        written.write(struct.pack("<4sIQQ", b"GGUF", header.version, len(header.tensors), len(kept)))
        for start, end in [(key.start, key.end) for key in kept] + [(header.keys_end, header.tensors_end)]:
            read.seek(start)
            written.write(read.read(end - start))
        written.write(bytes(padded(written.tell(), header.alignment) - written.tell()))
        read.seek(header.data_start)
        shutil.copyfileobj(read, written, _CHUNK)
