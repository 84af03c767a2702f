"""The control: the same file straight to the library that would use it, in a process with room but without our checks.

python -m bench.malformed.unguarded    ("schema", "gguf" or "safetensors", a line break and a path on the input)
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from extraction.throwaway import Bounds, ChildStoppedError, ask

BOUNDS = Bounds(memory_bytes=4 << 30, processor_seconds=20, wall_seconds=20.0, answer_bytes=1 << 20)


def survives(kind: str, path: Path) -> bool:
    """Whether a process that lets the library see the file comes to its end, with a result or an error."""
    try:
        ask("bench.malformed.unguarded", f"{kind}\n{path}".encode(), BOUNDS)
    except ChildStoppedError:
        return False
    return True


def loads(kind: str, path: Path) -> bool:
    """Whether the library makes something of it."""
    try:
        return ask("bench.malformed.unguarded", f"{kind}\n{path}".encode(), BOUNDS).endswith(b"loaded")
    except ChildStoppedError:
        return False


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (BOUNDS.memory_bytes, BOUNDS.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kind, _, path = sys.stdin.read().partition("\n")
    try:
        {"schema": _schema, "gguf": _gguf, "safetensors": _safetensors}[kind](Path(path))
    except (ValueError, OSError, MemoryError, RecursionError, AssertionError) as error:
        sys.stdout.write(f"refused by the library: {type(error).__name__}")
    else:
        sys.stdout.write("loaded")
    return 0


def _schema(path: Path) -> None:
    """Text to grammar by llguidance itself, then the first step of an answer."""
    from llguidance import LLMatcher, LLTokenizer

    matcher = LLMatcher(LLTokenizer("byte"), LLMatcher.grammar_from_json_schema(path.read_text()), log_level=0)
    matcher.compute_bitmask()
    if matcher.is_error():
        raise ValueError(matcher.get_error()[:100])


def _gguf(path: Path) -> None:
    from llama_cpp import Llama

    Llama(str(path), n_ctx=64, verbose=False)


def _safetensors(path: Path) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path / "model.safetensors", framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 -- no mapping
                file.get_slice(name).get_shape()
    except SafetensorError as error:
        raise ValueError(str(error)[:100]) from error


if __name__ == "__main__":
    sys.exit(main())
