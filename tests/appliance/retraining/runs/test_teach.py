"""Documents that wait for review are labelled by a teacher; what must not teach, does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.accounts.models import Person
from appliance.documents.models import Document
from appliance.retraining.models import RunState, StepName, TrainingRun, Withdrawal
from appliance.retraining.runs.tasks import work_on
from models_store import store
from tests.appliance.retraining.datasets.made import lines_of, to_review, values_of
from tests.appliance.retraining.runs import made
from tests.appliance.retraining.runs.made import FakeWorkshop

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(by: Person, number: int) -> Document:
    company = f"Company {number} Ltd"
    return to_review(by, lines_of(company, number), values_of(company, number))


def test_what_a_teacher_labels_is_learnt_and_named_on_the_card(
    adam: Person, clara: Person, base: str, root: Path
) -> None:
    kept, withdrawn = waiting(clara, 200), waiting(clara, 201)
    waiting(clara, 30)  # the same text as a frozen test document
    Withdrawal.objects.create(original_sha256=withdrawn.sha256, reason="x", withdrawn_by=clara)
    run = made.asked(adam, base, teacher=base)

    work_on(run.pk, FakeWorkshop())

    run = TrainingRun.objects.get()
    assert (run.state, run.error_detail) == (RunState.DONE, "")
    assert run.steps.get(name=StepName.TEACH).figures == {"documents": 1, "labelled": 1}
    card = store.read_card(run.measured.get(is_chosen=True).model_digest, root=root)
    assert kept.sha256 in card.documents
    assert len(card.documents) == 9


def test_without_documents_that_wait_nothing_is_asked(adam: Person, base: str) -> None:
    run = made.asked(adam, base, teacher=base)
    work_on(run.pk, FakeWorkshop())
    assert TrainingRun.objects.get().state == RunState.DONE
