"""The dossier of a document: what stands in it, what it says about rows that were altered, and its PDF."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pypdfium2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.dossier import queries
from appliance.audit.dossier.pdf import contents
from appliance.audit.dossier.proof import ProofState, proof_states
from appliance.audit.dossier.queries import Dossier, dossier_of
from appliance.audit.log.waiting import sequence_here
from appliance.audit.models import AuditEvent, Leaf
from appliance.audit.record import Subject
from appliance.documents.models import Document, FieldValue, Page
from appliance.review.models import Decision
from models_store.card import ModelCard
from models_store.store import add
from tests.appliance.audit.made import FAR_AWAY, corrected, entry
from tests.appliance.behind_the_log import overwrite
from tests.appliance.documents.made import to_review


@pytest.fixture
def document(clara: Person) -> Document:
    return to_review(clara)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.MODELS_STORE_ROOT = tmp_path / "models"
    return tmp_path / "models"


def fresh(document: Document) -> Dossier:
    return dossier_of(Document.objects.get(pk=document.pk))


def pdf_text(pdf: bytes) -> str:
    opened = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    return text.replace("\r\n", "\n")


def test_dossier_holds_values_runs_and_what_happened(document: Document) -> None:
    found = fresh(document)
    (run,) = found.runs
    values = {shown.path: shown.value.raw for shown in found.values}

    assert (values["company"], values["total"]) == ("ACME", "12.50")
    assert (run.is_current, run.is_sealed, run.altered, run.value_count) == (True, True, (), 2)
    assert [entry.event.action for entry in found.changes][-1] == "document_extracted"
    assert (found.corrections, found.exports, found.accesses, found.left_out) == ([], [], [], ())


def test_decision_stands_over_the_value_of_the_run_and_keeps_its_place(document: Document, clara: Person) -> None:
    decision = corrected(document, clara)
    shown = next(shown for shown in fresh(document).values if shown.path == "total")

    assert (shown.value.raw, shown.is_decision, shown.has_place) == ("12.80", True, True)
    assert shown.source == decision
    assert fresh(document).corrections[0].change.after == "12.80"


@pytest.mark.parametrize("altered", [{"raw": "99.00"}, {"normal": "99.00"}, {"regions": []}])
def test_value_altered_behind_the_log_shows_on_its_run(document: Document, altered: dict[str, object]) -> None:
    assert fresh(document).runs[0].altered == ()  # control: untouched rows are fine
    overwrite(FieldValue.objects.filter(path="total"), **altered)

    assert fresh(document).runs[0].altered == ("values",)


def test_lost_decision_shows(document: Document, clara: Person) -> None:
    corrected(document, clara)
    Decision.objects.all().delete()

    assert fresh(document).corrections[0].is_lost


def test_limits_are_said_in_words(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "VALUES_AT_MOST", 1)
    monkeypatch.setattr(queries, "ENTRIES_AT_MOST", 2)
    found = fresh(document)

    assert (len(found.values), len(found.entries)) == (1, 2)
    assert found.entries[-1].event.action == "document_extracted"
    assert len(found.left_out) == 2
    assert found.left_out[0].startswith("Only the first 1 of ")


def test_queries_do_not_grow_with_values_and_entries(document: Document, clara: Person) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            fresh(document)
        return len(captured)

    before = count()
    for _ in range(5):
        corrected(document, clara)
    assert count() == before


def test_entries_tell_how_far_they_are_proven(document: Document) -> None:
    events = list(AuditEvent.objects.all())
    assert {state.words for state in proof_states(events).values()} == {"waits for its place in the tree"}

    sequence_here()
    states = proof_states(events)
    indexes = [states[event.pk].index for event in events]
    assert len(set(indexes)) == len(events)
    assert None not in indexes
    assert all(state.fits for state in states.values())


def test_entry_that_is_not_what_the_tree_holds_shows(document: Document) -> None:
    sequence_here()
    event = AuditEvent.objects.order_by("pk").first()
    assert event is not None
    event.record = bytes(event.record).replace(b'"outcome":"done"', b'"outcome":"gone"')

    assert proof_states([event])[event.pk].words == "differs from the tree"
    assert ProofState(3, None).words == "in the tree, waits for a checkpoint"


def test_document_that_taught_a_model_says_so(document: Document, root: Path, tmp_path: Path) -> None:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    add(weights, ModelCard(digest=digest, name="tuned", context_tokens=1, documents=(document.sha256,)), root=root)

    assert [taught.card.name for taught in fresh(document).taught] == ["tuned"]


def test_page_shows_all_sections_and_is_recorded_once(
    document: Document, clara: Person, olga: Person, client_for
) -> None:
    decision = corrected(document, clara)
    text = client_for(olga).get(f"/dossier/{document.pk}/").text

    for words in (document.sha256, "ACME", "As the log committed to it", "<del>12.50</del>", "Who looked, and when"):
        assert words in text
    assert f"/dossier/decisions/{decision.pk}/crop.png" in text
    assert [e.action for e in AuditEvent.objects.filter(actor="olga")] == ["dossier_viewed"]


def test_page_lists_the_newest_accesses_and_says_how_many_there_are(
    document: Document, olga: Person, client_for
) -> None:
    for number in range(203):
        entry(Action.DOCUMENT_VIEWED, subject=Subject("document", str(document.pk), 1), reason=f"look {number}.")
    text = client_for(olga).get(f"/dossier/{document.pk}/").text

    assert "The newest 200 of 204" in text
    assert "look 202." in text
    assert "look 3." not in text


def test_words_of_a_document_are_escaped(document: Document, olga: Person, client_for) -> None:
    overwrite(FieldValue.objects.filter(path="company"), raw="<script>alert(1)</script>")
    overwrite(Document.objects.all(), untrusted_name="<img src=x>.pdf")
    text = client_for(olga).get(f"/dossier/{document.pk}/").text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<img src=x>" not in text


def test_document_that_was_not_read_yet_has_a_dossier_too(clara: Person, olga: Person, client_for) -> None:
    from tests.appliance.documents.made import uploaded

    waiting = uploaded(clara)
    browser = client_for(olga)

    assert "Nothing was extracted yet" in browser.get(f"/dossier/{waiting.pk}/").text
    assert browser.get(f"/dossier/{waiting.pk}/pdf/").content.startswith(b"%PDF-")


def test_crop_is_a_view_of_the_document(document: Document, olga: Person, client_for) -> None:
    value = FieldValue.objects.get(path="total")
    browser = client_for(olga)
    answer = browser.get(f"/dossier/values/{value.pk}/crop.png")
    browser.get(f"/dossier/values/{value.pk}/crop.png")

    assert answer.content.startswith(b"\x89PNG")
    assert answer["Cache-Control"] == "private, no-store"
    assert [e.action for e in AuditEvent.objects.filter(actor="olga")] == ["document_viewed"]


def test_crop_of_what_has_no_place_is_not_found(document: Document, olga: Person, client_for) -> None:
    FieldValue.objects.filter(path="total").update(regions=[])
    value = FieldValue.objects.get(path="total")

    assert client_for(olga).get(f"/dossier/values/{value.pk}/crop.png").status_code == 404


def test_pdf_holds_the_sections_and_its_making_is_recorded(
    document: Document, clara: Person, olga: Person, client_for
) -> None:
    corrected(document, clara)
    answer = client_for(olga).get(f"/dossier/{document.pk}/pdf/")
    text = pdf_text(answer.content)
    event = AuditEvent.objects.get(action="dossier_exported")

    for words in (document.sha256, "ACME", "12.80", "as the log committed to it", "Who looked, and when", "by olga"):
        assert words in text
    assert "No checkpoint of the log is signed yet" in text
    assert answer["Content-Disposition"].startswith('attachment; filename="dossier-')
    assert json.loads(bytes(event.record))["digests"]["export"] == hashlib.sha256(answer.content).hexdigest()


def test_pdf_shows_what_its_font_lacks_as_code_points_beside_the_picture(document: Document) -> None:
    overwrite(FieldValue.objects.filter(path="company"), raw="株式会社 ACME")
    pdf = contents.dossier_pdf(fresh(document), made_by="olga")

    assert "‹U+682A U+5F0F U+4F1A U+793E› ACME" in pdf_text(pdf)
    assert pdf.count(b"/Subtype /Image") >= 2


def test_pdf_of_altered_rows_says_so(document: Document) -> None:
    overwrite(FieldValue.objects.filter(path="total"), raw="99.00")

    assert "ALTERED AFTERWARDS: values" in pdf_text(contents.dossier_pdf(fresh(document), made_by="olga"))


def test_pdf_stays_bounded(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "PICTURES_AT_MOST", 1)
    pdf = contents.dossier_pdf(fresh(document), made_by="olga")

    assert pdf.count(b"/Subtype /Image") == 1
    assert "Only the first 1 values have their piece of the page here" in pdf_text(pdf)


def test_pdf_is_made_when_page_pictures_are_gone(document: Document) -> None:
    Page.objects.all().delete()

    assert "not stored any more" in pdf_text(contents.dossier_pdf(fresh(document), made_by="olga"))


def test_pdf_names_the_checkpoint_that_it_belongs_to(document: Document) -> None:
    from appliance.audit.models import Checkpoint

    with transaction.atomic():
        sequence_here()
        size = Leaf.objects.count()
        Checkpoint.objects.filter(size=size).delete()
        Checkpoint.objects.create(size=size, root=b"r" * 32, time_us=1, epoch=1, note="strongroom/box\n5\nroot\n")
    text = pdf_text(contents.dossier_pdf(fresh(document), made_by="olga"))

    assert f"It belongs to the checkpoint of size {size}" in text
    assert "strongroom/box" in text


@pytest.mark.parametrize("address", ["", "pdf/"])
def test_dossier_of_no_document_is_not_found(olga: Person, client_for, address: str) -> None:
    assert client_for(olga).get(f"/dossier/{FAR_AWAY['document_id']}/{address}").status_code == 404
