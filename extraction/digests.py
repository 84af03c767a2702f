"""Names for everything that made an extraction, so that the same work is never done twice."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from extraction.grammar import grammar_digest
from extraction.language_model import LanguageModel
from extraction.normalise import RULES_VERSION
from extraction.prompt import prompt_digest, prompt_text
from extraction.records import Digests
from extraction.schema import DocumentTypeSpec

DECODING_VERSION = "3"
"""Raise it when questions, windows, grounding, merging or reasons change what comes out."""


def digests_of(reader_digest: str, document_type: DocumentTypeSpec, model: LanguageModel) -> Digests:
    """Known before the model runs. `grammar` covers the grammar's form, the decoding and the normal forms."""
    return Digests(
        model=model.digest,
        prompt=prompt_digest(),
        schema=document_type.digest,
        reader=reader_digest,
        grammar=hashlib.sha256(_decoding_text(model).encode()).hexdigest(),
    )


def texts_behind(model: LanguageModel) -> dict[str, str]:
    """What the digests `prompt` and `grammar` are made of, in UTF-8: whoever hashes a text sees that it is the one."""
    return {"prompt": prompt_text(), "grammar": _decoding_text(model)}


def engine_text(*, threads: int) -> str:
    """What computes the answers. Not part of any digest: answers should not depend on it, and a replay shows."""
    packages = (f"{name} {version(name)}" for name in ("llama-cpp-python", "llguidance"))
    return ", ".join([*packages, f"{threads} threads", platform.machine(), _processor()])


def extraction_key(document_digest: str, digests: Digests) -> str:
    """SHA-256 (hex) of a document's bytes and all digests: an extraction under this key need not be computed again."""
    named = json.dumps({"document": document_digest, **asdict(digests)}, sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()


def _decoding_text(model: LanguageModel) -> str:
    return "\n".join(
        [
            f"grammar {grammar_digest()}",
            f"decoding {DECODING_VERSION}",
            f"normal forms {RULES_VERSION}",
            f"context {model.context_tokens} tokens",
        ]
    )


def _processor() -> str:
    """Its name as Linux tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "processor not named")
