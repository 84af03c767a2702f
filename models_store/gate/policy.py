"""What is asked of a candidate. Data: it is kept with each run and shown beside the verdict."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Policy(BaseModel):
    """Shares are of 1. The defaults refuse what is not shown to be better; the bounds are what no site can loosen.

    `least_documents`: of the frozen test part.
    `chance_better`: how likely chance alone may give such a gain over the model in force.
    `margin`: how much worse in all (share of right values) still counts as no worse; above 0 a smaller file of the
    model in force can take its place without being better.
    `chance_field`: the same for a loss in any field, all fields together (Holm's correction).
    `retention`: of full precision's F1, as measured; `retention_low`: the lower end of its interval of 95 %, so that a
    lucky handful of documents does not carry a file through.
    `ece_rise`, `auroc_drop`: calibration is lost where both are passed.
    `forgotten`: of the values, and of the nulls, that the model in force has right on the factory set; refused where a
    loss is larger and chance would give it with less than `chance_field` to a model that loses so much.
    `must_beat_untuned`: the candidate must also be better than the model that it was tuned from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_documents: int = Field(default=20, ge=10, le=10_000)
    chance_better: float = Field(default=0.01, ge=0.0005, le=0.05)
    margin: float = Field(default=0.0, ge=0.0, le=0.02)
    chance_field: float = Field(default=0.05, ge=0.001, le=0.2)
    retention: float = Field(default=0.95, ge=0.95, le=1.0)
    retention_low: float = Field(default=0.9, ge=0.85, le=1.0)
    ece_rise: float = Field(default=0.05, ge=0.0, le=0.2)
    auroc_drop: float = Field(default=0.05, ge=0.0, le=0.2)
    least_confidences: int = Field(default=50, ge=20, le=10_000)
    forgotten: float = Field(default=0.25, ge=0.0, le=0.5)
    must_beat_untuned: bool = False
