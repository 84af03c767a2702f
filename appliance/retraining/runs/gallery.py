"""The answers of a measured model that were wrong, with the piece of the page that each was read from."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from django.core.paginator import Page as Sheet
from django.core.paginator import Paginator
from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.evidence import NoEvidence, picture_of
from appliance.audit.record import Evidence, Subject, record
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import load_regions, regions_json
from appliance.documents.viewing import note_viewed
from appliance.retraining.datasets.printed import text_of
from appliance.retraining.models import Measured, MeasuredValue, TrainingRun
from extraction.ground import WordMap
from extraction.records import Box, ReadDocument, Region, Span
from extraction.text_document import document_from_text

AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Gallery:
    """`fields`: every field with how many of its answers are wrong. `field`: the one that is shown, "" for all."""

    run: TrainingRun
    measured: Measured
    choices: tuple[Measured, ...]
    fields: tuple[tuple[str, int], ...]
    field: str
    sheet: Sheet[MeasuredValue]


def gallery_of(run: TrainingRun, *, measured_id: int | None, field: str, page: int) -> Gallery | None:
    """Of the model that is asked for, else the recommended one; None where nothing is measured yet."""
    choices = tuple(run.measured.order_by("pk"))
    if not choices:
        return None
    asked = next((one for one in choices if one.pk == measured_id), None)
    measured = asked or next((one for one in choices if one.is_chosen), choices[-1])
    wrong = list(measured.values.filter(is_right=False).select_related("entry").order_by("entry__position", "path"))
    counts: dict[str, int] = {}
    for value in wrong:
        counts[field_of(value.path)] = counts.get(field_of(value.path), 0) + 1
    shown = [value for value in wrong if not field or field_of(value.path) == field]
    return Gallery(run, measured, choices, tuple(counts.items()), field, Paginator(shown, AT_ONCE).get_page(page))


@transaction.atomic
def note_errors_viewed(gallery: Gallery) -> None:
    reason = (
        f"run {gallery.run.pk}, {gallery.measured.role}, {gallery.field or 'all fields'}, page {gallery.sheet.number}"
    )
    evidence = Evidence(digests={"model": gallery.measured.model_digest, "snapshot": gallery.measured.snapshot.digest})
    record(Action.ERRORS_VIEWED, subject=Subject("training_run", str(gallery.run.pk)), reason=reason, evidence=evidence)


def field_of(path: str) -> str:
    """ "line_items[0].amount" -> "line_items.amount"."""
    return "".join(part.partition("]")[2] if n else part for n, part in enumerate(path.split("[")))


def crop_of(value: MeasuredValue) -> bytes:
    """PNG of where the answer stands on its page, or of where the right one does. Raises NoEvidence."""
    document = Document.objects.filter(pk=value.entry.document_id).first() if value.entry.document_id else None
    if document is None or value.entry.withdrawn_at is not None:
        raise NoEvidence("the document is not on this box")
    note_viewed(document=document)
    read = load_read_document(document)
    text = text_of(read)
    span = _span_of(value, document_from_text(text))
    if span is None:
        raise NoEvidence("the answer stands nowhere on a page")
    placed = carried_back(span, read.flat_text, document_from_text(text).flat_text)
    return picture_of(document, regions_json(WordMap(read).regions(placed)))


def carried_back(span: Span, stored: str, flat: str) -> Span:
    """A span of a label file's text in the stored document: both hold the same characters but for blanks."""
    if stored == flat:
        return span
    in_flat, in_stored = _marks(flat), _marks(stored)
    first, behind = bisect_left(in_flat, span.start), bisect_left(in_flat, span.end)
    return Span(in_stored[first], in_stored[behind - 1] + 1)


def _span_of(value: MeasuredValue, read: ReadDocument) -> Span | None:
    """By the answer's regions in the text that was asked about, else by the label's own span."""
    regions = load_regions(value.regions)
    if regions:
        return _span_under(regions, read)
    labelled = (value.entry.spans or {}).get(value.path)
    return Span(*labelled) if labelled else None


def _span_under(regions: tuple[Region, ...], read: ReadDocument) -> Span | None:
    start, first, last = 0, None, None
    for page, word in read.words:
        end = start + len(word.text)
        if any(region.page == page and _touches(region.box, word.box) for region in regions):
            first, last = (start if first is None else first), end
        start = end + 1
    return None if first is None or last is None else Span(first, last)


def _touches(one: Box, other: Box) -> bool:
    """By more than a rounding."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1e-4 and down > 1e-4


def _marks(text: str) -> list[int]:
    return [at for at, character in enumerate(text) if not character.isspace()]
