"""Cells that a spreadsheet shows and never runs, for every table that leaves the box."""

from __future__ import annotations

import re
import unicodedata

_STARTS = frozenset("=+-@\t\r\n|%")
_QUOTES = frozenset("\"'`\u00b4\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb")
_NUMBER = re.compile(r"-?[0-9]+([.,'][0-9]+)*%?")
_PIECE = re.compile(r"[^;\t\r\n]+")
"""What a spreadsheet that parts cells at another mark than the comma would see as one."""


def harmless(text: str) -> str:
    """Text that could be taken for a formula gets an apostrophe before it; plain numbers stay numbers."""
    safe = _PIECE.sub(lambda piece: f"'{piece[0]}" if may_run(piece[0]) else piece[0], text)
    return f"'{safe}" if may_run(text) and not safe.startswith("'") else safe


def may_run(text: str) -> bool:
    """Whether some spreadsheet may take `text` for a formula: also behind blanks, quotes and marks that nobody sees,
    and in the wide forms that it turns into the plain ones."""
    if _NUMBER.fullmatch(text):
        return False
    for letter in text:
        if unicodedata.normalize("NFKC", letter)[0] in _STARTS:
            return True
        if not (letter.isspace() or letter in _QUOTES or unicodedata.category(letter) in ("Cc", "Cf")):
            return False
    return False
