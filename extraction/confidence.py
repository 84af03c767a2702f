"""When somebody should look at a value, and the sentence that says why. All thresholds of the library stand here."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.decode import Certainty
from extraction.records import Reading, Reason
from extraction.schema import FieldSpec, Kind, NormalForm

LOW_CONFIDENCE = 0.5
NEARLY_AS_LIKELY = 0.5
"""A runner-up with this share of the winner's share makes a close call."""
LOW_OCR_CONFIDENCE = 0.8
MANY_PLACES = 4
"""A value that stands in this many places may have been read from any of them."""
_NORMALISED = frozenset({Kind.DATE, Kind.AMOUNT, Kind.NUMBER})


def model_reasons(certainty: Certainty) -> Iterator[Reason]:
    """What the model's own probabilities say."""
    if certainty.runner_up >= NEARLY_AS_LIKELY * certainty.decided:
        shares = f"{certainty.decided:.2f} / {certainty.runner_up:.2f}"
        yield Reason("close_call", f"Two readings were nearly as likely ({shares}).")
    elif certainty.confidence < LOW_CONFIDENCE:
        yield Reason("low_confidence", f"The model was not sure ({certainty.confidence:.2f}).")


def source_reasons(spec: FieldSpec, ocr_confidence: float | None, occurrences: int) -> Iterator[Reason]:
    """What the place on the page says."""
    if ocr_confidence is not None and ocr_confidence < LOW_OCR_CONFIDENCE:
        yield Reason("low_ocr", f"The scan is hard to read here ({ocr_confidence:.2f}).")
    if occurrences >= MANY_PLACES and spec.kind is not Kind.TEXT:
        yield Reason("several_places", f"This text stands in {occurrences} places; check that the right one is marked.")


def reading_reasons(spec: FieldSpec, reading: Reading | None, alternatives: tuple[Reading, ...]) -> Iterator[Reason]:
    """What the normal form says, for a value that was found."""
    if reading is None and (spec.kind in _NORMALISED or spec.normal_form is not NormalForm.NONE):
        yield Reason("not_normalised", f"This could not be understood as {_form(spec)}.")
    elif reading is not None and alternatives:
        others = " or ".join(other.normal for other in alternatives)
        yield Reason("ambiguous", f"This can be read as {reading.normal} or {others}.")


def rival_reasons(rival: str | None) -> Iterator[Reason]:
    """What another part of a long document says."""
    if rival is not None:
        yield Reason("windows_disagree", f"Another part of the document suggests: {rival}.")


def absence_reasons(spec: FieldSpec, *, is_cut: bool) -> Iterator[Reason]:
    """What there is to say about a value that was not found."""
    if is_cut:
        yield Reason("cut_off", "The answer was cut off before this field.")
    elif spec.required:
        yield Reason("required_missing", f"{spec.title} is required, but was not found.")


def end_reasons(*, is_cut: bool) -> Iterator[Reason]:
    """What there is to say about the last value of an answer that was cut off inside a list."""
    if is_cut:
        yield Reason("list_cut_off", "The answer ended in this list: rows may be missing after this one.")


def _form(spec: FieldSpec) -> str:
    names = {Kind.DATE: "a date", Kind.AMOUNT: "an amount", Kind.NUMBER: "a number"}
    forms = {
        NormalForm.IBAN: "an IBAN",
        NormalForm.BIC: "a BIC",
        NormalForm.VAT: "a VAT number",
        NormalForm.PHONE: "a phone number",
        NormalForm.EMAIL: "an e-mail address",
        NormalForm.COUNTRY: "a country",
        NormalForm.CURRENCY: "a currency",
    }
    return names.get(spec.kind) or forms.get(spec.normal_form, "its normal form")
