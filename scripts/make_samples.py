"""Makes the sample documents that the first start uploads: samples/TYPE-NUMBER.SUFFIX. Run it after changing them here.

All people, companies and numbers are invented; the IBAN is the one that its registry prints as an example.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

import docx
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

REPOSITORY = Path(__file__).resolve().parent.parent
FONT = REPOSITORY / "extraction" / "read" / "fonts" / "DejaVuSansMono.ttf"
STYLES = getSampleStyleSheet()
BLUE = colors.HexColor("#1a4f7a")

RECEIPT = """\
      GREENFIELD GROCERS LTD
    27 MARKET STREET, LEEDS LS1 6DT
       VAT NO: GB 123 4567 82

RECEIPT NO: 0048213
DATE: 18/05/2026        TIME: 17:42
CASHIER: MARTA

2 X OAT MILK 1L             3.80
1 X SOURDOUGH LOAF          3.25
6 X FREE RANGE EGGS         2.10
1 X OLIVE OIL 500ML         6.75
1 X DARK CHOCOLATE          1.90
--------------------------------
TOTAL                 GBP  17.80
VAT INCLUDED               0.32
VISA                      17.80

      THANK YOU FOR SHOPPING
"""
SECOND_RECEIPT = """\
        PETIT CAFE CENTRAL
    4 Rue de la Gare, 1020 Renens

Ticket No. 7731
Date 02.06.2026   12:58

Croissant            2    5.60
Cafe creme           2    9.00
Jus d'orange         1    6.50
                     ---------
Total            CHF     21.10
Especes                  50.00
Rendu                    28.90
"""
CLAUSES = """\
This Non-Disclosure Agreement is made on 9 February 2026 between Harbour Analytics Ltd ("the Disclosing Party") and \
Mason & Sons Engineering ("the Receiving Party").
1. The Receiving Party shall keep all Confidential Information secret and shall use it only to assess a possible \
cooperation between the parties.
2. Confidential Information does not include information that is or becomes public without a breach of this Agreement.
3. This Agreement remains in force for a term of three years from the date above and expires on 8 February 2029.
4. Either party may terminate this Agreement by giving 60 days' written notice to the other party.
5. This Agreement is governed by the laws of England and Wales.
Signed for the Disclosing Party: Helen Ward     Signed for the Receiving Party: Tom Mason
"""
SUMMARY = """\
ST. BRIDGET'S HOSPITAL                                   DISCHARGE SUMMARY

Patient name: Edith Larsen                Date of birth: 14/09/1951
MRN: 4471-902                             Sex: Female
Date of admission: 03/04/2026             Date of discharge: 09/04/2026
Attending physician: Dr. Samuel Okoro

Primary diagnosis: Community-acquired pneumonia, right lower lobe

Course: The patient was admitted with fever, cough and shortness of breath.
She was treated with intravenous antibiotics for three days and recovered
without complications. Blood cultures stayed negative.

Medications on discharge:
  Amoxicillin 500 mg three times daily
  Ramipril 5 mg once daily
