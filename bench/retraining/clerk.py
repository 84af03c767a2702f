"""A clerk who knows the true answers and reviews by the same services as the pages do.

A value that is right is confirmed, a wrong one is corrected by pointing at the words of the page, one that is not there
is marked so. A true value that stands nowhere on the page, and a field without a label, is left empty: that teaches
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from appliance.accounts.models import Person
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.review.answers import Act, Verb
from appliance.review.claims import claim
from appliance.review.decisions import decide
from appliance.review.finishing import finish
from appliance.review.queries import CurrentValue, Review, load_review
from extraction.records import ValuePath
from extraction.schema import DocumentTypeSpec
from models_store.tuning.nodes import Group, Items, Node, Rows, Single
from models_store.tuning.truth import find_truth

Gold = Mapping[str, object]


@dataclass
class Clerk:
    """One person at work on documents of one type."""

    person: Person
    document_type: DocumentTypeSpec

    def review(self, document_id: UUID, gold: Gold) -> None:
        """All values are decided and the document is accepted."""
        claim(document_id=document_id, by=self.person)
        review = self._seen(document_id)
        truth = find_truth(load_read_document(review.document), gold, self.document_type)
        for name, node in truth.values.items():
            review = self._tell(review, (name,), node)
        for value in review.values:
            if not value.is_decided:
                review = self._do(review, Act(Verb.EMPTY, value.path))
        finish(document_id=document_id, by=self.person, version=review.document.version)

    def _tell(self, review: Review, path: ValuePath, node: Node) -> Review:
        match node:
            case Single():
                return self._do(review, _act(review.value(path), path, node))
            case Group(parts):
                for name, part in parts.items():
                    review = self._tell(review, (*path, name), part)
                return review
            case Items(items):
                return self._rows(review, path, list(items))
            case Rows(rows):
                return self._rows(review, path, [Group(row) for row in rows])

    def _rows(self, review: Review, path: ValuePath, rows: list[Single] | list[Group]) -> Review:
        """The model's rows go, the true ones come in the order of the page."""
        for number in review.rows.of(path):
            review = self._do(review, Act(Verb.REMOVE_ROW, (*path, number)))
        if not rows:
            return self._do(review, Act(Verb.ABSENT, path))
        for row in rows:
            review = self._do(review, Act(Verb.ADD_ROW, path))
            review = self._tell(review, (*path, review.rows.of(path)[-1]), row)
        return review

    def _do(self, review: Review, act: Act) -> Review:
        document = review.document
        decide(document_id=document.pk, by=self.person, version=document.version, act=act)
        return self._seen(document.pk)

    def _seen(self, document_id: UUID) -> Review:
        review = load_review(Document.objects.get(pk=document_id))
        assert review is not None  # noqa: S101  its fields were extracted
        return review


def _act(now: CurrentValue | None, path: ValuePath, truth: Single) -> Act:
    if truth.is_absent:
        return Act(Verb.ABSENT, path)
    if truth.closed is not None:
        text = str(truth.closed).lower() if isinstance(truth.closed, bool) else truth.closed
        return Act(Verb.TYPE, path, text=text)
    if now is not None and now.span in truth.places:
        return Act(Verb.CONFIRM, path)
    return Act(Verb.TAKE, path, truth.places[:1])
