"""The life of a few documents on a box, by the real services: from the upload to training, and out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.context import Actor, acting_as
from appliance.audit.dossier.pdf.contents import dossier_pdf
from appliance.audit.dossier.queries import dossier_of
from appliance.compliance.asking import ask_deletion
from appliance.compliance.deciding import approve
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import Scope
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from appliance.document_types.queries import latest_published
from appliance.documents import tasks
from appliance.documents.export_formats import FORMATS
from appliance.documents.exporting import export
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import Document, Job, JobState, Stage
from appliance.documents.states import State
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_runs import Trace, page_digests
from appliance.documents.uploads import Origin, upload
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.files import labels_of, write_part
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.datasets.transfer import importing
from appliance.retraining.models import Part
from appliance.retraining.runs.folder import RunFolder
from appliance.review.answers import Act, Verb
from appliance.review.claims import claim
from appliance.review.decisions import decide
from appliance.review.finishing import finish
from appliance.review.queries import Review, load_review
from bench.marker.files import files_with
from extraction.ground import WordMap
from extraction.records import Digests, Extraction, FieldValue, Issue, Reason
from extraction.spans import UnitIndex
from extraction.transcript import Turn

Extract = Callable[[Document], None]
FIELDS = {"receipt": "company", "invoice": "seller_name"}
"""The field of a type that holds the word."""


def live(word: str, kind: DocumentType, *, clerk: Person, officer: Person, extract: Extract) -> None:
    """Documents that hold the word in text and name, from the upload to the deletion of one of them."""
    with acting_as(Actor(clerk.username, clerk.role)):
        documents = [
            upload(untrusted_name=name, content=content, origin=Origin(clerk, kind))
            for name, content in files_with(word)
        ]
        for document in documents:
            _read(document)
            extract(Document.objects.get(pk=document.pk))
            _review(document, clerk, word)
        _look(word, documents[0], clerk, officer)
        for file_format in FORMATS:
            export(document_ids=[document.pk for document in documents], file_format=file_format)
        dossier_pdf(dossier_of(Document.objects.get(pk=documents[0].pk)), made_by=officer.username)
        _teach(word, kind, clerk)
        _delete(documents[-1], clerk, officer)
        place(by=officer, name="Case", reason="Court", cover=Cover(Scope.FILTER, name_contains=word))


def by_the_model(document: Document) -> None:
    """The model in force answers."""
    tasks.extract_document(_job(document, Stage.EXTRACT).pk)


def by_hand(document: Document) -> None:
    """Where there is no time for a model: what one would find, with an answer, a doubt and a broken rule that quote."""
    read = load_read_document(document)
    raw = read.flat_text.split()[0]
    span = UnitIndex(read.flat_text).spans(raw)[0]
    path = _field_of(document)
    value = FieldValue(path, raw, span, WordMap(read).regions(span), 1, confidence=0.4)
    value = replace(value, reasons=(Reason("unsure", f"Is it {raw}?"),))
    work = begin_extraction(job_id=_job(document, Stage.EXTRACT).pk)
    if work is None:
        raise RuntimeError(f"{document.pk} is not to be extracted")
    digests = Digests("m" * 64, "p" * 64, work.type_version.digest, "r" * 64, "g" * 64)
    found = Extraction((value,), (Issue("rule", f"{raw} is odd", (path,)),), digests, 1, 1, 1, 0.1)
    turn = Turn("q" * 64, f'{{"{path[0]}": "{raw}"}}'.encode(), True, (1, 2), (3, 4))
    store_extraction(work=work, extraction=found, trace=Trace((turn,), page_digests(read.pages)))


def _field_of(document: Document) -> tuple[str, ...]:
    return (FIELDS[document.document_type.name],) if document.document_type else ()


def _read(document: Document) -> None:
    tasks.read_document(_job(document, Stage.READ).pk)
    state = Document.objects.get(pk=document.pk).state
    if state != State.READ:
        raise RuntimeError(f"a {document.media_type or 'document'} was not read: {state}")


def _job(document: Document, stage: Stage) -> Job:
    return Job.objects.get(document=document, stage=stage, state=JobState.WAITING)


def _review(document: Document, clerk: Person, word: str) -> None:
    claim(document_id=document.pk, by=clerk)
    first = _reviewed(document)
    for value in first.values:
        act = Act(Verb.CONFIRM, value.path)
        if value.path == _field_of(document):
            act = Act(Verb.TYPE, value.path, text=f"{word} and sons")
        _decide(document, clerk, act)
    finish(document_id=document.pk, by=clerk, version=Document.objects.get(pk=document.pk).version)


def _decide(document: Document, clerk: Person, act: Act) -> None:
    version = Document.objects.get(pk=document.pk).version
    decide(document_id=document.pk, by=clerk, version=version, act=act)


def _reviewed(document: Document) -> Review:
    review = load_review(Document.objects.get(pk=document.pk))
    if review is None:
        raise RuntimeError(f"{document.pk} has no values to review")
    return review


def _look(word: str, document: Document, clerk: Person, officer: Person) -> None:
    """Pages, searches, a message that names the document, the original and the picture of a page."""
    inbox = reverse("documents:inbox")
    _get(clerk, inbox, {"text": word})
    for name in ("documents:original", "review:document"):
        _get(clerk, reverse(name, args=[document.pk]))
    _get(clerk, reverse("documents:page_image", args=[document.pk, 1]))
    _get(officer, reverse("audit:log"), {"document": word})
    _get(officer, reverse("audit:timeline", args=[document.pk]))


def _get(person: Person, address: str, asked: dict[str, str] | None = None) -> None:
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[1])
    answer = browser.get(address, asked or {})
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _teach(word: str, kind: DocumentType, clerk: Person) -> None:
    """Labels, a snapshot, the files of a training, and labels that a site brings along."""
    version: DocumentTypeVersion | None = latest_published(kind)
    if version is None:
        raise RuntimeError(f"no {kind.name} is published")
    line = f'{{"text": "{word} Books\\nTotal 9.50", "fields": {{"{FIELDS[kind.name]}": "{word} Books"}}}}\n'
    for take_it in (False, True):
        importing.stage(by=clerk, version=version, untrusted_name=f"{word}.jsonl", untrusted_content=line.encode() * 2)
        if take_it:
            importing.take(by=clerk, version=version)
    snapshot = make_snapshot(by=clerk, type_version=version, options=Options())
    folder = RunFolder.of(snapshot.pk)
    folder.make()
    for part in Part:
        write_part(snapshot, part, folder.labels(part))
    if not any(word in str(label) for label in labels_of(snapshot)):
        raise RuntimeError("nothing of the documents teaches")


def _delete(document: Document, clerk: Person, officer: Person) -> None:
    request: Any = ask_deletion(by=clerk, document_ids=[document.pk], reason="Over")
    approve(approval_id=request.pk, by=officer, words="Yes")
