"""The words of the pages for the browser, with their places in the document's flat text."""

from __future__ import annotations

from typing import Any

from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from extraction.windows import word_offsets


def words_of(document: Document) -> dict[str, list[list[Any]]]:
    """{"1": [[text, left, top, right, bottom, start, end], ...]}: page number to words in reading order."""
    read = load_read_document(document)
    pages: dict[str, list[list[Any]]] = {str(page.number): [] for page in read.pages}
    for (number, word), start in zip(read.words, word_offsets(read), strict=False):
        box = word.box
        place = [word.text, box.left, box.top, box.right, box.bottom, start, start + len(word.text)]
        pages[str(number)].append(place)
    return pages
