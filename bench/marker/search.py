"""Looking for a word in every file below a folder, as whoever holds the disk would."""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MOST_UNPACKED = 1024 * 1024
_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_DOCUMENTS = {b"\x89PNG\r\n": "png", b"%PDF-": "pdf", b"PK\x03\x04": "zip", b"\xff\xd8\xff": "jpeg"}


@dataclass
class Found:
    """`hits`: files in which the word stands, by place. `readable`: files of the store that open as they are."""

    files: int = 0
    size: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    readable: Counter[str] = field(default_factory=Counter)


def forms_of(word: str) -> tuple[bytes, ...]:
    """How the word may stand in a file, in small letters; base64 where it begins at each of the three places."""
    plain = word.encode()
    hexed = plain.hex().encode()
    return (plain.lower(), word.lower().encode("utf-16-le"), word.lower().encode("utf-16-be"), hexed.lower())


def base64_of(word: str) -> tuple[bytes, ...]:
    """The middle of the code, which does not depend on what stands around the word. Capitals count."""
    found = []
    for before in range(3):
        for plain in {word, word.lower()}:
            code = base64.b64encode(b"\0" * before + plain.encode())
            found.append(code[4 * (before > 0) : 4 * ((before + len(word)) // 3)])
    return tuple(found)


def holds(content: bytes, word: str) -> bool:
    """In clear, in another code, or packed."""
    if _is_in(content, word):
        return True
    return any(_is_in(unpacked, word) for unpacked in _unpacked(content))


def search(root: Path, word: str, *, store: Path) -> Found:
    """`store`: the folder of originals and page images, where a file must not be one that any viewer opens."""
    found = Found()
    for path in _files(root):
        content = path.read_bytes()
        found.files += 1
        found.size += len(content)
        if holds(content, word) or word.lower() in path.name.lower():
            found.hits[_place(path.relative_to(root))] += 1
        if path.is_relative_to(store):
            found.readable.update(kind for magic, kind in _DOCUMENTS.items() if content.startswith(magic))
    return found


def _is_in(content: bytes, word: str) -> bool:
    small = content.lower()
    return any(form in small for form in forms_of(word)) or any(code in content for code in base64_of(word))


def _unpacked(content: bytes) -> Iterator[bytes]:
    for begin in _PACKED.finditer(content):
        try:
            unpacked = zlib.decompressobj(wbits=47).decompress(
                content[begin.start() : begin.start() + MOST_UNPACKED], MOST_UNPACKED
            )
        except zlib.error:
            continue
        if len(unpacked) > 16:
            yield unpacked


def _files(root: Path) -> Iterable[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _place(path: Path) -> str:
    """ "postgres/base", "blobs", "log"."""
    return "/".join(path.parts[:2]) if path.parts[0] in {"postgres", "base_backup"} else path.parts[0]
