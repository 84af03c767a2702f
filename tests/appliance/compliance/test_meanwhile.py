"""Two things at once: a hold that is placed while a document comes, goes or changes its type."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from appliance.compliance.deciding import approve
from appliance.compliance.errors import UnderHold
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import HeldDocument, Scope
from appliance.documents.models import Document
from tests.appliance.compliance.made import asked, deleted
from tests.appliance.documents.made import receipt_type, to_review, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_bell")]

LONG = 30


def beside(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run the act on a connection of its own."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(act())
        except UnderHold as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def hold_receipts(by) -> Callable[[], object]:
    kind = receipt_type()
    return lambda: place(by=by, name="All receipts", reason="Court", cover=Cover(Scope.TYPE, document_type=kind))


def waits(thread: threading.Thread) -> bool:
    thread.join(timeout=1)
    return thread.is_alive()


@pytest.fixture
def _without_the_lock() -> None:
    """The control: documents that come do not take the lock, and nobody covers them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_document DISABLE TRIGGER compliance_cover")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_document ENABLE ALWAYS TRIGGER compliance_cover")


def upload_while_a_hold_is_placed(clara, olga) -> bool:
    """Whether the document is held in the end."""
    place_it = hold_receipts(olga)
    with transaction.atomic():
        document = uploaded(clara)
        thread, _ = beside(place_it)
        waits(thread)
    thread.join(LONG)
    return HeldDocument.objects.filter(document_id=document.pk).exists()


def test_an_upload_under_way_is_covered(clara, olga):
    assert upload_while_a_hold_is_placed(clara, olga)


@pytest.mark.usefixtures("_without_the_lock")
def test_control_without_the_lock_it_slips_through(clara, olga):
    assert not upload_while_a_hold_is_placed(clara, olga)


def test_a_deletion_waits_for_a_hold_under_way_and_is_refused(clara, olga):
    document = to_review(clara)
    request = asked(clara, document)
    with transaction.atomic():
        hold_receipts(olga)()
        thread, results = beside(lambda: approve(approval_id=request.pk, by=olga, words="Go."))
        assert waits(thread)
    thread.join(LONG)

    assert isinstance(results[0], UnderHold)
    assert Document.objects.filter(pk=document.pk).exists()


def test_control_without_a_hold_the_deletion_goes_through(clara, olga):
    deleted(clara, olga, to_review(clara))

    assert not Document.objects.exists()
