"""The reading process with a parser that trusts its library: it asks an old pypdf for what is known to hurt it.

    python -m bench.hostile.careless FOLDER ASKED KIND LIMITS

It is the product's child otherwise, with all its walls. ASKED is an expression over `reader`.
"""

from __future__ import annotations

import io
import sys

from extraction.read import child


def main() -> int:
    folder, asked, *rest = sys.argv[1:]
    sys.path.insert(0, folder)
    opener_of = child.opener_of

    def careless_opener_of(kind: str) -> child.OpenFormat:
        opener = opener_of(kind)
        from pypdf import PdfReader

        from extraction.read import pdf

        def find_remarks(untrusted_content: bytes) -> list[str]:
            reader = PdfReader(io.BytesIO(untrusted_content))
            eval(asked, {"reader": reader, "len": len})  # noqa: S307  a word of the bench's own table
            return []

        pdf.find_remarks = find_remarks  # type: ignore[attr-defined]
        return opener

    child.opener_of = careless_opener_of
    return child.main(rest)


if __name__ == "__main__":
    sys.exit(main())
