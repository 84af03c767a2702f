"""DOCX as text: paragraphs and tables in their order, headers before, footers after. Macros and objects stay shut."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from extraction.errors import BrokenFile, FileTooLarge, PasswordNeeded
from extraction.read.limits import Limits
from extraction.read.messages import Opened
from extraction.read.typeset import FORM_FEED, table_lines, typeset

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DAMAGED = (
    OpcError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    KeyError,
    ValueError,
    OSError,
    SyntaxError,
    AttributeError,
)
PAGE_BREAK = f'.//{qn("w:br")}[@{qn("w:type")}="page"]'


def open_docx(untrusted_content: bytes, limits: Limits) -> Opened:
    """Raises FileTooLarge for an archive bomb, BrokenFile, PasswordNeeded, or TooManyPages."""
    findings = check_archive(untrusted_content, limits)
    try:
        lines = list(_document_lines(docx.Document(io.BytesIO(untrusted_content))))
    except DAMAGED as error:
        raise BrokenFile from error
    count, pages = typeset(lines, limits)
    return Opened(MEDIA_TYPE, count, pages, findings)


def check_archive(untrusted_content: bytes, limits: Limits) -> list[str]:
    """Look at the archive's table before anything is unpacked; codes of what will be left aside."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(untrusted_content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BrokenFile from error
    if len(entries) > limits.archive_entries or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise FileTooLarge
    for entry in entries:
        _check_entry(entry, limits)
    names = {entry.filename for entry in entries}
    findings = []
    if any(name.endswith("vbaProject.bin") for name in names):
        findings.append("scripts_ignored")
    if any("/embeddings/" in name for name in names):
        findings.append("embedded_files_ignored")
    return findings


def _check_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & 1:
        raise PasswordNeeded
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise BrokenFile
    # Small parts of plain XML shrink well; only what grows large counts as a bomb.
    if entry.file_size > 1 << 20 and entry.file_size > limits.archive_ratio * max(entry.compress_size, 1):
        raise FileTooLarge


def _document_lines(document: Document) -> Iterator[str]:
    section = document.sections[0] if document.sections else None
    if section is not None:
        yield from _block_lines(section.header.iter_inner_content())
    yield from _block_lines(document.iter_inner_content())
    if section is not None:
        yield from _block_lines(section.footer.iter_inner_content())


def _block_lines(blocks: Iterable[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield from table_lines([_row_cells(row.cells) for row in block.rows])
        else:
            yield from _paragraph_lines(block)


def _paragraph_lines(paragraph: Paragraph) -> Iterator[str]:
    text = paragraph.text.replace("\t", "   ")
    new_page = paragraph._p.find(PAGE_BREAK) is not None
    for number, line in enumerate(text.split("\n")):
        yield FORM_FEED + line if new_page and number == 0 else line


def _row_cells(cells: Iterable[_Cell]) -> list[str]:
    """The texts of a row; a merged cell comes once although it is listed for every column it covers."""
    texts = []
    last = None
    for cell in cells:
        if cell._tc is not last:
            texts.append(" ".join(line for line in _block_lines(cell.iter_inner_content()) if line))
        last = cell._tc
    return texts
