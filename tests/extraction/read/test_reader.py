"""From bytes to the record, through the real reading process; OCR is a stand-in that counts its pages."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image

from extraction.errors import EmptyFile, FileTooLarge, NothingToRead, UnknownFormat
from extraction.read import Limits, Reader, read_document, reader_digest
from extraction.read.lines import Piece
from extraction.read.messages import Pixels
from tests import samples


class CountingOcr:
    """Finds one word in the middle of every page, or none."""

    def __init__(self, word: str = "SCANNED") -> None:
        self.word = word
        self.pages = 0

    def read(self, pixels: Pixels) -> tuple[Pixels, list[Piece]]:
        self.pages += 1
        middle = pixels.height / 2
        piece = Piece(self.word, 0, middle, pixels.width, middle + 10, 0.7)
        return pixels, [piece] if self.word else []


def test_a_document_is_a_record_with_pages_pictures_and_the_reader_s_digest() -> None:
    document = Reader(CountingOcr()).read(samples.invoice_pdf(2))
    assert (document.media_type, document.reader_digest) == ("application/pdf", reader_digest())
    assert [page.number for page in document.pages] == [1, 2]
    for page in document.pages:
        picture = Image.open(io.BytesIO(page.image_png))
        assert (picture.format, picture.size) == ("PNG", (page.width, page.height))
    assert document.pages[0].words[0].ocr_confidence is None


def test_ocr_sees_only_the_pages_that_have_no_text() -> None:
    ocr = CountingOcr()
    document = Reader(ocr).read(samples.mixed_pdf())
    assert ocr.pages == 1
    assert document.pages[1].text == "SCANNED"
    assert document.pages[1].words[0].ocr_confidence == 0.7


def test_the_same_bytes_give_the_same_record() -> None:
    reader = Reader(CountingOcr())
    assert reader.read(samples.invoice_pdf()) == reader.read(samples.invoice_pdf())


def test_a_mail_brings_its_attachments() -> None:
    document = Reader(CountingOcr()).read(samples.message_eml(), untrusted_name="../../x.eml")
    assert [attachment.untrusted_name for attachment in document.attachments] == ["invoice.pdf"]
    assert Reader(CountingOcr()).read(document.attachments[0].untrusted_content).media_type == "application/pdf"


@pytest.mark.parametrize("content", [samples.white_png(), samples.blank_pdf()], ids=["picture", "pdf"])
def test_a_document_without_a_word_is_nothing_to_read(content: bytes) -> None:
    with pytest.raises(NothingToRead):
        Reader(CountingOcr(word="")).read(content)


def test_a_file_over_the_limit_is_refused_before_anything_is_done() -> None:
    content = samples.invoice_pdf()
    with pytest.raises(FileTooLarge):
        Reader(CountingOcr()).read(content, limits=Limits(file_bytes=len(content) - 1))
    assert Reader(CountingOcr()).read(content, limits=Limits(file_bytes=len(content))).pages != ()


def test_pages_whose_pictures_take_too_much_room_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        Reader(CountingOcr()).read(samples.invoice_pdf(), limits=Limits(image_bytes_total=1_000))


@pytest.mark.parametrize(("content", "error"), [(b"", EmptyFile), (b"\x7fELF" + bytes(range(200)), UnknownFormat)])
def test_a_file_that_is_none_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        Reader(CountingOcr()).read(content)


def test_one_call_reads_a_document() -> None:
    assert read_document(samples.letter_txt()).flat_text.startswith("Northgate Clinic Laboratory report")


def test_the_reader_s_digest_is_a_sha256() -> None:
    assert len(bytes.fromhex(reader_digest())) == 32


def test_a_document_with_a_text_layer_does_not_load_the_ocr_engine() -> None:
    program = (
        "import sys; from extraction.read import read_document; from tests import samples;"
        "read_document(samples.invoice_pdf()); print('rapidocr' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
