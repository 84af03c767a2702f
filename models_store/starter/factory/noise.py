"""Reading errors: letter case and wrong characters, alike in the text and in the values marked in it."""

from __future__ import annotations

from random import Random

from models_store.starter.factory.draft import MARK_CHARACTERS

_CONFUSED = dict(zip("abeloiSOIB,.015mut", "o6c10l50l8.,OlSnvf", strict=True))


def recase(text: str, random: Random) -> str:
    """Upper case for a fifth of the documents. `ß` stays one character; marks have no case."""
    return text.replace("ß", "ss").upper() if random.random() < 0.2 else text


def misread(text: str, random: Random) -> str:
    """An eighth of the documents loses some characters to their look-alikes. Marks stay as they are."""
    if random.random() > 0.12:
        return text
    share = random.choice((0.02, 0.05, 0.1))
    confused = {c: _CONFUSED[c] for c in random.sample(sorted(_CONFUSED), 8)}
    parts = MARK_CHARACTERS.findall(text)
    return "".join(confused[p] if p in confused and random.random() < share else p for p in parts)
