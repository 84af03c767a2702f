"""What reading remarked on a document, in sentences for the clerk.

A finding is a code, some with what they are about behind it: page_unreadable:NUMBER:CODE, attachment_refused:CODE.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.errors import StrongroomError, error_codes

PAGE_UNREADABLE, ATTACHMENT_REFUSED = "page_unreadable", "attachment_refused"
SHOWN_NUMBERS = 12
SERIOUS = {
    "attachments_left_out": "Some attachments were left out because there are too many.",
    "attachments_nested_too_deep": "E-mails were packed into one another too often; the innermost were left out.",
    "words_left_out": "A page holds more words than this appliance reads; the last ones were left out.",
}
MILD = {
    "embedded_files_ignored": "Files inside of this document were not opened.",
    "javascript_ignored": "A script in this document was not run.",
    "launch_action_ignored": "This document asked to open something else; that was not done.",
    "page_drawn_smaller": "A page was drawn smaller than it is.",
    "remote_content_ignored": "Pictures from other places were not fetched.",
    "scripts_ignored": "Scripts or macros in this document were not run.",
    "structure_unreadable": "Parts of this file are damaged; its pages were read all the same.",
    "xfa_ignored": "This document holds a form of an old kind (XFA), which is not read.",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """`is_serious`: something that is in the file may be missing here."""

    sentence: str
    is_serious: bool


def remarks_of(findings: Sequence[str]) -> tuple[Remark, ...]:
    """The serious ones first. Codes that nobody knows any more are left out."""
    plain = [code for code in findings if ":" not in code]
    serious = [*_pages(findings), *_attachments(findings), *(SERIOUS[code] for code in plain if code in SERIOUS)]
    mild = [MILD[code] for code in plain if code in MILD]
    return (*(Remark(one, True) for one in serious), *(Remark(one, False) for one in mild))


def _pages(findings: Sequence[str]) -> list[str]:
    by_code: dict[str, list[str]] = defaultdict(list)
    for _, number, code in (told.split(":") for told in findings if told.startswith(f"{PAGE_UNREADABLE}:")):
        by_code[code].append(number)
    return [f"{_named(numbers)} could not be read. {_sentence(code)}" for code, numbers in by_code.items()]


def _named(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    shown = ", ".join(numbers[:SHOWN_NUMBERS])
    rest = len(numbers) - SHOWN_NUMBERS
    return f"Pages {shown}" + (f" and {rest} more" if rest > 0 else "")


def _attachments(findings: Sequence[str]) -> list[str]:
    codes = [told.partition(":")[2] for told in findings if told.startswith(f"{ATTACHMENT_REFUSED}:")]
    return [f"An attachment was not taken in. {_sentence(code)}" for code in codes]


def _sentence(code: str) -> str:
    return error_codes().get(code, StrongroomError).sentence
