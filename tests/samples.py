"""Small sample documents, made on the spot: for the tests, and to try the appliance with (`make demo-documents`).

Every maker is deterministic and gives the bytes of one file.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from email.message import EmailMessage

import docx
from docx.enum.text import WD_BREAK
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extraction.read.typeset import FONT

INVOICE_LINES = (("Steel hinges, 40 mm", "12", "3.50", "42.00"), ("Brass screws, box", "4", "7.25", "29.00"))
RECEIPT_LINES = (
    "CORNER BAKERY LTD",
    "12 MILL LANE, YORK YO1 7HU",
    "RECEIPT 004217",
    "DATE 14/03/2024 09:41",
    "2 X SOURDOUGH LOAF      8.40",
    "1 X APPLE TART          3.95",
    "TOTAL               GBP 12.35",
    "CASH                   20.00",
    "CHANGE                  7.65",
)
LETTER = """Northgate Clinic
Laboratory report  LR-88213
Patient  Ada Winter
Haemoglobin    13.9    g/dL
Glucose    5.1    mmol/L
"""


def _canvas(stream: io.BytesIO) -> Canvas:
    return Canvas(stream, pagesize=A4, invariant=1)


def invoice_pdf(pages: int = 1) -> bytes:
    """An invoice with a text layer: two addresses side by side, a table of line items, a total."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    for _ in range(pages):
        _draw_invoice(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_invoice(canvas: Canvas) -> None:
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(50, 780, "INVOICE")
    canvas.setFont("Helvetica", 10)
    left = ("Harbour Tools Ltd", "3 Quay Street", "Bristol BS1 4DJ")
    right = ("Bill to: Mason & Sons", "18 High Road", "Leeds LS2 8PA")
    for number, (ours, theirs) in enumerate(zip(left, right, strict=True)):
        canvas.drawString(50, 740 - 14 * number, ours)
        canvas.drawString(330, 740 - 14 * number, theirs)
    canvas.drawString(50, 680, "Invoice number: HT-2024-0117")
    canvas.drawString(330, 680, "Date: 4 March 2024")
    _draw_row(canvas, 640, ("Description", "Qty", "Price", "Amount"))
    for number, row in enumerate(INVOICE_LINES):
        _draw_row(canvas, 620 - 16 * number, row)
    _draw_row(canvas, 580, ("Total", "", "GBP", "71.00"))


def _draw_row(canvas: Canvas, y: float, cells: Sequence[str]) -> None:
    canvas.drawString(50, y, cells[0])
    for right, cell in zip((330, 420, 520), cells[1:], strict=True):
        canvas.drawRightString(right, y, cell)


def two_column_pdf() -> bytes:
    """Prose in two columns whose lines do not share baselines."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.setFont("Helvetica", 10)
    for column, (x, top) in enumerate(((50, 740), (310, 735))):
        for line in range(20):
            canvas.drawString(x, top - 14 * line, f"column {column} line {line:02} runs on with plain words here")
    canvas.save()
    return stream.getvalue()


def turned_pdf(degrees: int) -> bytes:
    """The invoice on a page that is turned when it is shown."""
    writer = PdfWriter(clone_from=io.BytesIO(invoice_pdf()))
    writer.pages[0].rotate(degrees)
    return _written(writer)


def sideways_pdf() -> bytes:
    """A page that is not turned, but all of its text runs upwards."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.rotate(90)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(100, -200, "Sideways table of contents")
    canvas.drawString(100, -220, "Chapter one  page 1")
    canvas.save()
    return stream.getvalue()


def form_pdf() -> bytes:
    """A form whose only answer stands in a filled field."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.drawString(50, 700, "Registration form of the harbour office")
    canvas.drawString(50, 660, "Name of vessel:")
    canvas.acroForm.textfield(name="vessel", value="Albatross", x=150, y=650, width=200, height=24)
    canvas.save()
    return stream.getvalue()


def mixed_pdf() -> bytes:
    """Two pages: one with a text layer, one that is a picture only."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    _draw_invoice(canvas)
    canvas.showPage()
    canvas.drawInlineImage(receipt_picture(), 40, 300, width=500, height=460)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def scanned_pdf() -> bytes:
    """One page that is a picture only."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.drawInlineImage(receipt_picture(), 40, 300, width=500, height=460)
    canvas.save()
    return stream.getvalue()


def blank_pdf() -> bytes:
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def encrypted_pdf(password: str = "secret") -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(invoice_pdf()))
    writer.encrypt(password, algorithm="AES-256")
    return _written(writer)


def owner_locked_pdf() -> bytes:
    """Encrypted, but anybody may open it: only changes need the password."""
    writer = PdfWriter(clone_from=io.BytesIO(invoice_pdf()))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    return _written(writer)


def active_pdf() -> bytes:
    """An invoice with a script, a file inside and an action on opening."""
    writer = PdfWriter(clone_from=io.BytesIO(invoice_pdf()))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello')")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("factur-x.xml", b"<xml/>")
    return _written(writer)


def broken_pdf() -> bytes:
    """Begins like a PDF and is none."""
    return b"%PDF-1.7\n" + b"this is where the objects should have been\n" * 40


def truncated_pdf() -> bytes:
    whole = invoice_pdf()
    return whole[: len(whole) // 3]


def zero_page_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_metadata({"/Title": "nothing"})
    return _written(writer)


def huge_page_pdf(points: int = 200_000) -> bytes:
    """A page so large that no picture of it could be held."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(points, points), invariant=1)
    canvas.drawString(100, 100, "a very large page with some words on it")
    canvas.save()
    return stream.getvalue()


def endless_pdf(shapes: int = 400_000) -> bytes:
    """A small file whose one page draws so many large shapes that drawing it takes minutes."""
    stream = io.BytesIO()
    canvas = _canvas(stream)
    canvas.drawString(100, 100, "a page that takes very long to draw")
    canvas.saveState()
    canvas.setFillAlpha(0.5)
    canvas._code.extend(["0 0 595 842 re 10 10 500 800 re f*"] * shapes)
    canvas.restoreState()
    canvas.setPageCompression(1)
    canvas.save()
    return stream.getvalue()


def _written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def receipt_picture(lines: Sequence[str] = RECEIPT_LINES) -> Image.Image:
    """A till receipt as a clean grey scan."""
    picture = Image.new("L", (760, 80 + 62 * len(lines)), 252)
    font = ImageFont.truetype(FONT, 36, layout_engine=ImageFont.Layout.BASIC)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((50, 40 + 62 * number), line, font=font, fill=30)
    return picture


def receipt_png(degrees: float = 0, lines: Sequence[str] = RECEIPT_LINES) -> bytes:
    """The receipt, turned counter-clockwise by any angle."""
    picture = receipt_picture(lines)
    if degrees:
        picture = picture.rotate(degrees, expand=True, fillcolor=252, resample=Image.Resampling.BICUBIC)
    return _saved(picture, "PNG")


def receipt_jpeg(orientation: int = 1) -> bytes:
    """The receipt as a camera stores it: as it was held, with the EXIF orientation (1 or 6) to set it upright."""
    picture = receipt_picture()
    exif = Image.Exif()
    exif[0x0112] = orientation
    if orientation == 6:
        picture = picture.rotate(90, expand=True)
    return _saved(picture, "JPEG", quality=90, exif=exif)


def receipt_tiff(pages: int = 2) -> bytes:
    """Several receipts in one file, as a fax machine or a scanner makes it: black and white."""
    pictures = [receipt_picture((*RECEIPT_LINES, f"COPY {number + 1}")).convert("1") for number in range(pages)]
    return _saved(pictures[0], "TIFF", save_all=True, append_images=pictures[1:], compression="group4")


def white_png() -> bytes:
    return _saved(Image.new("L", (600, 800), 255), "PNG")


def truncated_png() -> bytes:
    whole = receipt_png()
    return whole[: len(whole) // 2]


def bomb_png(side: int = 30_000) -> bytes:
    """A few kilobytes that claim to be a picture of `side` x `side` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def inverted_png() -> bytes:
    return _saved(ImageOps.invert(receipt_picture()), "PNG")


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format=form, **options)
    return stream.getvalue()


def letter_txt(encoding: str = "utf-8") -> bytes:
    return LETTER.encode(encoding)


def page_html() -> bytes:
    """A page with a script, a style, a remote picture, a table and nested markup."""
    return b"""<!doctype html><html><head><title>Order</title><style>p {color: red}</style></head>
<body><h1>Order <b>4711</b></h1><script>document.write('stolen')</script>
<p>Deliver to:<br>Mason &amp; Sons</p><img src="http://tracker.example/x.png">
<table><tr><th>Item</th><th>Qty</th><th>Price</th></tr><tr><td>Hinge</td><td>12</td><td>3.50</td></tr></table>
</body></html>"""


def contract_docx() -> bytes:
    """Paragraphs, a table with a merged cell, a header, a page break."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Strictly confidential"
    document.add_heading("Non-disclosure agreement", 1)
    document.add_paragraph("This agreement is made on 4 March 2024 between Harbour Tools Ltd and Mason & Sons.")
    table = document.add_table(rows=2, cols=3)
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "Parties"
    table.rows[0].cells[2].text = "Signed"
    for cell, text in zip(table.rows[1].cells, ("Harbour Tools Ltd", "Bristol", "yes"), strict=True):
        cell.text = text
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Governing law: England and Wales")
    return _docx_bytes(document)


def _docx_bytes(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def message_eml(attachments: Sequence[tuple[str, bytes]] | None = None, *, html: bool = False) -> bytes:
    """An e-mail; unless told otherwise with the PDF invoice attached."""
    message = EmailMessage()
    message["From"] = "Harbour Tools <billing@harbour.example>"
    message["To"] = "clerk@mason.example"
    message["Subject"] = "Your invoice HT-2024-0117"
    message["Date"] = "Mon, 04 Mar 2024 10:00:00 +0000"
    if html:
        message.set_content("<p>Please find our <b>invoice</b> attached.</p>", subtype="html")
    else:
        message.set_content("Please find our invoice attached.\n\nKind regards\nHarbour Tools\n")
    for name, content in [("invoice.pdf", invoice_pdf())] if attachments is None else attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
