"""Whether a document type's grammar can be compiled within bounds. What cannot is refused before it is published.

A worker compiles a grammar for each window of text; it is never larger than the widest one that was tried here. The
cost does not depend on the model: the rules are the same over bytes as over any vocabulary.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extraction.errors import SchemaTooCostly
from extraction.grammar import digest_of, widest_grammar
from extraction.grammar_child import BOUNDS
from extraction.schema import DocumentTypeSpec
from extraction.throwaway import ChildStoppedError, ask

CHILD_MODULE = "extraction.grammar_child"
_TYPES_REMEMBERED = 256


class Compiled(BaseModel):
    """`digest`: SHA-256 of the widest grammar. What compiling it took: seconds, and bytes at the most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    seconds: Annotated[float, Field(ge=0, le=BOUNDS.wall_seconds)]
    memory_bytes: Annotated[int, Field(ge=0)]


def compile_widest(document_type: DocumentTypeSpec) -> Compiled:
    """In a process that is thrown away, 5 s and 512 MB at the most. Raises SchemaTooCostly."""
    expected = widest_digest(document_type)
    try:
        untrusted = ask(CHILD_MODULE, document_type.model_dump_json().encode(), BOUNDS)
        compiled = Compiled.model_validate_json(untrusted)
    except ChildStoppedError as error:
        raise SchemaTooCostly(f"{document_type.name}: {error}") from error
    except ValidationError as error:
        raise SchemaTooCostly(f"{document_type.name}: the process gave an answer that cannot be read") from error
    if compiled.digest != expected:
        raise SchemaTooCostly(f"{document_type.name}: the process compiled another grammar")
    return compiled


def widest_digest(document_type: DocumentTypeSpec) -> str:
    """SHA-256 of the widest grammar: what a published version keeps, and a worker compares."""
    return digest_of(widest_grammar(document_type))


@lru_cache(maxsize=_TYPES_REMEMBERED)
def refuse_untried(document_type: DocumentTypeSpec, tried_digest: str) -> None:
    """Tries a type whose grammar is not the one that was tried when it was published: an update of the product writes
    another one, and versions of before have none. Raises SchemaTooCostly."""
    if widest_digest(document_type) != tried_digest:
        compile_widest(document_type)
