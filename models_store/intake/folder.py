"""The files of a folder on a medium: which are taken, which are left, and which stop everything."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from models_store.intake.errors import BrokenModel, ChecksumWrong, ModelTooLarge, NotAModel, UnsafeFile
from models_store.intake.record import TEXT, TakenFile

CHECKPOINT_FILES = (
    "config.json", "generation_config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer.model",
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "LICENSE*", "LICENCE*", "NOTICE*",
)  # fmt: skip
TEMPLATES = ("chat_template.jinja", "chat_template.json")
_PROGRAMS = ("*.py", "*.pyc", "*.so", "*.dll", "*.sh")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.pickle", "*.ckpt", "*.npy", "*.npz", "*.joblib")
_SUMS = "SHA256SUMS"
_MOST_FILES = 512
_LARGEST_JSON = 64 << 20
LARGEST_MODEL = 256 << 30
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Listing:
    """`left`: names that are not taken over."""

    folder: Path
    taken: tuple[Path, ...]
    left: tuple[str, ...]


def list_checkpoint(folder: Path, *, leave_programs: bool) -> Listing:
    """Raises NotAModel, UnsafeFile, BrokenModel or ModelTooLarge."""
    plain = _plain_files(folder)
    _refuse(plain, _PICKLES, "a pickle can run code when it is opened")
    if not leave_programs:
        _refuse(plain, _PROGRAMS, "a program")
    taken = tuple(path for path in plain if _is_like(path.name, CHECKPOINT_FILES))
    names = {path.name for path in taken}
    if "config.json" not in names or not any(name.endswith(".safetensors") for name in names):
        raise NotAModel(f"{folder.name} has no config.json or no safetensors")
    for path in taken:
        _check_size(path)
    left = sorted(path.name for path in folder.iterdir() if path not in taken)
    return Listing(folder, taken, tuple(left))


def measured(paths: Iterable[Path]) -> tuple[TakenFile, ...]:
    """Reads all of every file."""
    return tuple(TakenFile(name=path.name, size=path.stat().st_size, sha256=_digest(path)) for path in paths)


def check_sums(folder: Path, files: Iterable[TakenFile]) -> tuple[str, ...]:
    """Compares with the list of checksums, where there is one; gives remarks. Raises ChecksumWrong."""
    path = folder / _SUMS
    if not path.is_file() or path.is_symlink():
        return ()
    listed = _listed(path.read_bytes()[: 1 << 20].decode("utf-8", "replace"))
    found = {file.name: file.sha256 for file in files}
    for name, digest in found.items():
        if listed.get(name, digest) != digest:
            raise ChecksumWrong(f"{name} hashes to {digest}, {_SUMS} says {listed[name]}")
    if missing := sorted(name for name in listed if name not in found and _is_like(name, CHECKPOINT_FILES)):
        raise ChecksumWrong(f"{_SUMS} names {missing[0]!r}, which is not there")
    return tuple(f"{name} is not in {_SUMS}." for name in sorted(set(found) - set(listed)))


def read_text(folder: Path, *names: str) -> str:
    """The first of these files that is there, as text, cut off where it is very long."""
    found = (path for name in names for path in sorted(folder.glob(name)))
    plain = next((path for path in found if path.is_file() and not path.is_symlink()), None)
    if plain is None:
        return ""
    with plain.open("rb") as file:
        return file.read(TEXT).decode("utf-8", "replace").replace("\0", "")[:TEXT]


def licence_of(card_text: str) -> str:
    """The licence that the head of a model card names."""
    found = re.search(r"^license(?:_name)?:[ \t]*([^\r\n]{1,100})$", card_text[:4000], re.MULTILINE)
    return found.group(1).strip() if found else ""


def check_plain(path: Path) -> None:
    """Raises UnsafeFile for anything but a plain file."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise UnsafeFile(f"{path.name!r} is a link or a device, not a file")


def _plain_files(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        raise NotAModel(f"{folder.name!r} is not a folder")
    found = sorted(folder.iterdir())
    if len(found) > _MOST_FILES:
        raise ModelTooLarge(f"{len(found)} files in one folder")
    for path in found:
        if not path.is_symlink() and path.is_dir():
            continue
        check_plain(path)
    return [path for path in found if path.is_file()]


def _refuse(paths: Iterable[Path], patterns: tuple[str, ...], why: str) -> None:
    for path in paths:
        if _is_like(path.name.lower(), patterns):
            raise UnsafeFile(f"{path.name!r}: {why}")


def _check_size(path: Path) -> None:
    if not _NAME.fullmatch(path.name):
        raise BrokenModel(f"{path.name!r} is no name for a file of a model")
    largest = LARGEST_MODEL if path.suffix == ".safetensors" else _LARGEST_JSON
    if path.stat().st_size > largest:
        raise ModelTooLarge(f"{path.name} has {path.stat().st_size} bytes")


def _listed(text: str) -> dict[str, str]:
    lines = re.findall(r"^([0-9a-fA-F]{64}) [ *](?:\./)?([^\r\n]+)$", text, re.MULTILINE)
    return {name: digest.lower() for digest, name in lines}


def _is_like(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
