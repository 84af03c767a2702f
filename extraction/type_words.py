"""Words that stand on documents of the shipped types, for `classify.py`. A type that is not listed does without."""

from __future__ import annotations

EMPTY_WORDS = (
    "the and for from with that this was are not its his her any all one two has have had who which date name number "
    "text page der die das und von mit den dem des ein eine les une par pour que los las del con para por"
)
"""Words that stand everywhere and say nothing about the kind of a document."""

TYPE_WORDS = {
    "receipt": (
        "receipt cash change cashier till total qty item gst rounding subtotal visa mastercard card tendered "
        "kassenbon quittung bon bar wechselgeld kasse ticket recu caisse ecu recibo efectivo cambio sdn bhd thank again"
    ),
    "invoice": (
        "invoice bill due payable iban bic swift vat customer order delivery net gross payment terms "
        "rechnung rechnungsnummer rechnungsdatum lieferant kunde kundennummer ust mwst umsatzsteuer netto brutto "
        "zahlbar zahlung lieferdatum lieferschein facture client echeance tva factura cliente vencimiento fattura"
    ),
    "contract": (
        "agreement contract party parties hereby shall whereas confidential confidentiality disclosing receiving "
        "disclosure term termination governing law witness vertrag vereinbarung geheimhaltung contrat accord contrato"
    ),
    "lab_report": (
        "laboratory lab specimen result reference range unit test analyte hemoglobin hematology glucose creatinine "
        "cholesterol blood serum platelet sodium potassium abnormal flag collected labor laborbefund befund"
    ),
    "discharge_summary": (
        "discharge summary hospital admission admitted discharged patient diagnosis medication allergy problem history "
        "encounter procedure physician attending instruction hospitalization course vital sign "
        "entlassungsbrief arztbrief diagnose aufnahme entlassung"
    ),
}
