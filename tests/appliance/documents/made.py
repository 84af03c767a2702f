"""Documents in every state, made by the services themselves; a reader and a model are not needed."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from appliance.accounts.models import Person
from appliance.document_types.models import DocumentType
from appliance.document_types.queries import published_types
from appliance.document_types.services import publish_shipped_types
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import Document, Job, JobState, Stage
from appliance.documents.reading import begin_reading, store_reading
from appliance.documents.uploads import Origin, upload
from extraction.records import (
    Box,
    Digests,
    Extraction,
    FieldValue,
    Issue,
    Page,
    ReadDocument,
    Reading,
    Reason,
    Region,
    Span,
    Word,
)

RECEIPT_LINES = ("ACME Coffee receipt", "Cash change cashier", "Total 12.50")


def png(width: int = 40, height: int = 60) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stream, "PNG")
    return stream.getvalue()


def page(lines: tuple[str, ...] = RECEIPT_LINES, number: int = 1) -> Page:
    words = [
        Word(text, Box(column / 10, row / 10, (column * 10 + 8) / 100, (row * 10 + 5) / 100), row)
        for row, line in enumerate(lines)
        for column, text in enumerate(line.split())
    ]
    return Page(number, 40, 60, tuple(words), png())


def read_result(*pages: Page) -> ReadDocument:
    return ReadDocument("text/plain", pages or (page(),), "r" * 64)


def extraction_result(total: str | None = "12.50", *, model: str = "m" * 64) -> Extraction:
    """Two values: the company, and a total that somebody should look at."""
    company = FieldValue(("company",), "ACME", Span(0, 4), (Region(1, Box(0, 0, 0.08, 0.05)),), 1, confidence=0.99)
    amount = FieldValue(
        ("total",),
        total,
        Span(45, 50) if total else None,
        (Region(1, Box(0.1, 0.2, 0.18, 0.25)),) if total else (),
        1,
        Reading(total, "amount:decimal") if total else None,
        confidence=0.4,
        reasons=(Reason("unsure", "The model was not sure."),),
    )
    digests = Digests(model, "p" * 64, "s" * 64, "r" * 64, "g" * 64)
    issue = Issue("sum", "The lines do not add up.", (("total",), ("line_items", 0, "amount")))
    return Extraction((company, amount), (issue,), digests, 1, 1, 1, 0.5)


def receipt_type() -> DocumentType:
    publish_shipped_types()
    return DocumentType.objects.get(name="receipt")


def uploaded(by: Person, content: bytes = b"ACME Coffee\nTotal 12.50\n", *, typed: bool = True) -> Document:
    document_type = receipt_type() if typed else None
    return upload(untrusted_name="scan.txt", content=content, origin=Origin(by, document_type))


def job_of(document: Document, stage: Stage) -> Job:
    return document.jobs.get(stage=stage, state__in=(JobState.WAITING, JobState.RUNNING))


def read(by: Person, content: bytes = b"ACME Coffee\nTotal 12.50\n", *, typed: bool = True) -> Document:
    """A document whose pages are stored; with a type, its extraction waits."""
    document = uploaded(by, content, typed=typed)
    work = begin_reading(job_id=job_of(document, Stage.READ).pk)
    assert work is not None
    return store_reading(claim=work.claim, read=read_result())


def to_review(by: Person, content: bytes = b"ACME Coffee\nTotal 12.50\n") -> Document:
    document = read(by, content)
    work = begin_extraction(job_id=job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    store_extraction(work=work, extraction=extraction_result())
    return Document.objects.get(pk=document.pk)


def untyped_page() -> Page:
    """A page that fits no type."""
    return replace(page(), words=(Word("zzz", Box(0, 0, 0.1, 0.1), 0),))


def type_names() -> list[str]:
    return [choice.name for choice in published_types()]
