"""Where persons disagree: found, kept out of training, decided by somebody who took no part."""

from __future__ import annotations

import pytest

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.documents.models import Document
from appliance.retraining.datasets.candidates import Candidate, collect
from appliance.retraining.datasets.deciding import decide_conflict
from appliance.retraining.datasets.errors import ConflictGone, OwnConflict
from appliance.retraining.datasets.gathering import gather
from appliance.retraining.models import Conflict, ConflictAnswer
from appliance.review.answers import Verb
from tests.appliance.cast import ClientFor, make_person
from tests.appliance.retraining.datasets.made import (
    do,
    finished,
    lines_of,
    place,
    price,
    receipt_type,
    receipt_version,
    reopened,
    several,
    to_review,
    values_of,
)

LINES = (*lines_of("ACME Coffee", 3), "Tax 1.05", "Cash 20.00 change 6.65")


@pytest.fixture
def carla(db: None) -> Person:
    return make_person("carla", Role.CLERK, full_name="Carla Clerk")


def receipt(by: Person, *, content: bytes = b"", lines: tuple[str, ...] = LINES) -> Document:
    return to_review(by, lines, values_of("ACME Coffee", 3), content=content)


def reviewed_twice(clara: Person, carl: Person, path: str = "total") -> Document:
    """Clara takes the change, Carl after her the cash."""
    document = receipt(clara)
    do(document, clara, Verb.TAKE, path, spans=(place(document, "6.65"),))
    finished(document, clara)
    again = reopened(document, carl)
    do(again, carl, Verb.TAKE, path, spans=(place(document, "20.00"),))
    return finished(again, carl)


def candidates() -> list[Candidate]:
    gather(receipt_type())
    return list(collect(receipt_version(), sender_field="company").candidates)


def test_two_persons_who_decide_differently_are_a_conflict(clara: Person, carl: Person) -> None:
    reviewed_twice(clara, carl)
    (candidate,) = candidates()

    conflict = Conflict.objects.get()
    assert conflict.path == "total"
    told = {(answer.answered_by, answer.untrusted_text) for answer in conflict.answers.all()}
    assert told == {(clara, "6.65"), (carl, "20.00")}
    assert "total" not in candidate.fields
    assert "total" not in candidate.spans
    assert candidate.fields["receipt_number"] == "R0003"


def test_control_one_person_who_changes_their_mind_is_no_conflict(clara: Person) -> None:
    document = receipt(clara)
    do(document, clara, Verb.TAKE, "total", spans=(place(document, "6.65"),))
    do(document, clara, Verb.TAKE, "total", spans=(place(document, "20.00"),))
    finished(document, clara)

    assert candidates()[0].fields["total"] == "20.00"
    assert not Conflict.objects.exists()


def test_same_text_sent_in_twice_and_answered_differently_is_a_conflict(clara: Person, carl: Person) -> None:
    finished(receipt(clara), clara)
    second = receipt(carl)
    do(second, carl, Verb.TAKE, "total", spans=(place(second, "20.00"),))
    finished(second, carl)

    found = candidates()

    assert [conflict.path for conflict in Conflict.objects.all()] == ["total"]
    assert all("total" not in candidate.fields for candidate in found)


def test_nearly_the_same_text_counts_where_both_answers_are_printed_in_both(clara: Person, carl: Person) -> None:
    words = tuple(f"word{at} of the small print goes on" for at in range(12))
    finished(receipt(clara, lines=LINES + words), clara)
    second = receipt(carl, lines=(*LINES, *words, "copy"), content=b"second")
    do(second, carl, Verb.TAKE, "total", spans=(place(second, "20.00"),))
    finished(second, carl)
    candidates()

    assert [conflict.path for conflict in Conflict.objects.all()] == ["total"]


def test_control_forms_of_one_sender_rightly_differ(clara: Person) -> None:
    words = tuple(f"word{at} of the small print goes on" for at in range(40))
    for number in (3, 4):
        lines = (*lines_of("ACME Coffee", number), *words)
        finished(to_review(clara, lines, values_of("ACME Coffee", number)), clara)
    found = candidates()

    assert {candidate.fields["total"] for candidate in found} == {price(3), price(4)}
    assert not Conflict.objects.exists()


def test_answer_that_a_second_reviewer_chose_trains(clara: Person, carl: Person, carla: Person) -> None:
    reviewed_twice(clara, carl)
    candidates()
    conflict = Conflict.objects.get()
    hers = conflict.answers.get(answered_by=clara)

    decide_conflict(conflict_id=conflict.pk, by=carla, answer_id=hers.pk)

    (candidate,) = candidates()
    assert candidate.fields["total"] == "6.65"
    assert candidate.spans["total"] == hers.spans["total"]
    event = AuditEvent.objects.get(action=Action.CONFLICT_DECIDED)
    assert event.reason == "total: one of the answers"
    assert "6.65" not in bytes(event.record).decode()


