"""Files that are two things at once, or another thing than their name says."""

from __future__ import annotations

import io
import zipfile

from tests import samples
from tests.hostile.archives import contract
from tests.hostile.kinds import READ, kind
from tests.hostile.raw_pdf import FREE, document, stream, written


def pdf_and_zip(number: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml", (2024, 3, 4, 0, 0, 0)), b"<x/>" * (number + 1))
    return written(document(number)) + packed.getvalue()


def pdf_and_page(number: int) -> bytes:
    """A web page that holds a PDF, or a PDF that holds a web page."""
    html = b"<html><body><script>alert(%d)</script></body></html>" % number
    if number % 2:
        return written(document(number), start=b"<!doctype html><!-- %PDF-1.7\n") + b"-->" + html
    return written(document(number, {FREE: stream(html)})) + html


def pdf_after_noise(number: int) -> bytes:
    """The mark of a PDF comes late, within the first kilobyte or behind it."""
    return written(document(number), start=b"x" * (90 * (number + 1)) + b"\n%PDF-1.7\n")


def picture_and_zip(number: int) -> bytes:
    return samples.receipt_png() + contract() + bytes([number])


def picture_and_script(number: int) -> bytes:
    return samples.receipt_jpeg() + b"<script>alert(%d)</script><?php system($_GET['c']); ?>" % number


def program_in_disguise(number: int) -> bytes:
    """A program under the name of a document."""
    start = (
        b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0",
        b"\x7fELF\2\1\1\0",
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"\0asm\1\0\0\0",
    )
    return start[number % 4] + bytes(range(256)) * (8 + number)


def script_in_disguise(number: int) -> bytes:
    return (
        (
            b"#!/bin/sh\nrm -rf / # %d\n",
            b"<?php system('%d'); ?>\n",
            b"@echo off\r\ndel %d\r\n",
            b"import os\nos.system('%d')\n",
        )[number % 4]
        % number
        * 20
    )


KINDS = (
    kind(pdf_and_zip, ".pdf", READ),
    kind(pdf_and_page, ".pdf", READ, "broken_file"),
    kind(pdf_after_noise, ".pdf", READ, "broken_file", "unknown_format"),
    kind(picture_and_zip, ".png", READ),
    kind(picture_and_script, ".jpg", READ),
    kind(program_in_disguise, ".pdf", "unknown_format"),
    kind(script_in_disguise, ".docx", READ, "unknown_format"),
)
