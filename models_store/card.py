"""What is known about a model, kept beside its weights and never changed afterwards."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class ModelState(StrEnum):
    """Where a model stands. `production` and `previous` come from the pointer, the others from the model itself; of a
    `removed` one only the card is left."""

    IMPORTED = "imported"
    CANDIDATE = "candidate"
    PRODUCTION = "production"
    PREVIOUS = "previous"
    RETIRED = "retired"
    REMOVED = "removed"


class ModelCard(BaseModel):
    """`digest` is the SHA-256 of model.gguf; `base`, `adapter` and `dataset_digest` are digests or empty strings.

    An adapter that serves by itself has no model.gguf: `runs_on` is the digest of the model that it is laid over,
    `document_type` the one type it may answer, and `digest` the `adapted_digest` of both files. Both are empty of a
    model.

    `documents` are the SHA-256 of the originals that taught this model itself; what taught its base stands in the
    base's card. Empty where none did, or where the card does not say.

    `weights`: digest of the trainable weights that it was converted from (`weights.py`), empty where it cannot be
    fine-tuned. `adapter_file`: SHA-256 of the adapter as a GGUF by itself, kept beside the model and usable with its
    base; empty where there is none.

    `scores` maps a measure to its figures (value, n, interval ...); `made_at` is ISO 8601 with its zone.
    Unknown keys are kept: a card made by a newer release still says all it knows.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(min_length=1)
    base: str = ""
    adapter: str = ""
    adapter_file: str = ""
    runs_on: str = ""
    document_type: str = ""
    weights: str = ""
    dataset_digest: str = ""
    documents: tuple[str, ...] = ()
    quantization: str = ""
    parameters: int = Field(default=0, ge=0)
    context_tokens: int = Field(ge=1)
    scores: dict[str, JsonValue] = Field(default_factory=dict)
    made_by: str = ""
    made_at: str = ""
    licence: str = ""
    limits: str | list[str] = ""
