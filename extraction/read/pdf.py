"""PDF: words with boxes and page pictures from PDFium (so that they agree), the structure from pypdf.

A page whose text layer is missing, negligible or garbage is given back as pixels only, for OCR; page by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from extraction.errors import BrokenFile, PageTooLarge, PasswordNeeded, ReadingError, TooManyPages
from extraction.read.layout import arrange
from extraction.read.limits import Limits
from extraction.read.messages import Opened, ParsedPage, Pixels, UnreadablePage
from extraction.read.pdf_structure import find_remarks
from extraction.read.pdf_text import page_pieces, reading_rotation, worth_reading
from extraction.read.picture import pixels_of

POINTS_PER_INCH = 72
TEXT_DPI = 150
OCR_DPI = 200
LEAST_DPI = 36


@dataclass(frozen=True)
class Drawing:
    """How a page is drawn: its size in pixels and the quarter turns (clockwise) that set its text upright."""

    width: int
    height: int
    turns: int


def open_pdf(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises PasswordNeeded, BrokenFile or TooManyPages; a page that cannot be read is given up by itself."""
    try:
        document = pypdfium2.PdfDocument(untrusted_content)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error) from error
    count = len(document)
    if count == 0:
        raise BrokenFile
    if count > limits.pages:
        raise TooManyPages
    findings = find_remarks(untrusted_content)
    numbers = range(limits.first_page - 1, count)
    return Opened("application/pdf", len(numbers), _pages(document, numbers, limits, findings), findings)


def _refusal(error: pypdfium2.PdfiumError) -> ReadingError:
    if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return PasswordNeeded()
    return BrokenFile()


def _pages(
    document: pypdfium2.PdfDocument, numbers: range, limits: Limits, findings: list[str]
) -> Iterator[ParsedPage | UnreadablePage]:
    for number in numbers:
        try:
            page = _open_page(document, number)
            yield _read_page(page, limits, findings)
            page.close()
        except (BrokenFile, PageTooLarge) as error:
            yield UnreadablePage(error.code)
        except pypdfium2.PdfiumError:
            yield UnreadablePage(BrokenFile.code)


def _open_page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """The page with its annotations and filled form fields made part of it, so that their text is read too."""
    page = document[number]
    if pdfium.FPDFPage_GetAnnotCount(page) < 1:
        return page
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]


def _read_page(page: pypdfium2.PdfPage, limits: Limits, findings: list[str]) -> ParsedPage:
    text = page.get_textpage()
    drawing = _drawing(page, TEXT_DPI, reading_rotation(text, page.get_rotation() // 90), limits)
    pieces = page_pieces(page, text, (drawing.width, drawing.height, drawing.turns))
    if not worth_reading(pieces):
        return ParsedPage(_draw(page, _drawing(page, OCR_DPI, 0, limits)), None)
    if len(pieces) > limits.words_per_page:
        findings.append("words_left_out")
        pieces = pieces[: limits.words_per_page]
    words = arrange(pieces, width=drawing.width, height=drawing.height)
    return ParsedPage(_draw(page, drawing), words)


def _drawing(page: pypdfium2.PdfPage, dpi: int, turns: int, limits: Limits) -> Drawing:
    """Pixels of the page at `dpi`, less where it would not fit the limits. Raises PageTooLarge, BrokenFile."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise BrokenFile
    if turns % 2:
        width, height = height, width
    most = min(limits.page_pixels, limits.stored_page_pixels)
    scale = min(dpi / POINTS_PER_INCH, (most / (width * height)) ** 0.5, limits.page_side / max(width, height))
    if scale * POINTS_PER_INCH < LEAST_DPI:
        raise PageTooLarge
    return Drawing(max(int(width * scale), 1), max(int(height * scale), 1), turns)


def _draw(page: pypdfium2.PdfPage, drawing: Drawing) -> Pixels:
    bitmap = pypdfium2.PdfBitmap.new_native(drawing.width, drawing.height, pdfium.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, drawing.width, drawing.height)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, drawing.width, drawing.height, drawing.turns, flags)
    return pixels_of(bitmap.to_pil())
