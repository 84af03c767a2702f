"""What a person's act on a field means: the value, its normal form, and what it stands on.

The browser says where on the page, never what stands there: text and boxes are taken from the stored words again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from appliance.review.errors import NotAnOption, NotOnThePage
from appliance.review.models import Anchor, DecisionKind
from appliance.review.queries import CurrentValue
from extraction.ground import WordMap
from extraction.normalise import normalise
from extraction.records import ReadDocument, Reading, Region, Span, ValuePath
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from extraction.spans import UnitIndex

MAX_TEXT = 2000


class Verb(StrEnum):
    CONFIRM = "confirm"
    TAKE = "take"
    TYPE = "type"
    CHOOSE = "choose"
    ABSENT = "absent"
    EMPTY = "empty"
    ADD_ROW = "add_row"
    REMOVE_ROW = "remove_row"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """What the person did. `spans` are the places they pointed at, `text` what they typed, `normal` the reading they
    chose; `is_ocr_wrong` says that the page shows `text` at that place and the scan was misread."""

    verb: Verb
    path: ValuePath = ()
    spans: tuple[Span, ...] = ()
    text: str = ""
    normal: str = ""
    is_ocr_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The value that follows from an act."""

    kind: DecisionKind
    raw: str | None = None
    reading: Reading | None = None
    anchor: str = ""
    span: Span | None = None
    regions: tuple[Region, ...] = ()


ABSENT = Answer(DecisionKind.ABSENT, anchor=Anchor.ABSENT)
EMPTY = Answer(DecisionKind.EMPTY, raw="")


@dataclass(frozen=True)
class Answerer:
    """Turns acts on one field into answers."""

    spec: FieldSpec
    document_type: DocumentTypeSpec
    read: ReadDocument
    now: CurrentValue

    def answer(self, act: Act) -> Answer:
        """Raises NotAnOption or NotOnThePage."""
        match act.verb:
            case Verb.CONFIRM:
                return self._confirmed(DecisionKind.CONFIRMED)
            case Verb.TAKE:
                return self._taken(act.spans)
            case Verb.TYPE:
                return self._typed(act)
            case Verb.CHOOSE:
                return self._chosen(act.normal)
            case Verb.EMPTY:
                return EMPTY
            case _:
                return ABSENT

    def _confirmed(self, kind: DecisionKind, reading: Reading | None = None) -> Answer:
        now = self.now
        if now.raw is None:
            return ABSENT
        reading = reading or (Reading(now.normal, now.rule) if now.normal else None)
        anchor = now.anchor or (Anchor.SPAN if now.span else "")
        return Answer(kind, now.raw, reading, anchor, now.span, now.regions)

    def _chosen(self, normal: str) -> Answer:
        """Another legal reading of the same words."""
        readings = self._readings(self.now.raw or "")
        chosen = next((reading for reading in readings if reading.normal == normal), None)
        if chosen is None:
            raise NotAnOption
        is_same = normal == self.now.normal
        return self._confirmed(DecisionKind.CONFIRMED if is_same else DecisionKind.CORRECTED, chosen)

    def _taken(self, spans: Sequence[Span]) -> Answer:
        """The words at these places. Places that do not follow one another are no single span: not anchored."""
        whole = _joined(spans, len(self.read.flat_text))
        words = WordMap(self.read)
        text = self.read.flat_text
        raw = " ".join(text[span.start : span.end] for span in whole)
        regions = tuple(region for span in whole for region in words.regions(span))
        span = whole[0] if len(whole) == 1 else None
        anchor = Anchor.SPAN if span else Anchor.TYPED
        return self._corrected(raw, anchor, span, regions)

    def _typed(self, act: Act) -> Answer:
        text = " ".join(act.text.split())[:MAX_TEXT]
        if not text:
            return EMPTY
        self._check_option(text)
        if text in (self.now.raw, self.now.normal):
            return self._confirmed(DecisionKind.CONFIRMED)
        place = self._taken(act.spans) if act.spans else None
        if place is not None and place.raw == text:
            return place
        if act.is_ocr_wrong:
            return self._misread(text, place)
        return self._found(text)

    def _misread(self, text: str, place: Answer | None) -> Answer:
        span, regions = (place.span, place.regions) if place else (self.now.span, self.now.regions)
        if not regions:
            raise NotOnThePage
        return self._corrected(text, Anchor.OCR_WRONG, span, regions)

    def _found(self, text: str) -> Answer:
        """Typed text that stands in exactly one place of the document is anchored there."""
        places = UnitIndex(self.read.flat_text).spans(text) if self.spec.kind.is_span else ()
        if len(places) == 1:
            return self._corrected(text, Anchor.SPAN, places[0], WordMap(self.read).regions(places[0]))
        return self._corrected(text, Anchor.TYPED if self.spec.kind.is_span else "", None, ())

    def _corrected(self, raw: str, anchor: str, span: Span | None, regions: tuple[Region, ...]) -> Answer:
        readings = self._readings(raw)
        self._check_option(raw)
        return Answer(DecisionKind.CORRECTED, raw, readings[0] if readings else None, anchor, span, regions)

    def _readings(self, raw: str) -> tuple[Reading, ...]:
        return normalise(self.spec, raw, self.document_type)

    def _check_option(self, raw: str) -> None:
        options = ("true", "false") if self.spec.kind is Kind.BOOLEAN else self.spec.options
        if options and raw not in options:
            raise NotAnOption


def _joined(spans: Sequence[Span], size: int) -> tuple[Span, ...]:
    """The spans in order, neighbours (one blank apart) made one. Raises NotOnThePage for places outside of the text."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not 0 <= span.start < span.end <= size:
            raise NotOnThePage
        if joined and span.start <= joined[-1].end + 1:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    if not joined:
        raise NotOnThePage
    return tuple(joined)
