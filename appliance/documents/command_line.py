"""What `manage.py extract` and `manage.py evaluate` share. Neither needs the database: types ship with the product."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from appliance.document_types.schema_files import read_type_file
from appliance.documents import engine
from appliance.documents.errors import FileMissing, TypeUnknown
from extraction.errors import StrongroomError
from extraction.language_model import LanguageModel
from extraction.schema import DocumentTypeSpec
from extraction.shipped_types import shipped_type, shipped_types


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(spec.name for spec in shipped_types())
    parser.add_argument("--type", help=f"a document type of the product: {names}")
    parser.add_argument("--schema", type=Path, metavar="FILE", help="a document type of your own, as JSON; wins")
    parser.add_argument("--model", metavar="DIGEST", help="a model of the store; without it the one in force")


def chosen_type(options: dict[str, object]) -> DocumentTypeSpec:
    """Raises TypeUnknown, FileMissing, SchemaError or NotATypeFile."""
    schema = options["schema"]
    if isinstance(schema, Path):
        return read_type_file(read_bytes(schema))
    try:
        return shipped_type(str(options["type"]))
    except KeyError as error:
        raise TypeUnknown(str(options["type"])) from error


@contextmanager
def chosen_model(options: dict[str, object]) -> Iterator[LanguageModel]:
    """Without a choice the one that answers the type; a type of one's own has no adapter. Raises ModelUnavailable."""
    chosen, document_type = options["model"], "" if options["schema"] else str(options["type"])
    digest = engine.card_in_force(document_type).digest if chosen is None else str(chosen)
    with engine.opened(digest) as model:
        yield model


def read_bytes(path: Path) -> bytes:
    """Raises FileMissing."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileMissing(str(error)) from error


@contextmanager
def told_in_json() -> Iterator[None]:
    """An error of the library ends the command: its code, sentence and next step as one line of JSON on stderr."""
    try:
        yield
    except StrongroomError as error:
        _end(error)


def _end(error: StrongroomError) -> NoReturn:
    told = {"code": error.code, "sentence": error.sentence, "next_step": error.next_step}
    if error.detail:
        told["detail"] = error.detail
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    raise SystemExit(1) from error
