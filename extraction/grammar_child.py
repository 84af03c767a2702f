"""Compiles the widest grammar of a document type in a process that is thrown away, before any worker meets it.

    python -m extraction.grammar_child    (the document type as JSON on the standard input)

It answers with one line of JSON: the grammar's SHA-256, and what compiling it took.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from extraction.throwaway import Bounds, confine

BOUNDS = Bounds(memory_bytes=512 << 20, processor_seconds=5, wall_seconds=10.0, answer_bytes=4096)
"""Wall time is twice the processor time: a busy machine is no reason to refuse a type."""


def main() -> int:
    confine(BOUNDS)
    from llguidance import LLTokenizer

    from extraction.grammar import digest_of, widest_grammar
    from extraction.language_model_stepper import GrammarStepper, GrammarVocabulary
    from extraction.schema import DocumentTypeSpec

    grammar = widest_grammar(DocumentTypeSpec.model_validate_json(sys.stdin.buffer.read()))
    begun = time.monotonic()
    stepper = GrammarStepper(GrammarVocabulary(LLTokenizer("byte")), grammar)
    stepper.take_forced()
    stepper.legal()
    seconds = time.monotonic() - begun
    sys.stdout.write(json.dumps({"digest": digest_of(grammar), "seconds": seconds, "memory_bytes": _peak_bytes()}))
    return 0


def _peak_bytes() -> int:
    """What this process held at most. What `getrusage` says may be its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


if __name__ == "__main__":
    sys.exit(main())
