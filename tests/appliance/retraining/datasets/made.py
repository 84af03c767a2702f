"""Reviewed documents of several senders, made by the services themselves; a reader and a model are not needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.context import Actor, acting_as
from appliance.audit.record import record
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.document_types.queries import latest_published
from appliance.document_types.services import publish_shipped_types
from appliance.documents import models as rows
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading, store_reading
from appliance.documents.services import reopen, retry
from appliance.documents.states import State
from appliance.documents.stored_pages import compact, load_read_document
from appliance.documents.stored_values import parse_path, value_row
from appliance.documents.transitions import subject_of
from appliance.documents.uploads import Origin, upload
from appliance.review.answers import Act, Verb
from appliance.review.claims import claim
from appliance.review.decisions import decide
from appliance.review.finishing import finish
from extraction.ground import WordMap
from extraction.records import Digests, Extraction, FieldValue, ReadDocument, Span
from extraction.spans import UnitIndex
from tests.appliance.documents.made import job_of, page

COMPANIES = ("ACME Coffee", "Borealis Books", "Cedar Garden", "Dunmore Tools", "Elm Street Bakery", "Fjord Fish")


def receipt_type() -> DocumentType:
    if not DocumentType.objects.filter(name="receipt").exists():
        publish_shipped_types()
    return DocumentType.objects.get(name="receipt")


def receipt_version() -> DocumentTypeVersion:
    version = latest_published(receipt_type())
    assert version is not None
    return version


def lines_of(company: str, number: int, *, total: str = "") -> tuple[str, ...]:
    """A receipt with words of its own: two receipts, also of one company, are never nearly the same."""
    own = " ".join(f"{tree}{number}" for tree in ("alder", "birch", "cedar", "dogwood", "elder"))
    goods = f"tea{number} scone{number} jam{number}"
    return (company, f"Receipt no. R{number:04d} of {day(number)}", own, goods, f"Total {total or price(number)}")


def day(number: int) -> str:
    return f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}"


def price(number: int) -> str:
    return f"{10 + number}.{number % 10}5"


def values_of(company: str, number: int) -> dict[str, str | None]:
    """All fields of the type that are outside of its list."""
    absent = dict.fromkeys(("address", "tax", "payment_method"))
    said = {"company": company, "date": day(number), "receipt_number": f"R{number:04d}", "total": price(number)}
    return absent | said


def to_review(by: Person, lines: Sequence[str], values: Mapping[str, str | None], *, content: bytes = b"") -> Document:
    """A receipt on whose page these lines stand, and what a model found."""
    read = ReadDocument("text/plain", (page(tuple(lines)),), "r" * 64)
    return to_review_of(by, read, values, content=content or "\n".join(lines).encode())


def to_review_of(by: Person, read: ReadDocument, values: Mapping[str, str | None], *, content: bytes) -> Document:
    document = upload(untrusted_name="r.txt", content=content, origin=Origin(by, receipt_type()))
    if document.state == State.DUPLICATE:
        retry(document_id=document.pk, by=by)  # somebody wants the second copy read after all
    reading = begin_reading(job_id=job_of(document, Stage.READ).pk)
    assert reading is not None
    store_reading(claim=reading.claim, read=read)
    work = begin_extraction(job_id=job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    store_extraction(work=work, extraction=extraction_of(read, values))
    return Document.objects.get(pk=document.pk)


def extraction_of(read: ReadDocument, values: Mapping[str, str | None]) -> Extraction:
    index, words = UnitIndex(read.flat_text), WordMap(read)
    found = tuple(_value(path, raw, index, words) for path, raw in values.items())
    digests = Digests("m" * 64, "p" * 64, receipt_version().digest, "r" * 64, "g" * 64)
    return Extraction(found, (), digests, 1, 1, 1, 0.5)


def _value(path: str, raw: str | None, index: UnitIndex, words: WordMap) -> FieldValue:
    if raw is None:
        return FieldValue(parse_path(path), None, confidence=0.9)
    span = index.spans(raw)[0]
    return FieldValue(parse_path(path), raw, span, words.regions(span), 1, confidence=0.9)


def do(document: Document, by: Person, verb: Verb, path: str = "", **more: Any) -> Document:
    """One decision of a person."""
    claim(document_id=document.pk, by=by)
    version = Document.objects.get(pk=document.pk).version
    decide(document_id=document.pk, by=by, version=version, act=Act(verb, parse_path(path), **more))
    return Document.objects.get(pk=document.pk)


def finished(document: Document, by: Person) -> Document:
    with acting_as(Actor(by.username, by.role)):
        claim(document_id=document.pk, by=by)
        version = Document.objects.get(pk=document.pk).version
        return finish(document_id=document.pk, by=by, version=version)


def reopened(document: Document, by: Person) -> Document:
    reopen(document_id=document.pk, by=by)
    return Document.objects.get(pk=document.pk)


def reviewed(by: Person, company: str, number: int, *, content: bytes = b"") -> Document:
    """A receipt that a person went through and found right."""
    document = to_review(by, lines_of(company, number), values_of(company, number), content=content)
    return finished(document, by)


def several(by: Person, count: int, *, companies: Sequence[str] = COMPANIES, first: int = 0) -> list[Document]:
    """Finished receipts as the services leave them, but stored at once: many are needed."""
    return [stored(by, companies[at % len(companies)], at) for at in range(first, first + count)]


def stored(by: Person, company: str, number: int) -> Document:
    lines, version = lines_of(company, number), receipt_version()
    read = ReadDocument("text/plain", (page(lines),), "r" * 64)
    sha256 = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    document = Document.objects.create(
        sha256=sha256, size=1, untrusted_name="r.txt", state=State.ACCEPTED, uploaded_by=by,
        document_type=version.document_type, page_count=1, reader_digest="r" * 64,
    )  # fmt: skip
    words = [compact(word) for word in read.pages[0].words]
    rows.Page.objects.create(document=document, number=1, width=40, height=60, words=words, image_sha256="0" * 64)
    found = extraction_of(read, values_of(company, number))
    names = ("model", "prompt", "schema", "reader", "grammar")
    digests = {f"{name}_digest": getattr(found.digests, name) for name in names}
    run = rows.Extraction.objects.create(
        document=document,
        type_version=version,
        key=sha256,
        pages_total=1,
        pages_covered=1,
        windows=1,
        seconds=1,
        **digests,
    )
    rows.FieldValue.objects.bulk_create(value_row(run, at, value) for at, value in enumerate(found.values))
    Document.objects.filter(pk=document.pk).update(current_extraction=run)
    with transaction.atomic(), acting_as(Actor(by.username, by.role)):
        record(Action.DOCUMENT_FINISHED, subject=subject_of(document))
    return Document.objects.get(pk=document.pk)


def place(document: Document, text: str, number: int = 0) -> Span:
    return UnitIndex(load_read_document(document).flat_text).spans(text)[number]
