"""Where a run keeps its files: DATA_DIR/retraining/<number>/. Kept while it may go on, removed when it is done.

What holds text of documents lies in memory (MEMORY_DIR/retraining/<number>/) and goes when the machine is stopped.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from appliance.retraining.runs.errors import RunBroken

_GIB = 1024**3
_TRAINED_ON = ("train", "calibration")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Names of the files are those that the programs of `models_store` read and write."""

    path: Path

    @classmethod
    def of(cls, run_id: int) -> RunFolder:
        return cls(settings.DATA_DIR / "retraining" / str(run_id))

    @property
    def texts(self) -> Path:
        return Path(settings.MEMORY_DIR) / "retraining" / self.path.name

    @property
    def adapter(self) -> Path:
        return self.path / "out" / "adapter"

    @property
    def merged(self) -> Path:
        return self.path / "out" / "merged"

    @property
    def progress(self) -> Path:
        return self.path / "progress.jsonl"

    @property
    def result(self) -> Path:
        return self.path / "result.json"

    @property
    def document_type(self) -> Path:
        return self.path / "type.json"

    @property
    def gguf(self) -> Path:
        return self.path / "gguf"

    def labels(self, part: str) -> Path:
        return self.texts / f"{part}.jsonl"

    def model(self, quantization: str) -> Path:
        return self.gguf / f"{quantization}.gguf"

    def measured(self, subject: str, label_set: str) -> Path:
        return self.texts / "measured" / f"{subject.replace(' ', '_')}.{label_set}.json"

    @property
    def exists(self) -> bool:
        return self.path.is_dir()

    def make(self) -> None:
        """The program that trains looks for its labels beside its other files: links lead it to them."""
        for folder in (self.path, self.gguf, self.path / "out", self.texts, self.texts / "measured"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in _TRAINED_ON:
            link = self.path / self.labels(part).name
            link.unlink(missing_ok=True)
            link.symlink_to(self.labels(part))

    def remove(self) -> None:
        for folder in (self.path, self.texts):
            shutil.rmtree(folder, ignore_errors=True)

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def write_json(path: Path, content: object) -> None:
    """Whole or not at all: a program that reads it never sees half."""
    fresh = path.with_name(f"{path.name}.part")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Raises RunBroken."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunBroken(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise RunBroken(f"{path.name} holds no object")
    return content


def free_bytes() -> int:
    """On the disk of the data directory."""
    return shutil.disk_usage(settings.DATA_DIR).free


def in_gib(count: float) -> str:
    return f"{count / _GIB:.1f} GiB"
