"""Every kind of the format has words, and no word is for a kind that the format does not know."""

from __future__ import annotations

import re

from django.conf import settings

from appliance.audit.checking.words import KINDS, UNKNOWN, finding


def kinds_of_the_format(text: str) -> set[str]:
    table = text[text.index("| kind | what was found") :]
    first_cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return {kind for cell in first_cells for kind in re.findall(r"`(\w+)`", cell)}


def test_every_kind_of_the_format_has_words():
    text = (settings.BASE_DIR / "docs" / "audit-format.md").read_text(encoding="utf-8")

    assert kinds_of_the_format(text) == set(KINDS)


def test_control_a_kind_without_words_is_seen():
    text = "| kind | what was found |\n| --- | --- |\n| `fork`, `spoon` | something |\n"

    assert kinds_of_the_format(text) == {"fork", "spoon"}


def test_an_unknown_kind_is_not_silent():
    assert finding("spoon") is UNKNOWN
    assert UNKNOWN.sentence
