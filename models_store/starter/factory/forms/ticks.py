"""Tick boxes: yes or no, one of many, and single boxes. What is marked is the ticked word, or the box itself."""

from __future__ import annotations

from collections.abc import Mapping

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_BOXES = (
    ("[x]", "[ ]"), ("[X]", "[ ]"), ("☒", "☐"), ("☑", "☐"), ("(X)", "( )"), ("(x)", "( )"), ("X", "__"), ("■", "□"),
    ("✓", "□"), ("✔", "☐"), ("[✓]", "[ ]"), ("(•)", "( )"), ("●", "○"), ("x", "•"), ("_X_", "___"), ("__x__", "_____"),
    ("[*]", "[ ]"), ("⊠", "□"), ("(✓)", "( )"), ("XX", "__"), ("|X|", "|_|"), ("{x}", "{ }"),
)  # fmt: skip

_WORDED: dict[str, list[list[str]]] = {}
for _entry in WORDS["tick_words"]:
    _name, _, _words = _entry.partition("=")
    _WORDED.setdefault(_name, []).append(_words.split("|"))


class Ticks:
    """One document's way to tick: the same boxes, on the same side of the words, all over the form."""

    def __init__(self, desk: Desk, *, empty: float = 0.18) -> None:
        self.desk, self.empty = desk, empty
        self.ticked, self.open = desk.random.choice(_BOXES)
        self.box_first = desk.chance(0.75)
        self.marks_box = desk.chance(0.3)
        self.gap = desk.random.choice(("  ", "  ", " ", " / ", "   ", "\n", ", "))
        # A box that is a letter or an underscore would become part of the word.
        is_sign = not any(c.isalnum() or c == "_" for c in self.ticked[-1] + self.open[0] + self.ticked[0])
        self.blank = "" if is_sign and desk.chance(0.15) else " "
        self.yes_no = desk.random.choice(WORDS["tick_yes_no"]).split("|")

    def yes_or_no(self, name: str) -> str:
        """Both boxes of a question. Nothing is ticked on some: then it has no answer."""
        return self._boxes(name, {"true": self.yes_no[0], "false": self.yes_no[1]})

    def one_of(self, name: str) -> str:
        """The boxes of all options of a closed field, in the words of some language."""
        options = CONCEPTS[name].options
        change = self.desk.random.choice((str, str, str.capitalize, str.title, str.upper))
        shown = [change(option) for option in options]
        if name in _WORDED and self.desk.chance(0.8):
            shown = self.desk.random.choice(_WORDED[name])
        return self._boxes(name, dict(zip(options, shown, strict=True)))

    def box(self, word: str, *, ticked: bool) -> str:
        """A box and its word."""
        box = self.ticked if ticked else self.open
        return box + self.blank + word if self.box_first else word + self.blank + box

    def alone(self, name: str, label: str) -> str:
        """A single box with its sentence: ticked means yes, open means no."""
        is_true = self.desk.chance(0.55)
        box = self.desk.state(name, self.ticked if is_true else self.open, "true" if is_true else "false")
        return f"{box} {label}" if self.box_first else f"{label} {box}"

    def _boxes(self, name: str, words: Mapping[str, str]) -> str:
        picked = "" if self.desk.chance(self.empty) else self.desk.random.choice(list(words))
        text = self.gap.join(self._box(name, word, option, picked) for option, word in words.items())
        return text if picked else text + self.desk.state(name, "")

    def _box(self, name: str, word: str, option: str, picked: str) -> str:
        """A box and its word; the ticked one holds the mark."""
        box = self.ticked if option == picked else self.open
        if option == picked and self.marks_box:
            box = self.desk.state(name, box, option)
        elif option == picked:
            word = self.desk.state(name, word, option)
        return box + self.blank + word if self.box_first else word + self.blank + box
