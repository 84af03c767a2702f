"""Every way in which a document can be refused.

    StrongroomError
    ├── ReadingError                 the file cannot be read
    │   ├── EmptyFile                empty_file
    │   ├── UnknownFormat            unknown_format
    │   ├── BrokenFile               broken_file
    │   ├── PasswordNeeded           password_needed
    │   ├── FileTooLarge             file_too_large
    │   ├── TooManyPages             too_many_pages
    │   ├── PageTooLarge             page_too_large
    │   ├── NothingToRead            nothing_to_read
    │   ├── ReadingTimeout           reading_timeout
    │   ├── ReaderCrashed            reader_crashed
    │   └── SandboxMissing           sandbox_missing
    └── ExtractionError              the model cannot be asked
        ├── SchemaError              bad_schema
        │   └── SchemaTooCostly      schema_too_costly
        ├── LabelsError              bad_labels
        ├── ModelUnavailable         model_unavailable
        └── DecodingFailed           decoding_failed

`code` is stable and goes into records and the API; `sentence` says what is wrong and `next_step` what the clerk can do.
Only the code crosses the boundary of the reading process.
"""

from __future__ import annotations

from typing import ClassVar


class StrongroomError(Exception):
    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = "Something went wrong."
    next_step: ClassVar[str] = "Try again; if it happens again, tell the administrator."

    def __init__(self, detail: str = "") -> None:
        """`detail` is for the administrator's log, never for a page: it may hold text from the document."""
        super().__init__(detail or self.sentence)
        self.detail = detail


class ReadingError(StrongroomError):
    code = "reading_failed"
    sentence = "This file could not be read."


class EmptyFile(ReadingError):
    code = "empty_file"
    sentence = "This file is empty."
    next_step = "Scan or export the document again and upload the new file."


class UnknownFormat(ReadingError):
    code = "unknown_format"
    sentence = "This kind of file cannot be read here."
    next_step = "Upload it as PDF, JPEG, PNG, TIFF, TXT, HTML, DOCX or EML."


class BrokenFile(ReadingError):
    code = "broken_file"
    sentence = "This file is damaged and cannot be opened."
    next_step = "Open it on your own computer; if it opens there, print it to a new PDF and upload that."


class PasswordNeeded(ReadingError):
    code = "password_needed"
    sentence = "This file is protected by a password."
    next_step = "Save a copy without the password and upload the copy."


class FileTooLarge(ReadingError):
    code = "file_too_large"
    sentence = "This file is larger than this appliance accepts."
    next_step = "Split it into smaller files or scan it at a lower resolution."


class TooManyPages(ReadingError):
    code = "too_many_pages"
    sentence = "This document has more pages than this appliance accepts."
    next_step = "Split it into several documents and upload them one by one."


class PageTooLarge(ReadingError):
    code = "page_too_large"
    sentence = "A page of this document is too large to be drawn."
    next_step = "Scan it at a lower resolution (300 dpi is enough)."


class NothingToRead(ReadingError):
    code = "nothing_to_read"
    sentence = "No text was found in this document."
    next_step = "Check that the scan is not blank or upside down in the feeder, and scan it again."


class ReadingTimeout(ReadingError):
    code = "reading_timeout"
    sentence = "Reading this document took too long and was stopped."
    next_step = "Try again; if it happens again, split the document or scan it anew."


class ReaderCrashed(ReadingError):
    code = "reader_crashed"
    sentence = "The reader stopped while it worked on this document."
    next_step = "The file may be damaged: print it to a new PDF and upload that."


class SandboxMissing(ReadingError):
    code = "sandbox_missing"
    sentence = "This appliance cannot open documents safely at the moment, so it did not open this one."
    next_step = "Tell the administrator: the health page says which protection is missing. Then try again."


class ExtractionError(StrongroomError):
    code = "extraction_failed"
    sentence = "The fields of this document could not be extracted."


class SchemaError(ExtractionError):
    code = "bad_schema"
    sentence = "This document type is not valid."
    next_step = "Ask the administrator to correct the document type."


class SchemaTooCostly(SchemaError):
    code = "schema_too_costly"
    sentence = "This document type is too large to be used."
    next_step = "Split it into two types, or give it fewer fields, shorter options and fewer lists inside each other."


class LabelsError(ExtractionError):
    code = "bad_labels"
    sentence = "The labelled documents cannot be read."
    next_step = "Give one JSON object a line, with text or file, and fields."


class ModelUnavailable(ExtractionError):
    code = "model_unavailable"
    sentence = "No model is ready to read this document."
    next_step = "Ask the administrator to look at the models page."


class DecodingFailed(ExtractionError):
    code = "decoding_failed"
    sentence = "The model gave no usable answer for this document."
    next_step = "Try again; if it happens again, fill in the fields by hand."


def error_codes() -> dict[str, type[StrongroomError]]:
    """Every code with its class, found by walking the tree above."""
    found: dict[str, type[StrongroomError]] = {}
    pending: list[type[StrongroomError]] = [StrongroomError]
    while pending:
        cls = pending.pop()
        found[cls.code] = cls
        pending.extend(cls.__subclasses__())
    return found
