"""What a check of a model from outside found. It travels as JSON from the process that did it, and is checked again."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SHORT, TEXT = 500, 64 * 1024
"""Characters of names and remarks, and of licence and model card."""
ANSWER_BYTES = 1 << 20

_DIGEST = r"^[0-9a-f]{64}$"
_FILE_NAME = r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$"


class TakenFile(BaseModel):
    """A file that is taken over, with its digest as it lies on the medium."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=_FILE_NAME)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=_DIGEST)


class Intake(BaseModel):
    """`family`: key of families.py. `context_tokens`: as the model claims. `numbers`: how weights are kept (BF16,
    Q8_0 ...). `has_template`: a chat template was found; it is not taken over. Texts named untrusted are the
    publisher's words: shown as text, never as anything else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["checkpoint", "gguf"]
    family: str = Field(max_length=SHORT)
    parameters: int = Field(ge=1)
    context_tokens: int = Field(ge=1)
    vocabulary: int = Field(ge=1)
    numbers: str = Field(max_length=SHORT)
    files: tuple[TakenFile, ...] = Field(min_length=1, max_length=256)
    has_template: bool = False
    untrusted_name: str = Field(default="", max_length=SHORT)
    untrusted_licence: str = Field(default="", max_length=SHORT)
    untrusted_licence_text: str = Field(default="", max_length=TEXT)
    untrusted_card_text: str = Field(default="", max_length=TEXT)
    warnings: tuple[str, ...] = Field(default=(), max_length=64)

    @property
    def size(self) -> int:
        """Bytes of all files that are taken over."""
        return sum(file.size for file in self.files)
