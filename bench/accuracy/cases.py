"""The documents of a set: each with its type, its truth and a way to read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.accuracy.gold import Gold, read_gold
from bench.accuracy.sets import LabelledSet
from extraction.evaluate import read_text_file
from extraction.json_schema_import import from_json_schema
from extraction.read import read_document
from extraction.records import ReadDocument
from extraction.schema import DocumentTypeSpec


@dataclass(frozen=True)
class Case:
    """One labelled document. `group` is its sender, "" where unknown."""

    id: str
    group: str
    document_type: DocumentTypeSpec
    gold: Gold
    read: Callable[[], ReadDocument]


def is_there(wanted: LabelledSet, folder: Path | None) -> bool:
    """Whether the set's schema and labels lie in `folder`."""
    files = ("schema.json", *wanted.labels)
    return folder is not None and all((folder / wanted.folder / name).is_file() for name in files)


def read_cases(wanted: LabelledSet, folder: Path) -> list[Case]:
    """All cases of the set, in an order that says nothing about them, so that the first few are a fair choice."""
    root = folder / wanted.folder
    document_type = read_type(wanted, root / "schema.json")
    labels = [json.loads(line) for name in wanted.labels for line in _lines(root / name)]
    return in_fair_order(
        _case(wanted, label, root, document_type)
        for label in labels
        if label.get(wanted.source) and (not wanted.needs or label.get(wanted.needs))
    )


def read_type(wanted: LabelledSet, schema: Path) -> DocumentTypeSpec:
    """The set's schema, with the order of dates and the languages that an administrator would set for such pages."""
    imported = from_json_schema(json.loads(schema.read_text(encoding="utf-8")))
    return imported.model_copy(update={"date_order": wanted.date_order, "languages": wanted.languages})


def in_fair_order(cases: Iterable[Case]) -> list[Case]:
    """By the hash of their names."""
    return sorted(cases, key=lambda case: hashlib.sha256(case.id.encode()).digest())


def _lines(path: Path) -> Iterator[str]:
    yield from filter(str.strip, path.read_text(encoding="utf-8").splitlines())


def _case(wanted: LabelledSet, label: Mapping[str, Any], root: Path, document_type: DocumentTypeSpec) -> Case:
    fields = {name: value for name, value in label["fields"].items() if name not in wanted.skipped}
    group = label["fields"].get(wanted.group) or label.get(wanted.group) or ""
    return Case(
        id=str(label["id"]),
        group=str(group),
        document_type=document_type,
        gold=read_gold(fields, label.get("visible"), nulls_are_sure=wanted.nulls_are_sure),
        read=partial(_read, root / label[wanted.source]),
    )


def _read(path: Path) -> ReadDocument:
    if path.suffix == ".txt":
        return read_text_file(path)
    return read_document(path.read_bytes(), untrusted_name=path.name)
