"""Papers of trade: receipts, invoices, orders, statements."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.trade.receipts import write_receipt
from models_store.starter.factory.trade.receipts_and_invoices import write_invoice

WRITERS: dict[str, Writer] = {"receipt": write_receipt, "invoice": write_invoice}
