"""What the box does with a file from outside, in the process that stands for its web server."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from appliance.document_types.schema_files import read_type_file
from bench.malformed.models import Mutant
from bench.malformed.schemas import Bomb
from extraction.errors import StrongroomError
from extraction.grammar_check import compile_widest
from models_store.intake.check import inspect

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is empty where the file was taken. `path`: where it lies, for models."""

    name: str
    code: str
    seconds: float
    path: str = ""


def judge_schema(bomb: Bomb) -> Verdict:
    """Read, then compiled in a process that is thrown away, as when a type is brought in and published."""
    begun, code = time.monotonic(), ""
    try:
        compile_widest(read_type_file(bomb.content))
    except StrongroomError as error:
        code = error.code
    return Verdict(bomb.name, code, time.monotonic() - begun)


def judge_model(mutant: Mutant, starter: Path, folder: Path) -> Verdict:
    """Laid into `folder` as on a medium, then checked in a process that is thrown away."""
    path = _laid(mutant, starter, folder)
    begun, code = time.monotonic(), ""
    try:
        inspect(path)
    except StrongroomError as error:
        code = error.code
    return Verdict(mutant.name, code, time.monotonic() - begun, str(path))


def _laid(mutant: Mutant, starter: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file = folder / f"model{mutant.suffix}"
    file.write_bytes(mutant.content)
    if mutant.suffix == ".gguf":
        return file
    for name in ("config.json", "tokenizer.model", "tokenizer_config.json"):
        shutil.copy(starter / name, folder / name)
    return folder
