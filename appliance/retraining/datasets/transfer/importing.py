"""Bringing labels in: a file is looked through first, and taken when the admin says yes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.document_types.models import DocumentTypeVersion
from appliance.documents.stored_pages import storable
from appliance.retraining.datasets.errors import NothingStaged
from appliance.retraining.datasets.transfer.checking import Checked, check
from appliance.retraining.datasets.transfer.reading import BadLine, Brought, read_lines
from appliance.retraining.models import ImportedLabel, LabelImport


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a file would bring. `known`: texts that are labelled already or come twice. `not_found`: field -> lines
    whose value does not stand in the text; that field is not asked there."""

    untrusted_name: str
    good: tuple[Checked, ...]
    bad: tuple[BadLine, ...]
    known: int
    not_found: Mapping[str, int]


def look_through(untrusted_name: str, untrusted_content: bytes, version: DocumentTypeVersion) -> Rehearsal:
    """Stores nothing. Raises FileTooLarge or FileUnreadable."""
    spec = version.spec
    seen = set(ImportedLabel.objects.filter(document_type=version.document_type).values_list("text_sha256", flat=True))
    good: list[Checked] = []
    bad: list[BadLine] = []
    known = 0
    for number, line in read_lines(untrusted_content):
        found = check(number, line, spec) if isinstance(line, Brought) else line
        if isinstance(found, BadLine):
            bad.append(found)
        elif found.text_sha256 in seen:
            known += 1
        else:
            seen.add(found.text_sha256)
            good.append(found)
    not_found = Counter(path for label in good for path in label.not_found)
    return Rehearsal(untrusted_name, tuple(good), tuple(bad), known, dict(not_found))


@transaction.atomic
def stage(*, by: Person, version: DocumentTypeVersion, untrusted_name: str, untrusted_content: bytes) -> Rehearsal:
    """Look through the file and keep it until somebody answers. It replaces one that waits. Raises `DatasetError`."""
    name = storable(untrusted_name)[:255]
    rehearsal = look_through(name, untrusted_content, version)
    LabelImport.objects.filter(document_type=version.document_type).delete()
    LabelImport.objects.create(
        document_type=version.document_type, untrusted_name=name, untrusted_content=untrusted_content, staged_by=by
    )
    return rehearsal


def rehearsal_of(version: DocumentTypeVersion) -> Rehearsal | None:
    """Of the file that waits for an answer; None where none does."""
    staged = LabelImport.objects.filter(document_type=version.document_type).first()
    if staged is None:
        return None
    return look_through(staged.untrusted_name, bytes(staged.untrusted_content), version)


@transaction.atomic
def take(*, by: Person, version: DocumentTypeVersion) -> int:
    """Store the good lines of the file that waits; returns how many. Raises NothingStaged."""
    staged = LabelImport.objects.select_for_update().filter(document_type=version.document_type).first()
    if staged is None:
        raise NothingStaged
    content = bytes(staged.untrusted_content)
    rehearsal = look_through(staged.untrusted_name, content, version)
    ImportedLabel.objects.bulk_create(
        ImportedLabel(
            document_type=version.document_type,
            text_sha256=label.text_sha256,
            untrusted_text=label.text,
            fields=label.fields,
            spans=label.spans,
            sender=label.sender,
            imported_by=by,
        )
        for label in rehearsal.good
    )
    staged.delete()
    record(
        Action.LABELS_IMPORTED,
        subject=Subject("training_data", version.document_type.name),
        reason=f"{len(rehearsal.good)} taken, {len(rehearsal.bad)} bad lines, {rehearsal.known} known already",
        evidence=Evidence(digests={"file": hashlib.sha256(content).hexdigest()}),
    )
    return len(rehearsal.good)


@transaction.atomic
def drop(*, version: DocumentTypeVersion) -> None:
    """The answer no: the file goes, nothing of it was stored elsewhere."""
    LabelImport.objects.filter(document_type=version.document_type).delete()
