"""manage.py evaluate LABELS.jsonl --type receipt: how well a model does on labelled documents."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appliance.documents import command_line, engine
from extraction.evaluate import evaluate
from extraction.labels import Label, read_labels
from extraction.read import read_document
from extraction.records import Extraction, ReadDocument


class Command(BaseCommand):
    help = "Score a model on labelled documents: a table for people, then one line of JSON. The database is not needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("labels", type=Path, help='one JSON object a line: {"id", "text" or "file", "fields"}')
        parser.add_argument("--files", type=Path, metavar="DIR", help="where the files are; else beside the labels")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N documents")
        command_line.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with command_line.told_in_json():
            spec = command_line.chosen_type(options)
            lines = command_line.read_bytes(options["labels"]).decode("utf-8", "replace").splitlines()
            labels = read_labels(lines, options["files"] or options["labels"].parent, limit=options["limit"])
            with command_line.chosen_model(options) as model:
                progress = Progress(len(labels))
                report = evaluate(labels, spec, model, read_file=_read, on_document=progress.told)
        self.stdout.write(report.table())
        self.stdout.write(json.dumps(report.as_dict()))


class Progress:
    """One line on stderr: rewritten on a terminal, one a document elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def told(self, label: Label, extraction: Extraction) -> None:
        self._done += 1
        on_terminal = sys.stderr.isatty()
        end = "\r" if on_terminal and self._done < self._total else "\n"
        line = f"{self._done}/{self._total}  {label.id}  {extraction.seconds:.2f} s"
        sys.stderr.write(("\x1b[2K" if on_terminal else "") + line + end)
        sys.stderr.flush()


def _read(path: Path) -> ReadDocument:
    content = command_line.read_bytes(path)
    return read_document(content, untrusted_name=path.name, limits=engine.reading_limits())
