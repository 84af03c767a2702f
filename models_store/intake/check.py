"""The checks in a process that is thrown away: no environment, little memory; it reads the model and writes nothing.

    python -m models_store.intake.check    (path and leave_programs as JSON on the standard input)

It answers with one line of JSON. The parent believes neither its length nor its form.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extraction.read.confine import shut_in
from extraction.read.sandbox.protections import NEEDED, Protection
from extraction.read.sandbox.readable import readable_paths
from extraction.throwaway import Bounds, ChildStoppedError, ask, confine
from models_store.intake.adapter_file import check_adapter
from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.errors import CheckStopped, IntakeError
from models_store.intake.gguf_file import check_gguf
from models_store.intake.record import ANSWER_BYTES, SHORT, Intake

ROOT = Path(__file__).resolve().parents[2]
NEEDED_WALLS = NEEDED - {Protection.LIMITS}
BOUNDS = Bounds(memory_bytes=3 << 30, processor_seconds=1200, wall_seconds=3600, answer_bytes=ANSWER_BYTES)


def inspect(path: Path, *, leave_programs: bool = False, seconds: float = BOUNDS.wall_seconds) -> Intake:
    """Checks a folder of transformers or a GGUF without loading it, in a process of its own. Raises an IntakeError.

    `leave_programs`: programs beside the weights are left behind instead of refused.
    """
    request = json.dumps({"path": str(path.absolute()), "leave_programs": leave_programs})
    return _answer(_asked(path, request, seconds))


def inspect_adapter(path: Path, *, seconds: float = BOUNDS.wall_seconds) -> None:
    """The same for an adapter as a GGUF by itself."""
    _found(_asked(path, json.dumps({"path": str(path.absolute()), "adapter": True}), seconds))


def _asked(path: Path, request: str, seconds: float) -> bytes:
    try:
        return ask("models_store.intake.check", request.encode(), replace(BOUNDS, wall_seconds=seconds))
    except ChildStoppedError as error:
        raise CheckStopped(f"{path.name}: {error}") from error


def _answer(untrusted: bytes) -> Intake:
    try:
        return Intake.model_validate(_found(untrusted))
    except ValidationError as error:
        raise CheckStopped("the process gave an answer that cannot be read") from error


def _found(untrusted: bytes) -> Any:
    try:
        answer = json.loads(untrusted)
        if "found" in answer:
            return answer["found"]
        code, detail = str(answer["refused"]), str(answer["detail"])[:SHORT]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckStopped("the process gave an answer that cannot be read") from error
    known = {cls.code: cls for cls in _subclasses(IntakeError)}
    raise known.get(code, CheckStopped)(detail)


def _subclasses(cls: type[IntakeError]) -> Iterator[type[IntakeError]]:
    for below in cls.__subclasses__():
        yield below
        yield from _subclasses(below)


def main() -> int:
    confine(BOUNDS)
    request = json.loads(sys.stdin.buffer.read())
    path = Path(request.pop("path"))
    given = [path] if path.exists() else []
    missing = NEEDED_WALLS - shut_in([*readable_paths(), ROOT / "models_store", *given])
    sys.stdout.write(json.dumps(_without(missing) if missing else _checked(path, **request)))
    return 0


def _without(missing: Set[Protection]) -> dict[str, Any]:
    return {
        "refused": CheckStopped.code,
        "detail": f"the kernel does not shut the check in: {', '.join(sorted(missing))}",
    }


def _checked(path: Path, *, leave_programs: bool = False, adapter: bool = False) -> dict[str, Any]:
    try:
        if adapter:
            check_adapter(path)
            return {"found": None}
        is_file = path.suffix.lower() == ".gguf"
        found = check_gguf(path) if is_file else check_checkpoint(path, leave_programs=leave_programs)
    except IntakeError as error:
        return {"refused": error.code, "detail": error.detail[:SHORT].encode("utf-8", "replace").decode()}
    except (OSError, MemoryError, RecursionError, ValidationError) as error:
        return {"refused": CheckStopped.code, "detail": f"{path.name}: {type(error).__name__}"}
    return {"found": found.model_dump(mode="json")}


if __name__ == "__main__":
    sys.exit(main())
