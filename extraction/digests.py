"""Names for everything that made an extraction, so that the same work is never done twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from extraction.grammar import grammar_digest
from extraction.language_model import LanguageModel
from extraction.normalise import RULES_VERSION
from extraction.prompt import prompt_digest
from extraction.records import Digests
from extraction.schema import DocumentTypeSpec

DECODING_VERSION = "3"
"""Raise it when questions, windows, grounding, merging or reasons change what comes out."""


def digests_of(reader_digest: str, document_type: DocumentTypeSpec, model: LanguageModel) -> Digests:
    """Known before the model runs. `grammar` covers the grammar's form, the decoding and the normal forms."""
    decoding = f"{grammar_digest()} {DECODING_VERSION} {RULES_VERSION} {model.context_tokens}"
    return Digests(
        model=model.digest,
        prompt=prompt_digest(),
        schema=document_type.digest,
        reader=reader_digest,
        grammar=hashlib.sha256(decoding.encode()).hexdigest(),
    )


def extraction_key(document_digest: str, digests: Digests) -> str:
    """SHA-256 (hex) of a document's bytes and all digests: an extraction under this key need not be computed again."""
    named = json.dumps({"document": document_digest, **asdict(digests)}, sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()
