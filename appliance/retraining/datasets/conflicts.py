"""Where persons answered the same question about the same text differently.

Three ways to it: one document that was reviewed again, the same text in two documents (a file that was sent in twice),
and two texts that are nearly the same and agree on most answers. Of the last kind only answers count that are printed
in both texts: forms of one sender rightly differ in their values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from appliance.document_types.models import DocumentType
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.datasets.answers import SAME, Stored, agreement, distinct, said, text_of_value, unit_of
from appliance.retraining.datasets.likeness import near_pairs
from appliance.retraining.models import Conflict, ConflictAnswer, DocumentLabel
from extraction.compare import letters_and_digits


@dataclass(frozen=True, slots=True)
class Found:
    """Answers to one path that differ, each with its document."""

    path: str
    answers: tuple[tuple[UUID, Stored], ...]


def find_conflicts(document_type: DocumentType) -> None:
    """Bring the table of conflicts up to date. Decided ones stay as they are; resolved ones that wait go."""
    labels = list(DocumentLabel.objects.filter(document__document_type=document_type).order_by("labelled_at", "pk"))
    kept = {_keep(document_type, found) for found in (*_within(labels), *_same_text(labels), *_near_text(labels))}
    waiting = Conflict.objects.filter(document_type=document_type, decided_at=None)
    waiting.exclude(pk__in=kept).delete()


def _within(labels: Iterable[DocumentLabel]) -> Iterator[Found]:
    for label in labels:
        for path, answers in label.answers.items():
            if len(answers) > 1:
                yield Found(path, tuple((label.document_id, answer) for answer in answers))


def _same_text(labels: Iterable[DocumentLabel]) -> Iterator[Found]:
    by_text: defaultdict[str, list[DocumentLabel]] = defaultdict(list)
    for label in labels:
        by_text[label.text_sha256].append(label)
    for same in by_text.values():
        if len(same) > 1:
            yield from _differing(same)


def _near_text(labels: Sequence[DocumentLabel]) -> Iterator[Found]:
    known = {label.pk: label for label in labels}
    letters = _Letters()
    for one, other in near_pairs({label.pk: label.sketch for label in labels}):
        pair = (known[one], known[other])
        if pair[0].text_sha256 == pair[1].text_sha256 or agreement(pair[0].fields, pair[1].fields) <= SAME:
            continue
        texts = [letters.of(label.document_id) for label in pair]
        yield from (found for found in _differing(pair) if _is_printed_in_all(found, texts))


def _differing(labels: Sequence[DocumentLabel]) -> Iterator[Found]:
    """By path, where those labels that answer it say different things."""
    for path in sorted({path for label in labels for path in label.answers if path == unit_of(path)}):
        answers = [(label.document_id, label.answers[path][0]) for label in labels if path in label.answers]
        if len(distinct(answer for _, answer in answers)) > 1:
            yield Found(path, tuple(answers))


def _is_printed_in_all(found: Found, texts: Sequence[str]) -> bool:
    """Lists never are: their rows differ from form to form."""
    values = [answer["value"] for _, answer in found.answers]
    if any(not (value is None or isinstance(value, str)) for value in values):
        return False
    return all(said(value) in text for value in values if value is not None for text in texts)


class _Letters:
    """Letters and digits of documents' texts, each read once."""

    def __init__(self) -> None:
        self._known: dict[UUID, str] = {}

    def of(self, document_id: UUID) -> str:
        if document_id not in self._known:
            document = Document.objects.get(pk=document_id)
            self._known[document_id] = letters_and_digits(load_read_document(document).flat_text)
        return self._known[document_id]


def _keep(document_type: DocumentType, found: Found) -> int:
    """The conflict's row: one of the same path that shares a document with it, else a new one."""
    documents = {document for document, _ in found.answers}
    same_path = Conflict.objects.filter(document_type=document_type, path=found.path)
    row = same_path.filter(answers__document__in=documents).order_by("pk").distinct().first()
    if row is None:
        row = Conflict.objects.create(document_type=document_type, path=found.path)
    if row.decided_at is None:
        _keep_answers(row, found)
    return row.pk


def _keep_answers(row: Conflict, found: Found) -> None:
    there = {_key(answer.document_id, answer.answered_by_id, answer.value): answer.pk for answer in row.answers.all()}
    wanted = {_key(document, answer["by"], answer["value"]): (document, answer) for document, answer in found.answers}
    row.answers.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    ConflictAnswer.objects.bulk_create(
        _answer_row(row, document, answer) for key, (document, answer) in wanted.items() if key not in there
    )


def _key(document: UUID, person: int, value: object) -> tuple[UUID, int, str]:
    return document, person, str(value)


def _answer_row(conflict: Conflict, document: UUID, answer: Stored) -> ConflictAnswer:
    return ConflictAnswer(
        conflict=conflict,
        document_id=document,
        answered_by_id=answer["by"],
        untrusted_text=text_of_value(answer["value"]),
        value=answer["value"],
        spans=answer["spans"],
        regions=answer["regions"],
    )
