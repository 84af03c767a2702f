"""Reading errors, alike in the text and in the values marked in it.

How scans are misread comes from a table that `models_store.starter.scans` measures with our own reader. The rest is
what else happens to pages: words run together, numbers torn apart, columns lost, lines missing, stray signs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from models_store.starter.factory.draft import MARK_CHARACTERS, depth, is_mark, marks_in

TABLE = Path(__file__).with_name("misread.toml")
UPPER, NOISY = 0.15, 0.4
"""Shares of the documents that are all in capitals, and that have reading errors."""
_GAP = re.compile(" {2,}")
_GAP_SIGN = "\t"
"""A column gap in the table and while characters are misread."""
_STRAY = (
    ".",
    ",",
    "'",
    "|",
    "_",
    "-",
    "~",
    "·",
    "`",
    ":",
    ";",
    "*",
    "°",
    "^",
    "/",
    "\\",
    "--",
    "..",
    "=",
    "[",
    "l",
    "¬",
)
Error = Callable[[str, Random], str]
Choices = Mapping[str, tuple[float, tuple[str, ...], tuple[float, ...]]]
"""For a character: the rate of errors, what is read then, and how often each."""


def recase(text: str, random: Random, share: float = UPPER) -> str:
    """Upper case for some documents. `ß` stays one character; marks have no case."""
    return text.replace("ß", "ss").upper() if random.random() < share else text


def misread(text: str, random: Random) -> str:
    """Errors of some sorts in some documents. Marks stay as they are; a value still begins and ends with a word, a
    number or a sign of its own."""
    if random.random() >= NOISY:
        return text
    sorts = [error for error, share in _SORTS if random.random() < share] or [scan]
    for error in sorts:
        text = error(text, random)
    return text


def scan(text: str, random: Random) -> str:
    """As our reader reads a scan: a good one, or a bad one."""
    severity = random.choice((0.3, 0.6, 1.0, 1.0, 1.6, 2.5))
    pieces = MARK_CHARACTERS.findall(_GAP.sub(_GAP_SIGN, text))
    changed = list(pieces)
    for index, piece in enumerate(pieces):
        if (chance := _INSTEAD.get(piece)) and random.random() < chance[0] * severity and _is_free(changed, index):
            changed[index] = random.choices(chance[1], chance[2])[0]
        elif (chance := _ADDED.get(piece)) and random.random() < chance[0] * severity and _is_free(changed, index):
            changed[index] += random.choices(chance[1], chance[2])[0]
    return "".join(changed).replace(_GAP_SIGN, "  ")


def glue(text: str, random: Random) -> str:
    """Some blanks between words are lost."""
    share = random.choice((0.03, 0.1, 0.3))
    pieces = MARK_CHARACTERS.findall(_GAP.sub(_GAP_SIGN, text))
    kept = (p for i, p in enumerate(pieces) if p != " " or random.random() >= share or not _is_free(pieces, i))
    return "".join(kept).replace(_GAP_SIGN, "  ")


def break_numbers(text: str, random: Random) -> str:
    """Decimal points that are lost, doubled or followed by a blank; blanks inside of numbers."""
    share = random.choice((0.1, 0.3, 0.6))
    pieces = MARK_CHARACTERS.findall(text)
    for index in range(1, len(pieces) - 1):
        if not (pieces[index - 1][-1:].isdigit() and pieces[index + 1].isdigit()):
            continue
        if pieces[index] in ".," and random.random() < share:
            point = pieces[index]
            pieces[index] = random.choice(("", " ", point + " ", " " + point, "." if point == "," else ",", "'"))
        elif pieces[index].isdigit() and random.random() < share * 0.05:
            pieces[index] += " "
    return "".join(pieces)


def lose_gaps(text: str, random: Random) -> str:
    """Columns that stand close: gaps that become plain blanks."""
    share = random.choice((0.3, 1.0))
    return _GAP.sub(lambda gap: " " if random.random() < share else gap.group(), text)


def add_gaps(text: str, random: Random) -> str:
    """Widely set words: blanks that become gaps."""
    share = random.choice((0.02, 0.05, 0.15))
    return re.sub("(?<=[^ ]) (?=[^ ])", lambda _: "  " if random.random() < share else " ", text)


def drop_line(text: str, random: Random) -> str:
    """A line with values is missing, and they with it. Lines of labels stay: what they name would lose its meaning."""
    lines = text.split("\n")
    whole = [index for index in _between_values(lines) if marks_in(lines[index]) and not depth(lines[index])]
    if len(whole) > 2:
        del lines[random.choice(whole)]
    return "\n".join(lines)


def stray(text: str, random: Random) -> str:
    """Specks and folds that are read as signs, before or behind lines."""
    lines = text.split("\n")
    share = random.choice((0.05, 0.15, 0.3))
    for index in _between_values(lines):
        if random.random() < share:
            sign, gap = random.choice(_STRAY), random.choice((" ", " ", "  "))
            before = random.random() < 0.5 or bool(depth(lines[index]))
            lines[index] = sign + gap + lines[index] if before else lines[index] + gap + sign
    return "\n".join(lines)


_SORTS: tuple[tuple[Error, float], ...] = (
    (drop_line, 0.08),
    (stray, 0.2),
    (lose_gaps, 0.15),
    (add_gaps, 0.08),
    (break_numbers, 0.12),
    (glue, 0.1),
    (scan, 0.7),
)


def _between_values(lines: Sequence[str]) -> list[int]:
    """The lines that do not begin inside of a value; page breaks are none."""
    open_values, found = 0, []
    for index, line in enumerate(lines):
        if not open_values and line.strip():
            found.append(index)
        open_values += depth(line)
    return found


def _is_free(pieces: Sequence[str], index: int) -> bool:
    """False where a change could run a value into the text beside it: letters into letters, digits into digits."""
    left, left_marked = _beside(pieces, index, -1)
    right, right_marked = _beside(pieces, index, 1)
    if not left_marked and not right_marked:
        return True
    if pieces[index].isspace():
        return not _joins(left, right)
    return not (left_marked and left.isalnum()) and not (right_marked and right.isalnum())


def _beside(pieces: Sequence[str], index: int, step: int) -> tuple[str, bool]:
    """The next character that is printed, and whether marks lie between."""
    place, marked = index + step, False
    while 0 <= place < len(pieces) and (not pieces[place] or is_mark(pieces[place])):
        marked = marked or bool(pieces[place])
        place += step
    return (pieces[place][0 if step > 0 else -1] if 0 <= place < len(pieces) else ""), marked


def _joins(left: str, right: str) -> bool:
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def _choices(table: Mapping[str, Mapping[str, float]]) -> Choices:
    return {char: (sum(read.values()), tuple(read), tuple(read.values())) for char, read in table.items()}


_MEASURED = tomllib.loads(TABLE.read_text(encoding="utf-8"))
_INSTEAD, _ADDED = _choices(_MEASURED["instead"]), _choices(_MEASURED["added"])
