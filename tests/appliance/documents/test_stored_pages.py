from __future__ import annotations

import pytest

from appliance.accounts.models import Person
from appliance.documents import blobs
from appliance.documents.stored_pages import compact, expand, load_read_document, storable
from extraction.records import Box, Word
from tests.appliance.documents import made


def test_word_survives_the_compact_form() -> None:
    word = Word("Total", Box(0.1, 0.2, 0.30001, 0.4), 3, gap=True, ocr_confidence=0.87)

    assert compact(word) == ["Total", 0.1, 0.2, 0.30001, 0.4, 3, 1, 0.87]
    assert expand(compact(word)) == word


def test_compact_rounds_to_a_hundredth_of_a_pixel() -> None:
    assert compact(Word("x", Box(1 / 3, 0, 1, 1), 0))[1] == 0.33333


@pytest.mark.parametrize(("untrusted", "stored"), [("a\x00b", "a\ufffdb"), ("a\ud800b", "a\ufffdb"), ("€ 😀", "€ 😀")])
def test_storable_text_is_what_the_database_can_hold(untrusted: str, stored: str) -> None:
    assert storable(untrusted) == stored


def test_stored_document_is_read_back_as_it_was(clara: Person) -> None:
    document = made.read(clara)

    assert load_read_document(document) == made.read_result()
    assert blobs.get(document.pages.get().image_sha256, document_id=document.pk) == made.png()