Allergies: Sulfonamides
Follow-up: Chest X-ray and clinic visit in six weeks
"""


def main() -> None:
    folder = REPOSITORY / "samples"
    folder.mkdir(exist_ok=True)
    for name, make in FILES.items():
        content = make()
        (folder / name).write_bytes(content)
        print(f"samples/{name}: {len(content)} bytes")


def invoice() -> bytes:
    lines = [
        ("Description", "Qty", "Unit price", "Amount"),
        ("Steel shelf, 200 x 90 cm", "4", "86.50", "346.00"),
        ("Mounting kit", "4", "12.25", "49.00"),
        ("Delivery and assembly", "1", "105.00", "105.00"),
    ]
    totals = [("Net total", "500.00"), ("VAT 20 %", "100.00"), ("Total due EUR", "600.00")]
    head = [
        ("Invoice number: NF-2026-0417", "Bill to:"),
        ("Invoice date: 12 March 2026", "Calder Public Library"),
        ("Due date: 11 April 2026", "9 Station Road, Halifax HX1 1UP"),
    ]
    return _pdf(
        Paragraph("Northfield Furniture GmbH", STYLES["Title"]),
        Paragraph("Lindenallee 14, 50668 Köln, Germany · VAT ID: DE136695976", STYLES["Normal"]),
        Spacer(1, 18),
        Paragraph("INVOICE", STYLES["Heading1"]),
        Table(head, colWidths=(250, 220), hAlign="LEFT"),
        Spacer(1, 18),
        _grid(lines, widths=(250, 50, 80, 90)),
        Table(totals, colWidths=(380, 90), hAlign="LEFT", style=[("ALIGN", (1, 0), (1, -1), "RIGHT")]),
        Spacer(1, 24),
        Paragraph("Please pay to IBAN: DE89 3704 0044 0532 0130 00", STYLES["Normal"]),
    )


def lab_report() -> bytes:
    head = [
        ("Patient name: Jonas Weber", "Date of birth: 22.07.1968"),
        ("Patient ID: P-118204", "Physician: Dr. Ana Costa"),
        ("Collected: 05.05.2026", "Reported: 06.05.2026"),
    ]
    results = [
        ("Test", "Result", "Unit", "Reference range", "Flag"),
        ("Haemoglobin", "12.1", "g/dL", "13.5 - 17.5", "L"),
        ("Leucocytes", "7.4", "10^9/L", "4.0 - 10.0", ""),
        ("Creatinine", "1.6", "mg/dL", "0.7 - 1.3", "H"),
        ("Potassium", "4.2", "mmol/L", "3.5 - 5.1", ""),
    ]
    return _pdf(
        Paragraph("Lakeside Diagnostics Laboratory", STYLES["Title"]),
        Paragraph("LABORATORY REPORT", STYLES["Heading2"]),
        Table(head, colWidths=(250, 220), hAlign="LEFT"),
        Spacer(1, 18),
        _grid(results, widths=(150, 70, 80, 110, 60)),
    )


def contract() -> bytes:
    document = docx.Document()
    document.add_heading("NON-DISCLOSURE AGREEMENT", level=1)
    for clause in CLAUSES.splitlines():
        document.add_paragraph(clause)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def receipt() -> bytes:
    return _scan(RECEIPT, degrees=0.0, form="JPEG")


def skewed_receipt() -> bytes:
    return _scan(SECOND_RECEIPT, degrees=2.5, form="PNG")


def _scan(text: str, *, degrees: float, form: str) -> bytes:
    """The text as a till prints it and a scanner sees it: grey paper, some specks, a little blur."""
    rows = text.splitlines()
    picture = Image.new("L", (34 * 22 + 120, 46 * len(rows) + 120), 244)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT), 34)
    for number, row in enumerate(rows):
        draw.text((60, 60 + 46 * number), row, font=font, fill=44)
    specks = random.Random(7)  # noqa: S311 -- dust on the glass, the same each time
    for _ in range(400):
        place = (specks.randrange(picture.width), specks.randrange(picture.height))
        picture.putpixel(place, specks.randrange(120, 230))
    picture = picture.rotate(degrees, expand=True, fillcolor=250, resample=Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(0.7))
    stream = io.BytesIO()
    picture.save(stream, form, **({"quality": 80} if form == "JPEG" else {"optimize": True}))
    return stream.getvalue()


def _pdf(*parts: Flowable) -> bytes:
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, title="Sample", invariant=1, topMargin=56).build(list(parts))
    return stream.getvalue()


def _grid(rows: list[tuple[str, ...]], *, widths: tuple[int, ...]) -> Table:
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), BLUE),
            ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.lightgrey),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ]
    )
    return Table(rows, colWidths=widths, style=style, hAlign="LEFT")


FILES = {
    "invoice-1.pdf": invoice,
    "receipt-1.jpg": receipt,
    "receipt-2.png": skewed_receipt,
    "contract-1.docx": contract,
    "lab_report-1.pdf": lab_report,
    "discharge_summary-1.txt": SUMMARY.encode,
}


if __name__ == "__main__":
    main()
