"""Prints the sums of a paper in the order of a layout, and its table of taxes."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.starter.factory.draft import Row
from models_store.starter.factory.trade.account import Account
from models_store.starter.factory.trade.paper import GAP, Paper
from models_store.starter.factory.wordings import LISTS

_JOINTS = (GAP, GAP, GAP, GAP, ": ", " : ", " :  ", " ", ":  ", "\n", " = ", " ..... ")
_EXTRAS = {"service": "service_charge", "tip": "tip", "deposit": "packaging_deposit", "freight": "freight"}


def payable(paper: Paper, account: Account) -> str:
    """The amount to pay, marked, as sentences and slips repeat it."""
    return paper.sum_of(("due_payable",) if account.prepaid else ("due_payable", "total"), account.payable)


class Totals:
    """The sums of one paper; `joint` stands between label and amount."""

    def __init__(self, paper: Paper, account: Account, *, taxed: bool = True) -> None:
        self.paper, self.account, self.taxed = paper, account, taxed
        self.joint = paper.pick(_JOINTS)
        self.rate_shown = paper.chance(0.6)

    def lines(self, order: Sequence[str]) -> list[str]:
        """The sums in this order, each on a line of its own."""
        return [part for name in order for part in self._line(name.removesuffix("0")).split("\n")]

    def _line(self, name: str) -> str:
        account = self.account
        both = not account.prepaid
        match name:
            case "tax":
                return self._tax()
            case "rates":
                return "\n".join(self._rates())
            case "lines":
                alike = account.lines_are_net and self.taxed
                return self._sum(("line_total", "net_total") if alike else ("line_total",), account.lines)
            case "net":
                return self._sum(("net_total", "line_total") if account.lines_are_net else ("net_total",), account.net)
            case "discount":
                return self._sum(("discount_total",), account.discount * self.paper.random.choice((1, 1, -1)))
            case "prepaid":
                return self._sum(("prepaid",), account.prepaid * self.paper.random.choice((1, 1, -1)))
            case "gross":
                return self._sum(("total_before_rounding",), account.gross)
            case "rounding":
                return self._sum(("rounding",), account.rounding)
            case "total":
                return self._sum(("total", "due_payable") if both else ("total",), account.total)
            case "due":
                return self._sum(("due_payable", "total") if both else ("due_payable",), account.payable)
            case _:
                return self._sum((_EXTRAS[name],), account.extras.get(name, 0))

    def _rates(self) -> list[str]:
        """A line for each rate, and the sum of the taxes where there are several."""
        paper, account = self.paper, self.account
        alone, text = len(account.rates) == 1, paper.purse.text
        rows: list[Row] = []
        lines: list[str] = []
        for rate, (_, net, tax) in account.rates.items():
            form, name = paper.sentence("rate_line"), paper.cased(paper.pick(paper.market.taxes))
            shown = paper.state("tax", text(tax)) if alone else text(tax)
            texts = {"rate": str(rate), "net": text(net), "tax": shown}
            rows.append({part: paper.draft.mark(cell) for part, cell in texts.items() if f"{{{part}}}" in form})
            lines.append(form.format_map({**rows[-1], "name": name, "joint": self.joint}))
        paper.desk.rows(LISTS["tax_lines"], rows)
        return lines if alone else [*lines, self._joined(paper.label("tax"), ("tax",), account.tax)]

    def _tax(self) -> str:
        """The tax with its name, and with its rate where there is one only."""
        paper, label = self.paper, self.paper.label("tax")
        if self.rate_shown and len(self.account.rates) == 1:
            name = paper.pick((paper.cased(paper.pick(paper.market.taxes)), label))
            label = paper.sentence("rate_label").format(name=name, rate=next(iter(self.account.rates)))
        return self._joined(label, ("tax",), self.account.tax)

    def _sum(self, names: Sequence[str], amount: int) -> str:
        return self._joined(self.paper.label(names[0]), names, amount)

    def _joined(self, label: str, names: Sequence[str], amount: int) -> str:
        tail = f" ({self.paper.currency()})" if self.paper.purse.place == "head" else ""
        return f"{label}{tail}{self.joint}{self.paper.sum_of(names, amount)}"

    def tax_table(self) -> list[str]:
        """Rates with their nets and taxes; states what is the only row or the row of sums."""
        paper, account = self.paper, self.account
        columns = paper.pick(
            ("code rate net tax", "code net tax", "rate net tax", "net tax rate", "rate tax net")
        ).split()
        heads = paper.columns("tax_lines")
        lines = [paper.sentence("tax_table")] if paper.chance(0.6) else []
        if paper.chance(0.7) or not lines:
            texts = GAP.join(paper.heading(heads[c]) for c in columns)
            lines = [GAP.join([*lines, texts])] if lines and paper.chance(0.4) else [*lines, texts]
        alone = len(account.rates) == 1
        rows: list[Row] = []
        for rate, (mark, net, tax) in account.rates.items():
            nets = paper.state("net_total", paper.purse.text(net)) if alone else paper.purse.text(net)
            taxes = paper.state("tax", paper.purse.text(tax)) if alone else paper.purse.text(tax)
            cells = {
                "code": mark,
                "rate": paper.pick((f"{rate}%", f"{rate}", f"{rate}.00%")),
                "net": nets,
                "tax": taxes,
            }
            rows.append({name: paper.draft.mark(cells[name]) for name in columns})
            lines.append(GAP.join(rows[-1][name] for name in columns))
        paper.desk.rows(LISTS["tax_lines"], rows)
        if not alone or paper.chance(0.4):
            lines.append(self._tax_sum(columns))
        return lines

    def _tax_sum(self, columns: Sequence[str]) -> str:
        """The sums below the table of taxes."""
        text, state = self.paper.purse.text, self.paper.state
        sums = {
            "net": lambda: state("net_total", text(self.account.net)),
            "tax": lambda: state("tax", text(self.account.tax)),
        }
        word = self.paper.cased(self.paper.pick(("Total", "Total :", "Sum", "TOTAL")))
        return GAP.join([word, *(sums[name]() for name in columns if name in sums)])
