"""An adapter in force for its one type: by two persons, back by one, on the pages, and in the log."""

from __future__ import annotations

import hashlib
import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.compliance import deciding
from appliance.compliance.errors import ModelInForce, NoWayBack
from appliance.compliance.models import Promotion
from appliance.compliance.promotion import ask_promotion, digest_in_force, move_pointer, types_with_their_own, way_back
from appliance.compliance.promotion_words import sentences_of_promotion, title_of_promotion
from appliance.document_types.models import DocumentType
from appliance.documents.model_holder import Serving
from appliance.operations.queries import health
from appliance.retraining.models import ServingAlarm
from appliance.retraining.serving import alarms
from appliance.retraining.serving.services import begin_shadow, roll_back
from appliance.retraining.serving.shadowing import live_shadows
from extraction.language_model import adapted_digest
from models_store import store
from models_store.card import ModelCard, ModelState
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made
from tests.appliance.documents.test_model_holder import FakeModel
from tests.appliance.retraining.serving.fakes import Approved, Put

pytestmark = pytest.mark.django_db
TYPE = "invoice"


@pytest.fixture
def adapter(root: Path, tmp_path: Path, old: str) -> str:
    return lay(root, tmp_path, old, "adapter one")


def lay(root: Path, folder: Path, base: str, name: str) -> str:
    file = folder / "adapter.gguf"
    file.write_text(name)
    own = hashlib.sha256(name.encode()).hexdigest()
    card = ModelCard(
        digest=adapted_digest(base, own), name=name, base=base, runs_on=base, adapter_file=own, document_type=TYPE,
        quantization="adapter", context_tokens=1024,
    )  # fmt: skip
    return store.add_adapter(file, card, root=root, state=ModelState.CANDIDATE)


@pytest.fixture
def bring(adam: Person, olga: Person) -> Any:
    def brought(digest: str) -> None:
        request = ask_promotion(by=adam, digest=digest, reason="It reads invoices better.")
        deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")
        move_pointer()

    return brought


def test_two_persons_bring_it_in_force_for_its_type(root: Path, old: str, adapter: str, bring: Any) -> None:
    bring(adapter)

    assert [digest_in_force(name) for name in (TYPE, "receipt", "")] == [adapter, old, old]
    assert store.answering(TYPE, root=root)[1].production == adapter
    assert types_with_their_own() == (TYPE,)
    made_by = Promotion.objects.get()
    assert (made_by.document_type, made_by.digest, made_by.instead_of) == (TYPE, adapter, old)
    entry = json.loads(bytes(AuditEvent.objects.get(action="model_promoted").record))
    assert entry["digests"] == {"model": adapter, "instead_of": old}
    assert entry["reason"].endswith(f"for documents of the type {TYPE} alone")


def test_one_person_goes_back_for_the_type_alone(
    adam: Person, root: Path, old: str, adapter: str, bring: Any, tmp_path: Path
) -> None:
    second = lay(root, tmp_path, old, "adapter two")
    bring(adapter)
    bring(second)

    back = roll_back(by=adam, reason="Totals are wrong.", document_type=TYPE)
    move_pointer()

    assert (back.digest, back.instead_of) == (adapter, second)
    assert [digest_in_force(name) for name in (TYPE, "")] == [adapter, old]
    with pytest.raises(NoWayBack):
        way_back(TYPE)
    with pytest.raises(NoWayBack):
        way_back()  # nobody ever promoted another model for all types


def test_the_first_adapter_of_a_type_goes_back_to_the_model_of_all(
    adam: Person, root: Path, old: str, adapter: str, bring: Any, put: Put, approved: Approved
) -> None:
    bring(adapter)
    approved(put("newer"))  # for all types, in between
    assert digest_in_force(TYPE) == adapter

    roll_back(by=adam, reason="Totals are wrong.", document_type=TYPE)
    move_pointer()

    assert digest_in_force(TYPE) == digest_in_force() != adapter
    assert types_with_their_own() == ()
    assert store.current(root=root, document_type=TYPE) == store.current(root=root)


