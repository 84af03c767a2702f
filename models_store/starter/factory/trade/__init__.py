"""Papers of trade: receipts, invoices, orders, statements."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.trade.invoices import write_credit_note, write_invoice
from models_store.starter.factory.trade.orders import write_delivery_note, write_purchase_order
from models_store.starter.factory.trade.receipts import write_receipt
from models_store.starter.factory.trade.statements import write_account_statement
from models_store.starter.factory.trade.utilities import write_utility_bill

WRITERS: dict[str, Writer] = {
    "receipt": write_receipt,
    "invoice": write_invoice,
    "purchase_order": write_purchase_order,
    "delivery_note": write_delivery_note,
    "credit_note": write_credit_note,
    "account_statement": write_account_statement,
    "utility_bill": write_utility_bill,
}
