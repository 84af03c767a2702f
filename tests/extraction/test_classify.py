from __future__ import annotations

import pytest

from extraction.classify import classify, score_types
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.shipped_types import shipped_types
from extraction.text_document import document_from_text

EXAMPLES = {
    "receipt": """ACME COFFEE
        Receipt 1234
        2 x Espresso  5.00
        Subtotal  5.00    Total  5.00
        Cash  10.00    Change  5.00
        Thank you""",
    "invoice": """INVOICE
        Invoice number 471    Customer order 12
        Net 100.00  VAT 19.00  Gross 119.00
        Payable to IBAN DE00, due in 14 days""",
    "contract": """NON-DISCLOSURE AGREEMENT
        This agreement is made between the parties. Whereas the disclosing party
        shall keep confidential information ... Governing law""",
    "lab_report": """CITY LABORATORY
        Specimen: blood
        Test  Result  Unit  Reference range
        Hemoglobin  13.5  g/dL    Glucose  5.1""",
    "discharge_summary": """DISCHARGE SUMMARY
        Patient Jane Roe, admission and discharge dates
        Diagnosis, medications, allergies
        Hospital course""",
}


def name_of(text: str) -> str | None:
    guess = classify(document_from_text(text).pages, shipped_types())
    return guess.name if guess else None


@pytest.mark.parametrize("name", EXAMPLES)
def test_classify_recognises_each_shipped_type(name: str) -> None:
    assert name_of(EXAMPLES[name]) == name


@pytest.mark.parametrize("text", ["", "zebra lion tiger", "The weather was fine and we walked to the lake."])
def test_classify_has_no_answer_for_a_stranger(text: str) -> None:
    assert name_of(text) is None


def test_classify_has_no_answer_between_two_types() -> None:
    assert name_of(f"{EXAMPLES['receipt']}\n{EXAMPLES['invoice']}\n{EXAMPLES['lab_report']}") is None


def test_classify_without_types_has_no_answer() -> None:
    assert classify(document_from_text("a receipt").pages, []) is None


def test_classify_knows_a_new_type_by_its_own_words() -> None:
    fields = (FieldSpec(name="vessel", description="name of the vessel"), FieldSpec(name="port_of_loading"))
    lading = DocumentTypeSpec(name="bill_of_lading", label="Bill of lading", fields=fields)
    pages = document_from_text("BILL OF LADING\nVessel Aurora\nPort of loading Hamburg").pages

    guess = classify(pages, [*shipped_types(), lading])

    assert guess is not None
    assert (guess.name, 0 < guess.confidence <= 1) == ("bill_of_lading", True)


def test_scores_are_cosines() -> None:
    scores = score_types(document_from_text(EXAMPLES["receipt"]).pages, shipped_types())

    assert set(scores) == {spec.name for spec in shipped_types()}
    assert all(0 <= score <= 1 for score in scores.values())
