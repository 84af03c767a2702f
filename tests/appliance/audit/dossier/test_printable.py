from __future__ import annotations

import io

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from appliance.audit.dossier.pdf.printable import MOST_CHARACTERS, printable
from appliance.audit.dossier.pdf.sheet import Sheet

LATIN = range(32, 383)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hofmann & Söhne <b>", "Hofmann & Söhne <b>"),
        ("a\tb\nc", "a b c"),
        ("no 中文 here", "no ‹U+4E2D U+6587› here"),
        ("\u202eevil", "‹U+202E›evil"),
        ("שלום", "‹U+05E9 U+05DC U+05D5 U+05DD›"),
        ("e\u0301", "e‹U+0301›"),
        ("\x00", "‹U+0000›"),
        ("x" * 45, "x" * 45),
        ("中" * 42, f"‹{' '.join(['U+4E2D'] * 40)} and 2 more›"),
        ("y" * 601, f"{'y' * 600} … (1 more characters)"),
    ],
)
def test_what_the_font_does_not_show_faithfully_stands_as_code_points(text: str, said: str) -> None:
    assert printable(text, LATIN) == said


def test_letters_that_run_from_right_to_left_are_not_drawn_even_where_the_font_has_them() -> None:
    assert printable("ب", {ord("ب")}) == "‹U+0628›"


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return found


@given(st.text(max_size=200))
def test_any_text_can_be_drawn(text: str) -> None:
    sheet = Sheet(title="t", footer="f")
    sheet.fact("Label", text)
    sheet.text(text, indent=10)

    assert sheet.close().startswith(b"%PDF-")


def test_markup_in_a_text_is_drawn_as_it_stands() -> None:
    sheet = Sheet(title="t", footer="f")
    sheet.fact("Value", '<font color="red">&amp;</font><a href="file:///etc/passwd">x</a>')

    (page,) = text_of(sheet.close())
    assert '<font color="red">&amp;</font>' in page


def test_long_text_goes_over_to_further_pages_and_is_cut_with_its_rest_counted() -> None:
    sheet = Sheet(title="t", footer="foot")
    for number in range(200):
        sheet.fact(f"Field {number}", "word " * 40)
    sheet.text("z" * (MOST_CHARACTERS + 7))
    pages = text_of(sheet.close())

    assert len(pages) > 3
    assert all("foot" in page and f"page {number}" in page for number, page in enumerate(pages, start=1))
    assert "(7 more characters)" in pages[-1]
    assert "Field 199" in "".join(pages)


def test_sheets_that_are_drawn_at_the_same_time_keep_their_letters_apart() -> None:
    one, other = Sheet(title="1", footer="f"), Sheet(title="2", footer="f")
    for number in range(30):
        one.text("abcdefghij"[number % 10] * 5 + "ÄΩЖ")
        other.text("klmnopqrst"[number % 10] * 5 + "ЮψÖ")
        Sheet(title="3", footer="f").close()

    assert "jjjjjÄΩЖ" in text_of(one.close())[0]
    assert "tttttЮψÖ" in text_of(other.close())[0]


@pytest.mark.parametrize("size", [(1, 1), (4000, 3), (3, 4000), (1200, 800)])
def test_picture_of_any_shape_fits(size: tuple[int, int]) -> None:
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, "PNG")
    sheet = Sheet(title="t", footer="f")
    for _ in range(12):
        sheet.picture(stream.getvalue())

    assert len(text_of(sheet.close())) >= 1
