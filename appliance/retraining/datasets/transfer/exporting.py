"""A snapshot as a file of labels. It holds whole texts of documents, so it is for those who may export documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.retraining.datasets.files import labels_of
from appliance.retraining.models import Snapshot


@dataclass(frozen=True, slots=True)
class LabelFile:
    name: str
    content: bytes


def _own(label: Mapping[str, Any]) -> Mapping[str, Any]:
    return label


def _messages(label: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = json.dumps(label["fields"], ensure_ascii=False)
    return {"messages": [{"role": "user", "content": label["text"]}, {"role": "assistant", "content": answer}]}


FORMATS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {"labels": _own, "messages": _messages}


@transaction.atomic
def export_labels(*, snapshot: Snapshot, file_format: str) -> LabelFile:
    """Every entry that is not withdrawn, in the order of the snapshot. `file_format`: a key of FORMATS.

    Raises EntryChanged.
    """
    shape = FORMATS[file_format]
    lines = (json.dumps(shape(label), ensure_ascii=False) + "\n" for label in labels_of(snapshot))
    content = "".join(lines).encode()
    record(
        Action.DATASET_EXPORTED,
        subject=Subject("snapshot", snapshot.digest, 1),
        reason=file_format,
        evidence=Evidence(digests={"snapshot": snapshot.digest, "file": hashlib.sha256(content).hexdigest()}),
    )
    name = f"{snapshot.type_version.document_type.name}-{snapshot.digest[:12]}-{file_format}.jsonl"
    return LabelFile(name, content)
