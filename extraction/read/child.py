"""The reading process: started anew for each document, parses it, says what it found on its standard output, ends.

    python -m extraction.read.child KIND LIMITS   (the document stands on the standard input)

Only this process lets a parser see the document. It imports a parser when it needs one, so that it starts quickly.
Before that it shuts itself in and says which walls stand; with a needed one missing it ends without reading.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import BinaryIO, Protocol

from extraction.errors import ReaderCrashed, ReadingError, SandboxMissing, TooManyPages, UnknownFormat
from extraction.read.confine import confine
from extraction.read.limits import Limits
from extraction.read.messages import Opened, page_message, write_message
from extraction.read.sandbox.protections import NEEDED


class OpenFormat(Protocol):
    def __call__(self, untrusted_content: bytes, limits: Limits) -> Opened: ...


MODULES = {"pdf", "image", "html", "docx", "mail", "text"}


def opener_of(kind: str) -> OpenFormat:
    """The parser of a kind: `open_<kind>` of the module with its name, imported only now."""
    if kind not in MODULES:
        raise UnknownFormat
    opener: OpenFormat = getattr(import_module(f"extraction.read.{kind}"), f"open_{kind}")
    return opener


def tell(output: BinaryIO, opened: Opened, limits: Limits) -> None:
    """Write the whole document as messages."""
    if opened.page_count > limits.pages:
        raise TooManyPages
    write_message(output, {"kind": "start", "media_type": opened.media_type, "pages": opened.page_count})
    for page in opened.pages:
        write_message(output, *page_message(page))
    for attachment in opened.attachments:
        header = {"kind": "attachment", "name": attachment.untrusted_name}
        write_message(output, header, attachment.untrusted_content)
    write_message(output, {"kind": "end", "findings": sorted(set(opened.findings))})


def main(arguments: list[str]) -> int:
    kind, limits = arguments[0], Limits.from_json(arguments[1])
    standing = confine(limits)
    output = _take_standard_output()
    write_message(output, {"kind": "confined", "protections": sorted(standing)})
    try:
        if not standing >= NEEDED:
            raise SandboxMissing
        untrusted_content = sys.stdin.buffer.read()
        tell(output, opener_of(kind)(untrusted_content, limits), limits)
    except ReadingError as error:
        write_message(output, {"kind": "refused", "code": error.code})
    except Exception:  # noqa: BLE001  a parser may fail in any way; only the code may cross the boundary
        write_message(output, {"kind": "refused", "code": ReaderCrashed.code})
    return 0


def _take_standard_output() -> BinaryIO:
    """Keep the pipe for messages alone: whatever a library prints goes to the standard error."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
