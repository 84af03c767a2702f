"""What the review screen sends, checked before anything else looks at it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.documents.stored_values import parse_path, path_text
from appliance.review.answers import MAX_TEXT, Act, Verb
from appliance.review.errors import UnknownField
from extraction.records import Span

_Offset = Annotated[int, Field(ge=0)]


class DecisionForm(BaseModel):
    """One act: {"version": 7, "verb": "take", "path": "total", "spans": [[120, 125]]}."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: int = Field(ge=0)
    verb: Annotated[Verb, Field(strict=False)]
    path: str = Field(default="", max_length=200)
    spans: list[Annotated[list[_Offset], Field(min_length=2, max_length=2)]] = Field(default=[], max_length=500)
    text: str = Field(default="", max_length=MAX_TEXT)
    normal: str = Field(default="", max_length=MAX_TEXT)
    is_ocr_wrong: bool = False

    def act(self) -> Act:
        """Raises UnknownField for a path that is not written as a path."""
        path = parse_path(self.path)
        if path_text(path) != self.path or (not path and self.verb is not Verb.UNDO):
            raise UnknownField
        spans = tuple(Span(start, end) for start, end in self.spans)
        return Act(self.verb, path, spans, self.text, self.normal, self.is_ocr_wrong)


class FinishForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: int = Field(ge=0)


def why_not_valid(error: ValidationError) -> str:
    """Names the parts that do not fit, without what was sent."""
    return ", ".join(sorted({".".join(str(part) for part in item["loc"]) or "request" for item in error.errors()}))
