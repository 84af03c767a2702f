"""manage.py extract FILE --type receipt: one document, its fields as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appliance.documents import command_line, engine
from appliance.documents.stored_values import path_text, readings_json, reasons_json, regions_json
from extraction.pipeline import extract
from extraction.read import read_document
from extraction.records import Extraction, FieldValue, ReadDocument
from extraction.schema import DocumentTypeSpec


class Command(BaseCommand):
    help = "Read one document and print its fields as JSON. Nothing is stored; the database is not needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        command_line.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with command_line.told_in_json():
            spec = command_line.chosen_type(options)
            content = command_line.read_bytes(options["file"])
            document = read_document(content, untrusted_name=options["file"].name, limits=engine.reading_limits())
            with command_line.chosen_model(options) as model:
                extraction = extract(document, spec, model)
        answer = as_json(content, document, spec, extraction)
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def as_json(
    content: bytes, document: ReadDocument, spec: DocumentTypeSpec, extraction: Extraction
) -> dict[str, object]:
    """What the command prints. Boxes are [left, top, right, bottom] as fractions of the page."""
    return {
        "document": {
            "sha256": hashlib.sha256(content).hexdigest(),
            "media_type": document.media_type,
            "pages": extraction.pages_total,
            "pages_covered": extraction.pages_covered,
            "findings": list(document.findings),
        },
        "type": spec.name,
        "fields": [_field(value) for value in extraction.values],
        "issues": [
            {"code": issue.code, "sentence": issue.sentence, "paths": [path_text(path) for path in issue.paths]}
            for issue in extraction.issues
        ],
        "digests": asdict(extraction.digests),
        "seconds": round(extraction.seconds, 3),
    }


def _field(value: FieldValue) -> dict[str, object]:
    regions = regions_json(value.regions)
    return {
        "field": path_text(value.path),
        "value": value.reading.normal if value.reading else value.raw,
        "raw": value.raw,
        "rule": value.reading.rule if value.reading else "",
        "page": regions[0][0] if regions else None,
        "box": _around(value),
        "regions": regions,
        "confidence": round(value.confidence, 4),
        "ocr_confidence": value.ocr_confidence,
        "alternatives": readings_json(value.alternatives),
        "reasons": reasons_json(value.reasons),
    }


def _around(value: FieldValue) -> list[float] | None:
    """The box around all regions on the first page of the value."""
    if not value.regions:
        return None
    box = value.regions[0].box
    for region in value.regions[1:]:
        box = box.union(region.box) if region.page == value.regions[0].page else box
    return [round(side, 5) for side in (box.left, box.top, box.right, box.bottom)]
