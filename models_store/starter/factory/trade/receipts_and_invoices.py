"""Receipts and invoices."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Row
from models_store.starter.factory.layout import Pair, notes, pairs, totals
from models_store.starter.factory.wordings import LINE_ITEMS

_RECEIPT_FACTS = "date=95 receipt_number=65 time=35 cashier=30 table=12 vat_id=30 phone=30 customer_number=8 email=6"
_INVOICE_FACTS = "invoice_number=96 issue_date=95 due_date=75 order_number=25 customer_number=25 phone=15 email=12"


def write_receipt(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    if desk.chance(0.12):
        draft.add(*notes(1, random))
    _letterhead(desk)
    facts = desk.some(_RECEIPT_FACTS)
    draft.add(*pairs(facts, random))
    net = _line_items(desk, ("description", "quantity", "amount") if desk.chance(0.6) else ("description", "amount"))
    draft.add(*totals(_sums(desk, net, detailed=desk.chance(0.5)), random))
    if desk.chance(0.55):
        draft.add(*_payment(desk))
    draft.add(*notes(random.randint(0, 2), random))


def write_invoice(desk: Desk) -> None:
    draft, random = desk.draft, desk.random
    head = (
        [desk.values.one("INVOICE|Invoice|Tax Invoice|Rechnung|FACTURE|RECHNUNG|Factura")] if desk.chance(0.6) else []
    )
    if desk.chance(0.5):
        draft.add(*head)
        _letterhead(desk)
    else:
        _letterhead(desk)
        draft.add(*head)
    draft.add(*pairs(desk.some(_INVOICE_FACTS), random))
    _buyer(desk)
    vat = [desk.pair("vat_id")] if desk.chance(0.65) else []
    if desk.chance(0.5):
        draft.add(*pairs(vat, random))
        vat = []
    net = _line_items(desk, ("description", "quantity", "unit_price", "amount"))
    draft.add(*totals(_sums(desk, net, detailed=desk.chance(0.85)), random))
    bank = [*vat, *desk.some("iban=70 currency=25 payment_method=15")]
    draft.add(*pairs(bank, random), *notes(random.randint(0, 2), random))


def _letterhead(desk: Desk) -> None:
    """The seller's name and address on top, sometimes behind a label."""
    name = desk.state("seller")
    shown = name if desk.chance(0.85) else f"{desk.pair('seller')[0]}: {name}"
    lines = [shown]
    if desk.chance(0.85):
        address = desk.state("address", "\n".join(desk.values.address_lines()) if desk.chance(0.65) else None)
        lines += address.split("\n")
    if desk.chance(0.2):
        lines.append(desk.values.one("Tel: |Phone |T ") + desk.values.phone())
    desk.draft.add(*lines)


def _buyer(desk: Desk) -> None:
    if not desk.chance(0.9):
        return
    label, name = desk.pair("buyer")
    joint = desk.random.choice((":\n", "\n", ": ", "  "))
    desk.draft.add(*f"{label}{joint}{name}".split("\n"))
    if desk.chance(0.6):
        desk.draft.add(*desk.values.address_lines())


def _line_items(desk: Desk, columns: tuple[str, ...]) -> int:
    """A table of items. Returns their sum in cents."""
    draft, random, values = desk.draft, desk.random, desk.values
    kept = [c for c in LINE_ITEMS.columns if c.name in columns]
    order = _column_order(desk, columns)
    if desk.chance(0.75):
        titles = {c.name: desk.label(c) for c in kept}
        draft.add("  ".join(titles[name] for name in order))
    rows: list[Row] = []
    total, stacked = 0, desk.chance(0.1)
    for _ in range(random.randint(1, 2 + 2 * desk.size)):
        count, price = random.choice((1, 1, 1, 2, 2, 3, 4, 5, 10)), values.cents(80, 20000)
        total += count * price
        cells = {"description": values.goods(), "quantity": str(count), "unit_price": values.money(price)}
        cells["amount"] = values.money(count * price)
        row = {name: draft.mark(cells[name]) for name in columns}
        rows.append(row)
        texts = [row[name] for name in order]
        draft.add(
            *(
                [row["description"], "  ".join(t for t in texts if t != row["description"])]
                if stacked
                else ["  ".join(texts)]
            )
        )
    desk.rows(LINE_ITEMS, rows)
    return total


def _column_order(desk: Desk, columns: tuple[str, ...]) -> list[str]:
    """Description first; now and then the quantity before it."""
    order = list(columns)
    if "quantity" in order and desk.chance(0.3):
        order.remove("quantity")
        order.insert(0, "quantity")
    return order


def _sums(desk: Desk, net: int, *, detailed: bool) -> list[Pair]:
    """Net, tax and total, with the currency before or behind them on some pages."""
    tax = net * desk.random.choice((5, 6, 7, 10, 19, 20, 21)) // 100
    values, form, sign = desk.values, desk.random.random(), desk.values.sign
    amounts = {"net_total": net, "tax": tax, "total": net + tax} if detailed else {"total": net}
    if detailed and desk.chance(0.15):
        del amounts["net_total"]
    sums = []
    for name, cents in amounts.items():
        label, shown = desk.pair(name, values.money(cents))
        currency = desk.state("currency", sign) if name == "total" and form < 0.5 else sign
        sums.append((label, _with_currency(shown, currency, form)))
    return sums


def _with_currency(amount: str, currency: str, form: float) -> str:
    """Before, apart, behind, or not at all, as `form` (0 to 1) decides."""
    if form < 0.25:
        return f"{currency}{amount}"
    if form < 0.38:
        return f"{currency} {amount}"
    return f"{amount} {currency}" if form < 0.5 else amount


def _payment(desk: Desk) -> list[str]:
    """How it was paid: a label and the means, or the means and an amount, or cash and change."""
    if desk.chance(0.6):
        return pairs([desk.pair("payment_method")], desk.random)
    if desk.chance(0.5):
        return [f"{desk.state('payment_method')}  {desk.values.money()}"]
    return totals([desk.pair("cash"), desk.pair("change")], desk.random)
