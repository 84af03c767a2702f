"""A store, snapshots and runs to work on, without a model."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from appliance.accounts.models import Person
from appliance.documents.models import Document
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.datasets.printed import sha256_of, text_of
from appliance.retraining.datasets.services import content_of, digest_of
from appliance.retraining.models import Part, Preset, Snapshot, SnapshotEntry, Source, TrainingRun
from appliance.retraining.runs.options import Options, of_preset
from appliance.retraining.runs.services import Wanted, ask_run
from appliance.retraining.runs.workshop import Command, Conversion, Exam
from models_store import store
from models_store.card import ModelCard
from models_store.weights import add_weights
from tests.appliance.retraining.datasets.made import day, lines_of, price, receipt_version

PROGRAMS = Path(__file__).with_name("fake_programs.py")
BEFORE = b"before: the model in force"
BASE_DIGEST = hashlib.sha256(BEFORE).hexdigest()


class FakeWorkshop:
    """The small programs in place of those that load models."""

    def tuning(self, folder: Path) -> Command:
        return _program("tune", folder)

    def converting(self, conversion: Conversion) -> Command:
        return _program("convert", conversion.merged, conversion.out, ",".join(conversion.quantizations))

    def converting_adapter(self, adapter: Path, base: Path, out: Path) -> Command:
        return _program("adapter", adapter, out)

    def measuring(self, exam: Exam) -> Command:
        return _program("measure", exam.files.model, exam.out, exam.labels or "-", exam.files.adapter or "-")

    def teaching(self, texts: Path, document_type: Path, model: Path, out: Path) -> Command:
        return _program("teach", texts, out)


def _program(*arguments: object) -> Command:
    return [sys.executable, "-I", "-S", str(PROGRAMS), *(str(argument) for argument in arguments)]


def base_in_force(root: Path, **facts: Any) -> str:
    """A model with trainable weights, in force."""
    folder = root.parent / "base"
    folder.mkdir(parents=True, exist_ok=True)
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "vocab_size": 32, "dtype": "float32"}
    (folder / "config.json").write_text(json.dumps(shape))
    (folder / "model.safetensors").write_bytes(b"weights of the base")
    file = root.parent / "before.gguf"
    file.write_bytes(BEFORE)
    weights = add_weights(folder, root=root)
    card = ModelCard(digest=BASE_DIGEST, name="starter", context_tokens=1024, parameters=1000, weights=weights, **facts)
    store.add(file, card, root=root)
    store.promote(BASE_DIGEST, root=root)
    return BASE_DIGEST


def snapshot(
    *, train: int = 8, calibration: int = 2, test: int = 30, first: int = 0, documents: Sequence[Document] = ()
) -> Snapshot:
    """Imported labels of receipts. Sizes of the parts; `first` makes them others; `documents` are tested on first."""
    parts = [Part.TEST] * len(documents) + [Part.TRAIN] * train + [Part.CALIBRATION] * calibration + [Part.TEST] * test
    entries = [_entry(position, first + position, part) for position, part in enumerate(parts)]
    for entry, document in zip(entries, documents, strict=False):
        _stands_for(entry, document)
    digest = digest_of({"entries": [entry.digest for entry in entries]})
    made = Snapshot.objects.create(digest=digest, type_version=receipt_version())
    for entry in entries:
        entry.snapshot = made
    SnapshotEntry.objects.bulk_create(entries)
    return made


def _entry(position: int, number: int, part: Part) -> SnapshotEntry:
    company = f"Company {number} Ltd"
    text = "\n".join(lines_of(company, number))
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry = SnapshotEntry(
        position=position,
        part=part,
        source=Source.IMPORT,
        original_sha256=digest,
        text_sha256=digest,
        sender=company,
        text=text,
        fields={"company": company, "date": day(number), "total": price(number), "tax": None},
        spans={},
    )
    entry.digest = digest_of(content_of(entry))
    return entry


def _stands_for(entry: SnapshotEntry, document: Document) -> None:
    """The entry is of a document of this box; its total stands where it is printed."""
    read = load_read_document(document)
    total = str(entry.fields["total"])
    at = read.flat_text.index(total)
    entry.source, entry.document_id, entry.original_sha256 = Source.REVIEW, document.pk, document.sha256
    entry.text, entry.text_sha256 = "", sha256_of(text_of(read))
    entry.spans = {"total": [at, at + len(total)]}
    entry.digest = digest_of(content_of(entry))


def asked(by: Person | None, base: str, made: Snapshot | None = None, **options: Any) -> TrainingRun:
    """A run that waits."""
    chosen: Options = of_preset(Preset.QUICK, **{"quantizations": ("Q8_0", "Q4_K_M"), **options})
    return ask_run(by=by, wanted=Wanted(made or snapshot(), base, Preset.QUICK, chosen))