def test_none_of_them_leaves_the_field_out_for_good(clara: Person, carl: Person, carla: Person) -> None:
    reviewed_twice(clara, carl)
    candidates()
    decide_conflict(conflict_id=Conflict.objects.get().pk, by=carla, answer_id=None)

    assert "total" not in candidates()[0].fields


def test_chosen_answer_counts_for_every_copy_of_the_text(clara: Person, carl: Person, carla: Person) -> None:
    finished(receipt(clara), clara)
    second = receipt(carl)
    do(second, carl, Verb.TAKE, "total", spans=(place(second, "20.00"),))
    finished(second, carl)
    candidates()
    right = ConflictAnswer.objects.get(answered_by=clara)
    decide_conflict(conflict_id=right.conflict_id, by=carla, answer_id=right.pk)

    assert {candidate.fields["total"] for candidate in candidates()} == {price(3)}


def test_who_gave_an_answer_does_not_decide(clara: Person, carl: Person, carla: Person) -> None:
    reviewed_twice(clara, carl)
    candidates()
    conflict = Conflict.objects.get()
    answer = conflict.answers.first()
    assert answer is not None
    for person in (clara, carl):
        with pytest.raises(OwnConflict):
            decide_conflict(conflict_id=conflict.pk, by=person, answer_id=answer.pk)

    decide_conflict(conflict_id=conflict.pk, by=carla, answer_id=answer.pk)

    with pytest.raises(ConflictGone):
        decide_conflict(conflict_id=conflict.pk, by=carla, answer_id=None)


def test_answer_of_another_conflict_is_refused(clara: Person, carl: Person, carla: Person) -> None:
    reviewed_twice(clara, carl)
    candidates()

    with pytest.raises(ConflictGone):
        decide_conflict(conflict_id=Conflict.objects.get().pk, by=carla, answer_id=99_999)


def test_conflict_that_a_review_resolved_goes(clara: Person, carl: Person) -> None:
    document = reviewed_twice(clara, carl)
    candidates()
    again = reopened(document, clara)
    do(again, clara, Verb.TAKE, "total", spans=(place(document, "20.00"),))
    finished(again, clara)

    assert candidates()[0].fields["total"] == "20.00"
    assert not Conflict.objects.exists()


def test_disputed_cell_keeps_the_whole_list_out(clara: Person, carl: Person) -> None:
    rows = {"line_items[0].description": "Tax", "line_items[0].quantity": None, "line_items[0].amount": "1.05"}
    document = to_review(clara, LINES, values_of("ACME Coffee", 3) | rows)
    do(document, clara, Verb.TAKE, "line_items[0].amount", spans=(place(document, "6.65"),))
    finished(document, clara)
    again = reopened(document, carl)
    do(again, carl, Verb.TAKE, "line_items[0].amount", spans=(place(document, "1.05"),))
    finished(again, carl)

    assert "line_items" not in candidates()[0].fields
    assert Conflict.objects.get().path == "line_items[0].amount"


def test_page_shows_both_answers_and_takes_a_decision(
    clara: Person, carl: Person, carla: Person, client_for: ClientFor
) -> None:
    reviewed_twice(clara, carl)
    candidates()
    conflict = Conflict.objects.get()
    mine = client_for(clara).get("/models/datasets/differing-answers/").content.decode()
    assert "One of these answers is yours" in mine
    browser = client_for(carla)
    shown = browser.get("/models/datasets/differing-answers/").content.decode()
    assert "6.65" in shown
    assert "20.00" in shown
    answer = conflict.answers.get(answered_by=carl)
    assert browser.get(f"/models/datasets/differing-answers/pictures/{answer.pk}/")["Content-Type"] == "image/png"

    browser.post(f"/models/datasets/differing-answers/{conflict.pk}/", {"answer": answer.pk})

    conflict.refresh_from_db()
    assert (conflict.chosen, conflict.decided_by) == (answer, carla)
    assert "Nobody disagrees" in browser.get("/models/datasets/differing-answers/").content.decode()
    assert AuditEvent.objects.filter(action=Action.DOCUMENT_VIEWED, actor="carla").exists()


def test_nothing_disputed_means_no_conflict_among_many(clara: Person) -> None:
    several(clara, 8)
    candidates()

    assert not Conflict.objects.exists()


def test_decided_conflict_outlives_a_new_review_of_the_chosen_document(
    clara: Person, carl: Person, carla: Person
) -> None:
    first = finished(receipt(clara), clara)
    second = receipt(carl)
    do(second, carl, Verb.TAKE, "total", spans=(place(second, "20.00"),))
    finished(second, carl)
    candidates()
    right = ConflictAnswer.objects.get(answered_by=clara)
    decide_conflict(conflict_id=right.conflict_id, by=carla, answer_id=right.pk)
    reopened(first, clara)

    (left,) = candidates()

    assert left.document_id == second.pk
    assert "total" not in left.fields
