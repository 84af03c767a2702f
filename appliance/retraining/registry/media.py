"""What lies on removable media: names, kinds and sizes, by a look at the folder. No byte of a file is read here."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from appliance.retraining.registry.errors import MediumAway, NotOnMedium
from appliance.retraining.registry.models import ModelJob

BUNDLE_ENDING = ".strongroom"
MOST_SHOWN = 200
MOST_INSIDE = 2_000


class Sort(StrEnum):
    CHECKPOINT = "checkpoint"
    GGUF = "gguf"
    BUNDLE = "bundle"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the medium. `size` in bytes, of a folder that of the files in it."""

    untrusted_name: str
    sort: Sort
    size: int

    @property
    def is_model(self) -> bool:
        return self.sort is not Sort.OTHER


def items() -> list[Item]:
    """What could be a model first, each by its name. Raises MediumAway."""
    try:
        with os.scandir(media_folder()) as entries:
            found = [_item(entry) for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise MediumAway(str(error)) from error
    return sorted(found, key=lambda item: (not item.is_model, item.untrusted_name))[:MOST_SHOWN]


def path_of(untrusted_name: str) -> Path:
    """Where an item lies; its name is only compared with what is there. Raises MediumAway or NotOnMedium."""
    try:
        with os.scandir(media_folder()) as entries:
            found = next((entry for entry in entries if entry.name == untrusted_name and not entry.is_symlink()), None)
    except OSError as error:
        raise MediumAway(str(error)) from error
    if found is None:
        raise NotOnMedium
    return Path(found.path)


def path_of_job(job: ModelJob) -> Path:
    """What a job works on: an upload, what lies on the medium, or where the operator of the box says.

    Raises MediumAway or NotOnMedium.
    """
    if job.options.get("path"):
        return Path(job.options["path"])
    upload = job.options.get("upload", "")
    if not upload:
        return path_of(job.subject)
    path = uploads_folder() / f"{UUID(upload)}{BUNDLE_ENDING}"
    if not path.is_file():
        raise NotOnMedium
    return path


def keep_upload(untrusted_file: Iterable[bytes]) -> str:
    """Writes a bundle that came through the browser and returns its place. Its name is not used."""
    place = uuid4()
    uploads_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (uploads_folder() / f"{place}{BUNDLE_ENDING}").open("xb") as target:
        for piece in untrusted_file:
            target.write(piece)
    return str(place)


def discard_upload(place: str) -> None:
    if place:
        (uploads_folder() / f"{UUID(place)}{BUNDLE_ENDING}").unlink(missing_ok=True)


def uploads_folder() -> Path:
    return Path(settings.DATA_DIR) / "models-uploaded"


def media_folder() -> Path:
    folder: Path = settings.MODEL_MEDIA_DIR
    return folder


def _item(entry: os.DirEntry[str]) -> Item:
    found = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode):
        return _folder(entry)
    endings = {".gguf": Sort.GGUF, BUNDLE_ENDING: Sort.BUNDLE}
    sort = endings.get(Path(entry.name).suffix.lower(), Sort.OTHER)
    return Item(entry.name, sort if stat.S_ISREG(found.st_mode) else Sort.OTHER, found.st_size)


def _folder(folder: os.DirEntry[str]) -> Item:
    names, size = set(), 0
    with os.scandir(folder.path) as inside:
        for _, entry in zip(range(MOST_INSIDE), inside, strict=False):
            names.add(entry.name)
            size += entry.stat(follow_symlinks=False).st_size
    has_weights = any(name.endswith(".safetensors") for name in names)
    is_checkpoint = "config.json" in names and has_weights
    is_gguf = any(name.endswith(".gguf") for name in names)
    return Item(folder.name, Sort.CHECKPOINT if is_checkpoint else Sort.GGUF if is_gguf else Sort.OTHER, size)
