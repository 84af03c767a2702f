"""What the loop is run on: labelled documents of one type, made up or from a file of labels."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.retraining.house_documents import DOCUMENT_TYPE, house_documents
from extraction.json_schema_import import from_json_schema
from extraction.labels import Label, read_labels
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind

SEED = 4242
_SENDERS = ("sender", "seller", "company", "vendor", "merchant", "supplier", "advertiser", "ward")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A file as a clerk would upload it, and its true answers."""

    name: str
    content: bytes
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Corpus:
    """`sender_field`: the field by which senders are kept apart, "" where the type has none."""

    document_type: DocumentTypeSpec
    documents: tuple[CorpusDocument, ...]
    sender_field: str


def made_up(count: int) -> Corpus:
    """Slips of one house, as text files."""
    slips = house_documents(count, seed=SEED)
    documents = [CorpusDocument(f"{slip.id}.txt", slip.text.encode(), dict(slip.fields)) for slip in slips]
    return Corpus(DOCUMENT_TYPE, tuple(documents), "ward")


def labelled(labels: Path, files: Path, schema: Path | None, *, limit: int | None) -> Corpus:
    """`schema`: None looks for the one that the labels name, or schema.json, beside the labels and the files; where
    there is none, the type is made of the labelled fields. Raises LabelsError, SchemaError or OSError."""
    with labels.open(encoding="utf-8") as lines:
        found = read_labels(lines, files, limit=limit)
    schema = schema or _schema_near(labels, files)
    document_type = _type(schema) if schema else _type_of(found, labels.stem)
    names = [spec.name for spec in document_type.fields]
    sender = next((name for word in _SENDERS for name in names if word in name), "")
    return Corpus(document_type, tuple(map(_document, found)), sender)


def _document(label: Label) -> CorpusDocument:
    if label.text is not None:
        return CorpusDocument(f"{label.id}.txt", label.text.encode(), dict(label.fields))
    assert label.path is not None  # noqa: S101  read_labels gives one of the two
    return CorpusDocument(label.path.name, label.path.read_bytes(), dict(label.fields))


def _schema_near(labels: Path, files: Path) -> Path | None:
    with labels.open(encoding="utf-8") as lines:
        named = json.loads(next(line for line in lines if line.strip())).get("schema")
    names = [name for name in (named, "schema.json") if isinstance(name, str)]
    places = (folder / name for name in names for folder in (labels.parent, files))
    return next((path for path in places if path.is_file()), None)


def _type_of(labels: Sequence[Label], name: str) -> DocumentTypeSpec:
    """All fields that any label names, as text, groups and lists of rows."""
    tidy = re.sub(r"[^a-z0-9_]", "_", name.lower()).strip("_0123456789") or "documents"
    return DocumentTypeSpec(name=f"retrained_{tidy}"[:64], fields=_fields([label.fields for label in labels]))


def _fields(records: Sequence[Mapping[str, Any]]) -> tuple[FieldSpec, ...]:
    names = dict.fromkeys(name for record in records for name in record)
    return tuple(_field(name, [record[name] for record in records if record.get(name) is not None]) for name in names)


def _field(name: str, values: Sequence[Any]) -> FieldSpec:
    items = [item for value in values if isinstance(value, list) for item in value]
    groups = [value for value in values if isinstance(value, dict)]
    if any(isinstance(item, dict) for item in items):
        return FieldSpec(name=name, kind=Kind.LIST, fields=_fields([item for item in items if isinstance(item, dict)]))
    if groups:
        return FieldSpec(name=name, kind=Kind.GROUP, fields=_fields(groups))
    return FieldSpec(name=name, kind=Kind.TEXT, many=bool(items))


def _type(path: Path) -> DocumentTypeSpec:
    """Our own form, or a JSON Schema of an object. A name of its own: the box has types already."""
    content = json.loads(path.read_text(encoding="utf-8"))
    is_ours = "fields" in content
    found = DocumentTypeSpec.model_validate(content) if is_ours else from_json_schema(content)
    return found.model_copy(update={"name": f"retrained_{found.name}"[:64]})
