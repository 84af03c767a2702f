"""The control: the same file straight to the library that would use it, in a process with room but without our checks.

python -m bench.malformed.unguarded    ("schema", "gguf" or "safetensors", a line break and a path on the input)
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from extraction.schema import FieldSpec, Kind
from extraction.throwaway import Bounds, ChildStoppedError, ask

BOUNDS = Bounds(memory_bytes=4 << 30, processor_seconds=8, wall_seconds=8.0, answer_bytes=1 << 20)


def survives(kind: str, path: Path) -> bool:
    """Whether a process that lets the library see the file comes to its end within 4 GB, with a result or an error."""
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
    except (ValueError, TypeError, OSError, RecursionError, AssertionError) as error:
        sys.stdout.write(f"refused by the library: {type(error).__name__}")
    else:
        sys.stdout.write("loaded")
    return 0


def _schema(path: Path) -> None:
    """Fields as they stand, without a cap, to the grammar and the first step of an answer."""
    from llguidance import LLTokenizer

    from extraction.errors import DecodingFailed
    from extraction.grammar import widest_grammar
    from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary
    from extraction.schema import DocumentTypeSpec

    fields = _fields(json.loads(path.read_bytes()))
    grammar = widest_grammar(DocumentTypeSpec.model_construct(name="a", fields=fields))
    try:
        GrammarStepper(GrammarVocabulary(LLTokenizer("byte")), grammar).legal()
    except DecodingFailed as error:
        raise ValueError(error.code) from error


def _fields(schema: Any) -> tuple[FieldSpec, ...]:
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    found = properties.items() if isinstance(properties, dict) else ()
    return tuple(_field(name, inner if isinstance(inner, dict) else {}) for name, inner in found)


def _field(name: str, schema: dict[str, Any]) -> FieldSpec:
    inside = schema.get("items", schema)
    if fields := _fields(inside):
        kind = Kind.LIST if "items" in schema else Kind.GROUP
        return FieldSpec.model_construct(name=name, kind=kind, fields=fields)
    options = tuple(str(option) for option in schema.get("enum", ()))
    return FieldSpec.model_construct(name=name, kind=Kind.ENUM if options else Kind.TEXT, options=options)


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
