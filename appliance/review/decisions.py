"""One decision of a person on one value: its row, the document's step and the record, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.canonical import commitment
from appliance.audit.record import Evidence
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_values import parse_path, path_text, regions_json
from appliance.documents.transitions import Step, change
from appliance.review.answers import ABSENT, Act, Answer, Answerer, Verb
from appliance.review.claims import claim_columns, held
from appliance.review.errors import ChangedMeanwhile, NothingExtracted, NothingToUndo, UnknownField
from appliance.review.models import Decision, DecisionKind
from appliance.review.queries import CurrentValue, Review, load_review, review_with
from appliance.review.row_from_box import words_by_column
from appliance.review.specs import spec_at
from extraction.records import Reading, ValuePath
from extraction.schema import Kind

_COMPARED = ("path", "kind", "anchor", "raw", "normal", "rule", "span_start", "span_end", "decided_by_id")


def decide(*, document_id: UUID, by: Person, version: int, act: Act) -> Review:
    """Take the act on the document as the person saw it (`version`) and return what stands afterwards.

    An act that was saved already and is sent again, because its answer got lost, changes nothing. Raises ReviewError,
    ClaimedBySomebody or DocumentFinished.
    """
    with transaction.atomic():
        document = held(document_id, by)
        review = load_review(document)
        if review is None:
            raise NothingExtracted
        if document.version != version:
            return _again(review, act, by, version)
        if _changes_nothing(review, act):
            return review
        review = _saved(review, _decision(review, act, by), by)
        if act.verb is Verb.ADD_ROW and act.spans:
            review = _fill_last_row(review, act, by)
    return review


def _saved(review: Review, decision: Decision, by: Person) -> Review:
    decision.save()
    after = load_review(review.document)
    assert after is not None  # noqa: S101 -- it was there a moment ago, under the same lock
    _record(review, after, decision, by)
    return after


def _fill_last_row(review: Review, act: Act, by: Person) -> Review:
    """Each column of the new row takes the words that stand under it: one decision for each."""
    number = review.rows.of(act.path)[-1]
    for column, spans in words_by_column(review, load_read_document(review.document), act).items():
        path = (*act.path, number, *column)
        review = _saved(review, _value_decided(review, Act(Verb.TAKE, path, spans), by), by)
    return review


def _again(review: Review, act: Act, by: Person, version: int) -> Review:
    """The same act sent twice is answered as the first time; anything else comes too late."""
    last = review.document.decisions.order_by("-pk").first()
    if last is None or review.document.version != version + 1:
        raise ChangedMeanwhile
    before = review_with(review, [decision for decision in review.decisions if decision.pk != last.pk])
    same = last if act.verb is Verb.UNDO else _decision(before, act, by)
    was_undone = act.verb is Verb.UNDO and last.kind == DecisionKind.UNDONE and last.decided_by_id == by.pk
    if was_undone or (act.verb is not Verb.UNDO and _equal(same, last)):
        return review
    raise ChangedMeanwhile


def _equal(one: Decision, other: Decision) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _COMPARED)


def _changes_nothing(review: Review, act: Act) -> bool:
    """Confirming what a person decided before would only hide who decided it."""
    value = review.value(act.path)
    return act.verb is Verb.CONFIRM and value is not None and value.is_decided


def _decision(review: Review, act: Act, by: Person) -> Decision:
    match act.verb:
        case Verb.ADD_ROW:
            return _row_added(review, act.path, by)
        case Verb.REMOVE_ROW:
            return _row_removed(review, act.path, by)
        case Verb.UNDO:
            return _undone(review, by)
        case _:
            return _value_decided(review, act, by)


def _value_decided(review: Review, act: Act, by: Person) -> Decision:
    value = review.value(act.path)
    if value is None:
        raise UnknownField
    if value.kind is Kind.LIST:
        return _row(review, act.path, by=by, answer=ABSENT, before=value)
    answerer = Answerer(spec_at(review.spec, act.path), review.spec, load_read_document(review.document), value)
    return _row(review, act.path, by=by, answer=answerer.answer(act), before=value)


def _row_added(review: Review, path: ValuePath, by: Person) -> Decision:
    spec = spec_at(review.spec, path)
    is_list = isinstance(path[-1], str) and (spec.kind is Kind.LIST or spec.many)
    if not is_list or not _holds(review, path):
        raise UnknownField
    return _row(review, (*path, review.rows.next_number(path)), by=by, answer=Answer(DecisionKind.ROW_ADDED))


def _row_removed(review: Review, path: ValuePath, by: Person) -> Decision:
    if not path or path[-1] not in review.rows.of(path[:-1]):
        raise UnknownField
    return _row(review, path, by=by, answer=Answer(DecisionKind.ROW_REMOVED))


def _holds(review: Review, path: ValuePath) -> bool:
    return any(value.path[: len(path)] == path for value in review.values)


def _undone(review: Review, by: Person) -> Decision:
    """Takes back this person's latest decision."""
    mine = [decision for decision in review.decisions if decision.decided_by_id == by.pk]
    if not mine or mine[-1].extraction_id != review.extraction.pk:
        raise NothingToUndo
    path = parse_path(mine[-1].path)
    before = review_with(review, [decision for decision in review.decisions if decision.pk != mine[-1].pk])
    restored = before.value(path)
    answer = Answer(DecisionKind.UNDONE)
    if restored is not None:
        reading = Reading(restored.normal, restored.rule) if restored.normal else None
        answer = replace(answer, raw=restored.raw, reading=reading, span=restored.span, regions=restored.regions)
    return _row(review, path, by=by, answer=answer, before=review.value(path))


def _row(
    review: Review, path: ValuePath, *, by: Person, answer: Answer, before: CurrentValue | None = None
) -> Decision:
    return Decision(
        document=review.document,
        extraction=review.extraction,
        path=path_text(path),
        kind=answer.kind,
        anchor=answer.anchor,
        before_raw=before.raw if before else None,
        before_normal=before.normal if before else "",
        raw=answer.raw,
        normal=answer.reading.normal if answer.reading else "",
        rule=answer.reading.rule if answer.reading else "",
        span_start=answer.span.start if answer.span else None,
        span_end=answer.span.end if answer.span else None,
        regions=regions_json(answer.regions),
        decided_by=by,
    )


def _record(review: Review, after: Review, decision: Decision, by: Person) -> None:
    salt = decision.salt
    evidence = Evidence(
        digests={"model": review.extraction.model_digest, "schema": review.extraction.schema_digest},
        commitments={
            "before": commitment(decision.before_raw, salt),
            "before_normal": commitment(decision.before_normal, salt),
            "after": commitment(decision.raw, salt),
            "after_normal": commitment(decision.normal, salt),
        },
    )
    step = Step(Action.VALUE_DECIDED, reason=f"{decision.path}: {decision.kind}", evidence=evidence)
    change(after.document, step, fields_to_check=len(after.left), **claim_columns(by))
