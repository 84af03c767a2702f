"""No cell of a file that leaves the box begins like a formula, whatever stands in documents, names and types."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.documents.export_formats import FORMATS, FinishedDocument
from appliance.review.queries import CurrentValue
from appliance.review.queries import Status as ValueStatus
from appliance.spreadsheets import harmless
from extraction.schema import Kind
from tests.security.payloads import NUMBERS, PLAIN, SECOND_CELLS, formulas

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def runs(cell: str) -> bool:
    """Written anew, so that it does not repeat a mistake of the product: what a careful person would call a formula."""
    if re.fullmatch(r"-?\d[\d.,']*%?", cell):
        return False
    plain = unicodedata.normalize("NFKC", cell)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    if plain.startswith("'"):
        return False
    return plain.lstrip(' \t\r\n"\u00a0')[:1] in tuple("=+-@|%") and bool(plain.strip())


def documents(*texts: str) -> list[FinishedDocument]:
    """One for each text, which stands wherever somebody else chooses the words."""
    return [document(text) for text in texts]


def document(text: str) -> FinishedDocument:
    value = CurrentValue(
        ("company",), Kind.TEXT, text, text, False, raw=text, normal=text, rule=text,
        status=ValueStatus.UNCHECKED, decided_by=text,
    )  # fmt: skip
    return FinishedDocument("1", text, text, {"file": text, "type": text}, {"model": "m"}, (value,))


def all_cells(content: bytes, delimiter: str) -> Iterator[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    return (cell for row in rows for cell in row)


def xlsx_texts(content: bytes) -> Iterator[tuple[str, bool]]:
    """(text, whether its style says that it is a text) of every cell that holds one."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = ["".join(si.itertext()) for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        styles = ElementTree.fromstring(book.read("xl/styles.xml")).find(f"{SHEET}cellXfs")
        assert styles is not None
        quoted = [style.get("quotePrefix") == "1" for style in styles]
        for name in (name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            sheet = ElementTree.fromstring(book.read(name))
            assert not list(sheet.iter(f"{SHEET}f")), "a formula"
            for cell in sheet.iter(f"{SHEET}c"):
                value = cell.find(f"{SHEET}v")
                if cell.get("t") == "s" and value is not None:
                    yield strings[int(value.text or "")], quoted[int(cell.get("s", "0"))]


def test_there_are_enough_payloads_and_each_would_run() -> None:
    assert len(set(formulas())) >= 200
    assert all(runs(cell) for cell in formulas() if not cell.startswith("'"))
    assert not [cell for cell in (*NUMBERS, *PLAIN) if runs(cell)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_no_cell_of_a_csv_runs(delimiter: str) -> None:
    content = FORMATS["csv"][0](documents(*formulas(), *SECOND_CELLS))
    assert [cell for cell in all_cells(content, delimiter) if runs(cell)] == []


def test_no_cell_of_an_xlsx_runs() -> None:
    cells = list(xlsx_texts(FORMATS["xlsx"][0](documents(*formulas()))))
    assert {text.strip() for text in formulas()} <= {shown.strip() for shown, _ in cells}, "control: all are there"
    assert [shown for shown, is_text in cells if runs(shown) and not is_text] == []


def test_json_says_what_was_printed() -> None:
    told = json.loads(FORMATS["json"][0](documents(*formulas())))["documents"]
    assert [(one["file"], one["fields"][0]["raw"]) for one in told] == [(text, text) for text in formulas()]


@pytest.mark.parametrize("cell", [*NUMBERS, *PLAIN])
def test_numbers_and_plain_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_negative_amount_is_a_number_in_a_sheet() -> None:
    value = CurrentValue(("total",), Kind.AMOUNT, "Total", "Total", False, raw="-12,50", normal="-12.50")
    finished = FinishedDocument("1", "a.pdf", "receipt", {}, {}, (value,))
    with zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"][0]([finished]))) as book:
        assert b"<v>-12.5</v>" in book.read("xl/worksheets/sheet1.xml")
    assert b",-12.50," in FORMATS["csv"][0]([finished])


@given(st.text())
def test_no_text_at_all_runs_or_loses_its_letters(text: str) -> None:
    cell = harmless(text)
    assert not runs(cell)
    assert cell.replace("'", "") == text.replace("'", "")


def test_control_a_writer_that_trusts_its_cells_is_caught() -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([cell] for cell in formulas())
    found = [cell for cell in all_cells(stream.getvalue().encode(), ",") if runs(cell)]
    assert len(found) >= 0.9 * len(formulas())
