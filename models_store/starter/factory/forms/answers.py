"""Questions of a printed form and what was filled in: beside, below, above a rule, on dots, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import bare
from models_store.starter.factory.layout import Pair
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

TextFor = Callable[[Desk, str], str | None]
"""A text for a concept; None where its own maker writes one."""
_GAP = "  "
_NUMBERINGS = (
    "",
    "",
    "{n}. ",
    "{n}. ",
    "{n}) ",
    "({n}) ",
    "Item {n}. ",
    "{letter}. ",
    "{n}  ",
    "Q{n} ",
    "[{n}] ",
    "{n}.- ",
)
_SURE = 0.2
"""Of the share left blank, what holds for names: a form without the name of its person is rare."""
_NAMES = frozenset({
    "who_full_name", "who_last_name", "who_first_name", "reg_registrant", "reg_number", "reg_filer", "pay_employee",
    "tax_payer", "cert_child", "cert_participant", "cert_insured", "cert_exporter", "rec_owner", "rec_company",
    "ship_bill", "ship_shipper", "ship_consignee", "card_title", "card_member", "card_signature",
})  # fmt: skip
_NOTHING = ("", "", "", "", "________", "____________", "......", "N/A", "n/a", "-", "None", "--", "______________")


class Answers:
    """One form's hand: how its questions are numbered and where the answers stand. `empty` is the share left blank."""

    def __init__(self, desk: Desk, *, empty: float = 0.18) -> None:
        self.desk, self.random, self.empty = desk, desk.random, empty
        self.numbering = self.random.choice(_NUMBERINGS)
        self.number = self.random.choice((0, 0, 0, 0, 3, 9))
        self.nothing = self.random.choice(_NOTHING)
        self.joint = self.random.choice((": ", ":  ", "  ", " ", ":", " : ", ":  "))
        self.change = self.random.choice((str, str, str, str.upper, str.capitalize))
        self._ways: list[Callable[[Sequence[Pair]], list[str]]] = self.random.choices(
            (self.beside, self.below, self.above_rule, self.on_dots, self.in_cells, self.two_a_line, self.bracketed),
            (6, 3, 2, 1.5, 2, 2, 0.7),
            k=2,
        )

    def pair(self, name: str, text: str | None = None) -> Pair:
        """Label and answer; the answer is left out on a share of the questions."""
        label = self.change(self.desk.label(CONCEPTS[name]))
        if self.desk.chance(self.empty * (_SURE if name in _NAMES else 1)):
            return label, self.blank(name)
        return label, self.desk.state(name, text)

    def blank(self, name: str) -> str:
        """What stands where nothing was filled in."""
        return self.desk.state(name, "") + self.nothing

    def pairs(self, chances: str, text_for: TextFor) -> list[Pair]:
        """Some of the questions in their order; `chances` is "name=90 other=30", in percent."""
        wanted = [entry.split("=") for entry in chances.split()]
        names = [name for name, percent in wanted if self.desk.chance(int(percent) / 100)]
        return [self.pair(name, text_for(self.desk, name)) for name in names]

    def write(self, items: Sequence[Pair]) -> list[str]:
        """The questions, numbered, in one of the form's two ways."""
        numbered = [(self.numbered(label), value) for label, value in items]
        way = self._ways[0] if self.desk.chance(0.75) else self._ways[1]
        return way(numbered)

    def numbered(self, label: str) -> str:
        """The label under the form's next number."""
        self.number += 1
        letter = chr(ord("A") + (self.number - 1) % 26)
        hint = f" {self.random.choice(WORDS['form_hints'])}" if self.desk.chance(0.08) else ""
        return self.numbering.format(n=self.number, letter=letter) + label + hint

    def beside(self, items: Sequence[Pair]) -> list[str]:
        return [label.rstrip(":") + self.joint + value for label, value in items]

    def below(self, items: Sequence[Pair]) -> list[str]:
        return [line for label, value in items for line in (label, value)]

    def above_rule(self, items: Sequence[Pair]) -> list[str]:
        """The answer, and below it the rule and its small print."""
        rule = self.random.choice(("", "________________________", "-" * 20, "____________"))
        return [line for label, value in items for line in (value, rule, f"({label})") if line]

    def bracketed(self, items: Sequence[Pair]) -> list[str]:
        return [f"[{value}] {label}" for label, value in items]

    def on_dots(self, items: Sequence[Pair]) -> list[str]:
        """On a dotted or drawn line."""
        fill = self.random.choice(("....", "____", " ........ ", "__", " _____ "))
        return [f"{label} {fill} {value} {fill}".rstrip() for label, value in items]

    def in_cells(self, items: Sequence[Pair]) -> list[str]:
        """Two or three cells side by side, labels above answers. Rows with an empty cell would not tell whose answer
        it is: their cells stand below each other."""
        lines, width = [], self.random.choice((2, 2, 3))
        for start in range(0, len(items), width):
            row = items[start : start + width]
            if all(bare(value) for _, value in row):
                lines += [_GAP.join(label for label, _ in row), _GAP.join(value for _, value in row)]
            else:
                lines += self.below(row)
        return lines

    def two_a_line(self, items: Sequence[Pair]) -> list[str]:
        lines = self.beside(items)
        return [_GAP.join(lines[i : i + 2]) for i in range(0, len(lines), 2)]
