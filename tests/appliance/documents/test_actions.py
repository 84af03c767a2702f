from __future__ import annotations

import pytest

from appliance.accounts.models import Person
from appliance.documents import failures
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading
from appliance.documents.states import State
from extraction.errors import BrokenFile
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made


def set_aside(by: Person, content: bytes) -> Document:
    document = made.uploaded(by, content)
    work = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert work is not None
    return failures.fail(claim=work.claim, error=BrokenFile())


def test_reason_and_next_step_stand_in_the_list(clara: Person, client_for: ClientFor) -> None:
    set_aside(clara, b"a broken file")

    assert BrokenFile.sentence in client_for(clara).get("/documents/").content.decode()


def test_ticked_documents_are_tried_again(clara: Person, client_for: ClientFor) -> None:
    broken = [set_aside(clara, b"a broken file"), set_aside(clara, b"another one")]
    fine = made.to_review(clara)

    ids = [str(document.pk) for document in [*broken, fine]]
    page = client_for(clara).post("/documents/retry/", {"documents": ids}, follow=True).content.decode()

    assert Document.objects.filter(state=State.RECEIVED).count() == 2
    assert "This document was not set aside" in page


def test_type_is_set_for_the_ticked_documents(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    client_for(clara).post("/documents/type/", {"documents": [str(document.pk)], "type": "invoice"})

    document.refresh_from_db()
    assert str(document.document_type) == "invoice"


@pytest.mark.parametrize("data", [{}, {"type": "nonsense"}])
def test_unknown_type_is_refused(clara: Person, client_for: ClientFor, data: dict[str, str]) -> None:
    document = made.to_review(clara)

    page = client_for(clara).post(f"/documents/{document.pk}/type/", data, follow=True).content.decode()

    assert "There is no document type of this name in use." in page


def test_nothing_ticked_is_said(clara: Person, client_for: ClientFor) -> None:
    assert "No document was chosen." in client_for(clara).post("/documents/retry/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("back", "place"),
    [("/documents/?show=aside", "/documents/?show=aside"), ("//192.0.2.1/", "/documents/"), ("", "/documents/")],
)
def test_answer_leads_back_to_this_box_only(clara: Person, client_for: ClientFor, back: str, place: str) -> None:
    document = made.uploaded(clara)

    answer = client_for(clara).post(f"/documents/{document.pk}/retry/", {"back": back})

    assert answer.headers["Location"] == place


def test_retry_of_an_unknown_document_is_not_found(clara: Person, client_for: ClientFor) -> None:
    place = "/documents/00000000-0000-0000-0000-000000000000/retry/"

    assert client_for(clara).post(place).status_code == 404
