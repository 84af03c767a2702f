"""Distillation: a larger model labels documents that wait for review; what it is sure of weighs less than a review."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from appliance.documents.models import Document
from appliance.documents.states import State
from appliance.documents.stored_pages import load_read_document
from appliance.retraining.datasets.printed import text_of
from appliance.retraining.models import Part, StepName, Withdrawal
from appliance.retraining.runs.label_files import originals_in, texts_in
from appliance.retraining.runs.work import Work
from models_store.gate import near_duplicates
from models_store.store import model_path

MOST_DOCUMENTS = 1000


def teach(work: Work) -> None:
    for step in work.open_steps(StepName.TEACH):
        work.begin(step)
        folder = work.folder.texts
        texts, soft = folder / "unreviewed.jsonl", folder / "soft.jsonl"
        count = _write_texts(work, texts)
        if count:
            model = model_path(work.options.teacher, root=settings.MODELS_STORE_ROOT)
            command = work.workshop.teaching(texts, work.folder.document_type, model, soft)
            work.run_program(command, name="teach", on_line=partial(work.tell, step))
        learnt = _append(soft, work.folder.labels(Part.TRAIN))
        work.end(step, before=work.options.teacher, figures={"documents": count, "labelled": learnt})


def _write_texts(work: Work, path: Path) -> int:
    """Documents of the type that wait for review, the newest first: none that was withdrawn from training, and none
    that is, or nearly is, one of the frozen test documents."""
    document_type = work.run.snapshot.type_version.document_type
    test = work.folder.labels(Part.TEST)
    kept_out = originals_in(test) | set(Withdrawal.objects.values_list("original_sha256", flat=True))
    waiting = Document.objects.filter(document_type=document_type, state=State.TO_REVIEW).order_by("-uploaded_at")
    lines = {str(one.pk): _line(one) for one in waiting.exclude(sha256__in=kept_out)[:MOST_DOCUMENTS]}
    twins = near_duplicates(texts_in(test), {name: line["text"] for name, line in lines.items()})
    for twin in twins:
        del lines[twin.test]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines.values()), encoding="utf-8")
    return len(lines)


def _line(document: Document) -> dict[str, Any]:
    text = text_of(load_read_document(document))
    return {"id": str(document.pk), "text": text, "fields": {}, "original": document.sha256}


def _append(soft: Path, train: Path) -> int:
    """Behind the reviewed labels, in one new file, so that a run that is cut short here does not append twice."""
    if not soft.is_file():
        return 0
    reviewed = train.with_name("reviewed.jsonl")
    if not reviewed.is_file():
        train.rename(reviewed)
    learnt = soft.read_text(encoding="utf-8")
    fresh = train.with_name(f"{train.name}.part")
    fresh.write_text(reviewed.read_text(encoding="utf-8") + learnt, encoding="utf-8")
    fresh.replace(train)
    return len(learnt.splitlines())
