"""The checks in a process that is thrown away: no environment, little memory, no right to write a file.

    python -m models_store.intake.check SETTINGS    (as JSON: path, leave_programs)

It answers with one line of JSON. The parent believes neither its length nor its form.
"""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.errors import CheckStopped, IntakeError
from models_store.intake.gguf_file import check_gguf
from models_store.intake.record import ANSWER_BYTES, SHORT, Intake

ROOT = Path(__file__).resolve().parents[2]
MEMORY_BYTES = 3 << 30
PROCESSOR_SECONDS = 1200
WALL_SECONDS = 3600
_DIES_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38


def inspect(path: Path, *, leave_programs: bool = False, seconds: float = WALL_SECONDS) -> Intake:
    """Checks a folder of transformers or a GGUF without loading it, in a process of its own. Raises an IntakeError.

    `leave_programs`: programs beside the weights are left behind instead of refused.
    """
    request = json.dumps({"path": str(path.absolute()), "leave_programs": leave_programs})
    command = [sys.executable, "-E", "-s", "-B", "-m", "models_store.intake.check", request]
    try:
        done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise CheckStopped(f"{path.name}: not done after {seconds:.0f} seconds") from error
    if done.returncode or len(done.stdout) > ANSWER_BYTES:
        raise CheckStopped(f"{path.name}: the process ended with {done.returncode}")
    return _answer(done.stdout)


def _answer(untrusted: bytes) -> Intake:
    try:
        answer = json.loads(untrusted)
        if "found" in answer:
            return Intake.model_validate(answer["found"])
        code, detail = str(answer["refused"]), str(answer["detail"])[:SHORT]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckStopped("the process gave an answer that cannot be read") from error
    known = {cls.code: cls for cls in _subclasses(IntakeError)}
    raise known.get(code, CheckStopped)(detail)


def _subclasses(cls: type[IntakeError]) -> Iterator[type[IntakeError]]:
    for below in cls.__subclasses__():
        yield below
        yield from _subclasses(below)


def main(arguments: list[str]) -> int:
    request = json.loads(arguments[0])
    _confine()
    sys.stdout.write(json.dumps(_checked(Path(request["path"]), leave_programs=request["leave_programs"])))
    return 0


def _checked(path: Path, *, leave_programs: bool) -> dict[str, Any]:
    try:
        is_file = path.suffix.lower() == ".gguf"
        found = check_gguf(path) if is_file else check_checkpoint(path, leave_programs=leave_programs)
    except IntakeError as error:
        return {"refused": error.code, "detail": error.detail[:SHORT].encode("utf-8", "replace").decode()}
    except (OSError, MemoryError, RecursionError, ValidationError) as error:
        return {"refused": CheckStopped.code, "detail": f"{path.name}: {type(error).__name__}"}
    return {"found": found.model_dump(mode="json")}


def _confine() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