def test_what_the_pointer_does_not_show_yet_counts_for_its_type(
    adam: Person, olga: Person, old: str, adapter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models_store.store.promote", _disk_full)
    request = ask_promotion(by=adam, digest=adapter, reason="Better.")
    deciding.approve(approval_id=request.pk, by=olga, words="Agreed.")

    assert not move_pointer()

    assert [digest_in_force(name) for name in (TYPE, "")] == [adapter, old]
    with pytest.raises(ModelInForce):
        ask_promotion(by=adam, digest=adapter, reason="Once more.")


def _disk_full(*arguments: object, **options: object) -> None:
    raise OSError("no space left")


def test_request_says_whose_documents_it_is_about(adam: Person, old: str, adapter: str) -> None:
    request = ask_promotion(by=adam, digest=adapter, reason="Better.")

    assert (
        title_of_promotion(request) == "Put in force the model “adapter one”, for documents of the type “invoice” alone"
    )
    said = " ".join(sentences_of_promotion(request))
    assert "documents of all other types stay with the model they have" in said


def test_pages_show_it_and_lead_back(client_for: ClientFor, adam: Person, old: str, adapter: str, bring: Any) -> None:
    DocumentType.objects.create(name=TYPE)
    bring(adapter)
    browser = client_for(adam)

    page = _text(browser.get(reverse("retraining:models")))
    assert "adapter one is in force for documents of the type invoice" in page
    back = reverse("retraining:serving:roll_back_type", args=(TYPE,))
    assert back in page
    assert "Other types stay as they are" in _text(browser.get(back))
    browser.post(back, {"reason": "Totals are wrong."})

    assert digest_in_force(TYPE) == old
    assert "is in force for documents" not in _text(browser.get(reverse("retraining:models")))
    assert browser.get(reverse("retraining:serving:roll_back_type", args=("no_such_type",))).status_code == 404


def test_model_page_says_what_it_answers(client_for: ClientFor, adam: Person, adapter: str) -> None:
    page = _text(client_for(adam).get(reverse("retraining:model", args=(adapter,))))
    assert "documents of the type invoice alone" in page


def test_alarm_of_a_type_stands_beside_that_of_all_and_closes_by_itself(old: str, adapter: str, bring: Any) -> None:
    bring(adapter)
    fell_back = Serving(adapter, FakeModel(old), "damaged", document_type=TYPE)
    alarms.note(fell_back, TYPE)
    alarms.note(Serving(old, FakeModel(old)), "receipt")  # another type, all is well: it says nothing about this one
    assert ServingAlarm.objects.filter(closed_at=None).count() == 1
    (model,) = [check for check in health().checks if check.name == "Model"]
    assert f"The adapter of {TYPE}" in model.finding

    alarms.note(Serving(adapter, FakeModel(adapter), document_type=TYPE), TYPE)

    assert not ServingAlarm.objects.filter(closed_at=None).exists()


def test_alarm_of_a_type_ends_when_the_type_goes_with_all_others(old: str, adapter: str) -> None:
    alarms.note(Serving(adapter, FakeModel(old), "damaged", document_type=TYPE), TYPE)

    alarms.note(Serving(old, FakeModel(old)), TYPE)

    assert not ServingAlarm.objects.filter(closed_at=None).exists()


def test_try_out_of_an_adapter_reads_its_type_alone(adam: Person, clara: Person, adapter: str) -> None:
    document = made.uploaded(clara)
    assert document.document_type is not None
    begin_shadow(by=adam, digest=adapter, documents=5)

    assert live_shadows(document) == []
    document.document_type.name = TYPE
    assert [run.model_digest for run in live_shadows(document)] == [adapter]


def _text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).replace("<strong>", "").replace("</strong>", "").split())
