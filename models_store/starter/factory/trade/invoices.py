"""Invoices and credit notes."""

from __future__ import annotations

from dataclasses import replace

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.trade.business import Business, Kind
from models_store.starter.factory.trade.paper import Paper

_INVOICE = Kind(
    title="invoice_title",
    layout="invoice",
    table="invoice_table",
    sums="invoice_sums",
    number="invoice_number",
    dated="issue_date",
    facts="due_date=50 customer_number=45 order_number=28 delivery_date=28 delivery_note_number=14 trade_order_date=12 "
    "trade_contact=22 payment_terms=18 payment_method=14 payment_reference=10 trade_project=8 supplier_number=6 gln=4 "
    "buyer_gln=3 currency=12 vat_id=14 buyer_vat_id=10 carrier=4 delivery_terms=5 supply_contract=5",
)
_CREDIT = Kind(
    title="credit_title",
    layout="credit_note",
    table="invoice_table",
    sums="credit_sums",
    number="credit_note_number",
    dated="issue_date",
    facts="original_invoice_number=80 original_invoice_date=45 customer_number=45 order_number=20 trade_contact=20 "
    "delivery_note_number=10 currency=10 vat_id=15 buyer_vat_id=10 credit_reason=40 trade_project=5",
    notes="credit_note",
)
_NEGATIVE = replace(_CREDIT, sign=-1)


def write_invoice(desk: Desk) -> None:
    """A bill for goods or services, on one page or several."""
    Business(Paper(desk), _INVOICE).write()


def write_credit_note(desk: Desk) -> None:
    """What is given back for an earlier invoice; the amounts are negative on some."""
    paper = Paper(desk)
    Business(paper, _CREDIT if paper.chance(0.6) else _NEGATIVE).write()
