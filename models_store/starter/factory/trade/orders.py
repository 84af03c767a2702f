"""Purchase orders and delivery notes."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.trade.business import Business, Kind
from models_store.starter.factory.trade.paper import Paper

_ORDER = Kind(
    title="order_title",
    layout="purchase_order",
    table="invoice_table",
    sums="order_sums",
    number="order_number",
    dated="trade_order_date",
    facts="requested_date=50 supplier_number=35 trade_contact=35 payment_terms=35 delivery_terms=30 trade_project=18 "
    "currency=15 carrier=15 trade_approved_by=18 supply_contract=10 buyer_vat_id=6",
    notes="order_note",
    seller="order_supplier",
    buyer="ordering_company",
)
_DELIVERY = Kind(
    title="delivery_title",
    layout="delivery_note",
    table="delivery_table",
    sums="",
    number="delivery_note_number",
    dated="delivery_date",
    facts="order_number=60 customer_number=40 trade_order_date=25 carrier=40 tracking_number=25 parcels=35 "
    "gross_weight=35 trade_contact=20 delivery_terms=15 trade_project=10 buyer_gln=4 trade_received_by=12",
    notes="delivery_note",
)


def write_purchase_order(desk: Desk) -> None:
    """An order: the firm that orders stands on top, the supplier is addressed."""
    Business(Paper(desk), _ORDER).write()


def write_delivery_note(desk: Desk) -> None:
    """What was sent, mostly without prices."""
    Business(Paper(desk), _DELIVERY).write()
