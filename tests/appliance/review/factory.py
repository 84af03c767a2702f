"""An invoice under review: pages drawn as pictures with the words where they stand, and values found on them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import extraction
from appliance.accounts.models import Person
from appliance.document_types.models import DocumentType
from appliance.document_types.services import publish_shipped_types
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import Document, JobState, Stage
from appliance.documents.reading import begin_reading, store_reading
from appliance.documents.stored_values import parse_path
from appliance.documents.uploads import Origin, upload
from appliance.review.specs import spec_at
from extraction.ground import WordMap
from extraction.normalise import normalise
from extraction.records import Box, Digests, Extraction, FieldValue, Page, ReadDocument, Reason, Word
from extraction.schema import DocumentTypeSpec
from extraction.spans import UnitIndex
from extraction.validate import validate

Line = Sequence[tuple[int, str]]
"""What stands on a line: pixels from the left, and the text there."""

SIZE = (1240, 1754)
FONT = Path(extraction.__file__).parent / "read" / "fonts" / "DejaVuSansMono.ttf"
INVOICE: tuple[Line, ...] = (
    ((100, "Hofmann & Söhne GmbH"),),
    ((100, "Lindenstraße 4, 10969 Berlin"), (850, "Invoice")),
    ((100, "VAT ID DE136695976"), (850, "No. RE-2024-0117")),
    ((850, "Date 04.03.24"),),
    ((100, "Bill to"), (850, "Due 03.04.2024")),
    ((100, "Nordlicht Logistik AG"),),
    (),
    ((100, "Item"), (640, "Qty"), (800, "Price"), (1000, "Amount")),
    ((100, "Office chair, black"), (640, "2"), (800, "189,00"), (1000, "378,00")),
    ((100, "Desk lamp LED"), (640, "4"), (800, "32,50"), (1000, "130,00")),
    ((100, "Delivery"), (640, "1"), (800, "24,90"), (1000, "24,90")),
    (),
    ((800, "Net"), (1000, "532,90")),
    ((800, "VAT 19 %"), (1000, "101,25")),
    ((800, "Total EUR"), (1000, "634,15")),
    (),
    ((100, "IBAN DE89 3704 0044 0532 0130 00"),),
)
SECOND_PAGE: tuple[Line, ...] = (((100, "Terms of payment"),), ((100, "Payable within 30 days."),))
VALUES: Mapping[str, str | None] = {
    "invoice_number": "RE-2024-0117",
    "issue_date": "04.03.24",
    "due_date": "03.04.2024",
    "seller_name": "Hofmann & Söhne GmbH",
    "seller_vat_id": "DE136695976",
    "buyer_name": None,
    "line_items[0].description": "Office chair, black",
    "line_items[0].quantity": "2",
    "line_items[0].unit_price": "189,00",
    "line_items[0].amount": "378,00",
    "line_items[1].description": "Desk lamp LED",
    "line_items[1].quantity": "4",
    "line_items[1].unit_price": "32,50",
    "line_items[1].amount": "130,00",
    "net_total": "532,90",
    "tax_total": "101,25",
    "gross_total": "634,15",
    "currency": "EUR",
    "iban": "DE89 3704 0044 0532 0130 00",
}
DOUBTS: Mapping[str, str] = {"seller_name": "The model was not sure (0.41)."}


def invoice_to_review(
    by: Person,
    *,
    content: bytes = b"invoice",
    name: str = "hofmann-0117.pdf",
    values: Mapping[str, str | None] = VALUES,
    model: str = "m" * 64,
) -> Document:
    """A document of two pages whose net total does not fit its line items: the third item was not found."""
    publish_shipped_types()
    kind = DocumentType.objects.get(name="invoice")
    document = upload(untrusted_name=name, content=content, origin=Origin(by, kind))
    reading = begin_reading(job_id=_waiting(document, Stage.READ))
    assert reading is not None
    read = read_invoice()
    store_reading(claim=reading.claim, read=read)
    extracting = begin_extraction(job_id=_waiting(document, Stage.EXTRACT))
    assert extracting is not None
    spec = kind.versions.get().spec
    store_extraction(work=extracting, extraction=result_of(read, spec, values, model=model))
    return Document.objects.get(pk=document.pk)


def read_invoice() -> ReadDocument:
    return ReadDocument("application/pdf", (page(INVOICE, 1), page(SECOND_PAGE, 2)), "r" * 64)


def page(lines: Sequence[Line], number: int) -> Page:
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 26)
    words = [
        word
        for row, line in enumerate(lines)
        for column, (left, text) in enumerate(line)
        for word in _words(draw, font, (left, 120 + row * 64), (text, row, column > 0))
    ]
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Page(number, *SIZE, tuple(words), stream.getvalue())


def result_of(
    read: ReadDocument, spec: DocumentTypeSpec, values: Mapping[str, str | None], *, model: str = "m" * 64
) -> Extraction:
    index, words = UnitIndex(read.flat_text), WordMap(read)
    found = tuple(_value(path, raw, spec, index=index, words=words) for path, raw in values.items())
    digests = Digests(model, "p" * 64, spec.digest, read.reader_digest, "g" * 64)
    return Extraction(found, validate(found, spec), digests, len(read.pages), len(read.pages), 1, 0.8)


def _value(path: str, raw: str | None, spec: DocumentTypeSpec, *, index: UnitIndex, words: WordMap) -> FieldValue:
    reasons = (Reason("low_confidence", DOUBTS[path]),) if path in DOUBTS else ()
    if raw is None:
        return FieldValue(parse_path(path), None, confidence=0.7, reasons=reasons)
    places = index.spans(raw)
    readings = normalise(spec_at(spec, parse_path(path)), raw, spec)
    if len(readings) > 1:
        reasons += (Reason("ambiguous", f"This can be read as {readings[0].normal} or {readings[1].normal}."),)
    return FieldValue(
        parse_path(path),
        raw,
        places[0],
        words.regions(places[0]),
        len(places),
        readings[0] if readings else None,
        readings[1:],
        0.97,
        None,
        reasons,
    )


def _words(
    draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, place: tuple[int, int], what: tuple[str, int, bool]
) -> list[Word]:
    (left, top), (text, row, is_column) = place, what
    words: list[Word] = []
    for position, part in enumerate(text.split()):
        draw.text((left, top), part, "black", font)
        right = left + draw.textlength(part, font)
        box = Box(left / SIZE[0], top / SIZE[1], right / SIZE[0], (top + 32) / SIZE[1])
        words.append(Word(part, box, row, is_column and position == 0))
        left = int(right) + 10
    return words


def _waiting(document: Document, stage: Stage) -> int:
    return document.jobs.get(stage=stage, state=JobState.WAITING).pk
