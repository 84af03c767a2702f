"""A whole box in one state: objects of every kind, some of them somebody's, with whatever words somebody else chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.roles import Role
from appliance.audit.dossier.models import Replay
from appliance.audit.models import AuditEvent
from appliance.compliance.asking import WantedRule, ask_deletion, ask_release, ask_retention
from appliance.compliance.deciding import approve
from appliance.compliance.holds import Cover, place
from appliance.compliance.models import Scope
from appliance.document_types import services as types
from appliance.document_types.models import DocumentType
from appliance.documents.extracting import begin_extraction, store_extraction
from appliance.documents.models import Document, Stage
from appliance.documents.reading import begin_reading, store_reading
from appliance.documents.states import State
from appliance.documents.uploads import Origin, upload
from appliance.retraining.datasets import cutting
from appliance.retraining.datasets.counting import counts_of
from appliance.retraining.datasets.services import cut_now
from appliance.retraining.models import (
    Conflict,
    ConflictAnswer,
    Measured,
    MeasuredValue,
    Preset,
    RunState,
    ShadowRun,
    Snapshot,
    TrainingRun,
)
from appliance.retraining.registry.models import JobKind, JobState, ModelJob
from appliance.retraining.runs.options import of_preset
from appliance.review.claims import claim
from extraction.records import Box, Digests, Extraction, FieldValue, Reason, Region, Span, Word
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind
from models_store.gate.policy import Policy
from tests.appliance.audit.made import corrected
from tests.appliance.audit.signed import sign_now
from tests.appliance.cast import make_person
from tests.appliance.documents import made
from tests.appliance.retraining.runs import made as runs

TYPE = "expense_note"


@dataclass(frozen=True, slots=True)
class Words:
    """What a stranger or a colleague wrote."""

    file_name: str = "scan.txt"
    value: str = "ACME"
    note: str = "Sent in by mistake."
    label: str = "Expense note"
    person: str = "Clara Clerk"


@dataclass(frozen=True)
class People:
    clara: Person
    carl: Person
    olga: Person
    otto: Person
    adam: Person


@dataclass(frozen=True)
class Scene:
    """`mine` and `theirs`: by kind of object, what belongs to Clara (or, for officers, Olga) and to a colleague. Of
    kinds that a role shares the two are one object or two that nobody owns. `asked`: each person's waiting request."""

    people: People
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    documents: Mapping[str, Document]
    asked: Mapping[str, int]


def people(words: Words) -> People:
    """Clara, Carl, Olga, Otto and Adam. Names are of Clara's choosing."""
    first = words.person[:150]
    clara = make_person("clara", Role.CLERK, full_name="Clara Clerk")
    Person.objects.filter(pk=clara.pk).update(first_name=first)
    clara.first_name = first
    return People(
        clara,
        make_person("carl", Role.CLERK),
        make_person("olga", Role.OFFICER),
        make_person("otto", Role.OFFICER),
        make_person("adam", Role.ADMIN),
    )


def build(words: Words, root: Path) -> Scene:
    """`root`: a folder for the store of models. Must run with the settings of a test."""
    cast = people(words)
    kind = _type(words, cast.adam)
    documents = {
        "mine": _to_review(cast.clara, kind, words, b"mine"),
        "theirs": _to_review(cast.carl, kind, words, b"theirs"),
        "finished": _to_review(cast.clara, kind, words, b"finished"),
        "deleted": _to_review(cast.clara, kind, words, b"deleted"),
    }
    claim(document_id=documents["mine"].pk, by=cast.clara)
    claim(document_id=documents["theirs"].pk, by=cast.carl)
    Document.objects.filter(pk=documents["finished"].pk).update(state=State.ACCEPTED)
    decisions = [corrected(documents[name], cast.clara, after=words.value) for name in ("mine", "theirs")]
    shared = {
        **_compliance(cast, kind, documents, words),
        **_models(cast, kind, documents["mine"], words, root),
        "type": TYPE,
    }
    checkpoint = sign_now()
    event = AuditEvent.objects.order_by("pk").first()
    assert event is not None
    shared |= {"checkpoint": checkpoint.size, "event": event.pk}
    mine = {**shared, "document": documents["mine"].pk, "person": cast.adam.pk, "decision": decisions[0].pk}
    theirs = {**shared, "document": documents["theirs"].pk, "person": cast.clara.pk, "decision": decisions[1].pk}
    mine |= _runs_of(documents["mine"], cast.olga)
    theirs |= _runs_of(documents["theirs"], cast.otto)
    return Scene(cast, mine, theirs, documents, shared["by_person"])


def _type(words: Words, by: Person) -> DocumentType:
    """One with words of a stranger, published; a changed draft beside it."""
    made.receipt_type()
    options = (words.label[:120], "cash")
    fields = (
        FieldSpec(name="company", label=words.label[:120], description=words.note[:500], required=True),
        FieldSpec(name="total", kind=Kind.AMOUNT),
        FieldSpec(name="payment", kind=Kind.ENUM, options=options),
        FieldSpec(name="goods", kind=Kind.LIST, label=words.label[:120], fields=(FieldSpec(name="item"),)),
    )
    spec = DocumentTypeSpec(name=TYPE, label=words.label[:120], description=words.note[:500], fields=fields)
    document_type = types.create_type(spec=spec, by=by)
    types.publish(document_type=document_type, by=by)
    document_type.refresh_from_db()
    types.save_draft(document_type=document_type, spec=spec.model_copy(update={"languages": ("en", "de")}), by=by)
    return DocumentType.objects.get(name=TYPE)


def _to_review(by: Person, kind: DocumentType, words: Words, content: bytes) -> Document:
    document = upload(untrusted_name=words.file_name, content=content, origin=Origin(by, kind))
    reading = begin_reading(job_id=made.job_of(document, Stage.READ).pk)
    assert reading is not None
    page = made.page()
    hostile = Word(words.value.replace(" ", "_") or "x", Box(0.1, 0.1, 0.5, 0.12), 0)
    store_reading(claim=reading.claim, read=made.read_result(replace(page, words=(hostile, *page.words))))
    work = begin_extraction(job_id=made.job_of(document, Stage.EXTRACT).pk)
    assert work is not None
    store_extraction(work=work, extraction=_found(words, work.type_version.digest))
    return Document.objects.get(pk=document.pk)


def _found(words: Words, schema: str) -> Extraction:
    where = (Region(1, Box(0.1, 0.1, 0.5, 0.12)),)
    doubt = (Reason("low_confidence", f"The model was not sure: {words.value}."),)
    values = (
        FieldValue(("company",), words.value, Span(0, 4), where, 1, confidence=0.5, reasons=doubt),
        FieldValue(("total",), "12.50", Span(5, 9), where, 1, confidence=0.9),
        FieldValue(("payment",), words.label[:120], confidence=0.9),
        FieldValue(("goods", 0, "item"), words.value, Span(0, 4), where, 1, confidence=0.9),
    )
    return Extraction(values, (), Digests("m" * 64, "p" * 64, schema, "r" * 64, "g" * 64), 1, 1, 1, 0.5)


def _runs_of(document: Document, by: Person) -> dict[str, Any]:
    run = document.extractions.get()
    value = run.values.get(path="company")
    replay = Replay.objects.create(extraction=run, asked_by=by)
    return {"run_of_document": run.pk, "value": value.pk, "replay": replay.pk}


def _compliance(cast: People, kind: DocumentType, documents: Mapping[str, Document], words: Words) -> dict[str, Any]:
    note = words.note[:500]
    gone = ask_deletion(by=cast.clara, document_ids=[documents["deleted"].pk], reason=note)
    approve(approval_id=gone.pk, by=cast.olga, words=note)
    mine = ask_deletion(by=cast.clara, document_ids=[documents["mine"].pk], reason=note)
    theirs = ask_deletion(by=cast.carl, document_ids=[documents["theirs"].pk], reason=note)
    cover = Cover(Scope.LIST, documents=[documents["finished"].pk])
    hold = place(by=cast.olga, name=words.label[:100], reason=note, cover=cover)
    release = ask_release(by=cast.olga, hold_id=hold.pk, reason=note)
    rule = ask_retention(by=cast.otto, document_type=kind, wanted=WantedRule(3650), reason=note)
    return {
        "hold": hold.pk, "deleted": documents["deleted"].pk,
        "by_person": {"clara": mine.pk, "carl": theirs.pk, "olga": release.pk, "otto": rule.pk},
    }  # fmt: skip


def _models(cast: People, kind: DocumentType, document: Document, words: Words, root: Path) -> dict[str, Any]:
    digest = runs.base_in_force(root)
    version, options = kind.versions.get(number=1), cutting.Options()
    snapshot = Snapshot.objects.create(
        digest="5" * 64, type_version=version, made_by=cast.adam, options=asdict(options),
        counts={**counts_of(cut_now(version, options), version.spec), "documents": 1},
    )  # fmt: skip
    run = TrainingRun.objects.create(
        snapshot=snapshot, base_digest=digest, options=of_preset(Preset.QUICK).as_json(),
        policy=Policy().model_dump(mode="json"),
        asked_by=cast.adam, state=RunState.FAILED, error_code="training_failed", error_detail=words.note,
    )  # fmt: skip
    measured = Measured.objects.create(snapshot=snapshot, run=run, model_digest=digest, role="in force")
    job = ModelJob.objects.create(
        kind=JobKind.CHECK, subject=words.file_name[:200], state=JobState.FAILED, error_code="broken_model",
        error_detail=words.note, asked_by=cast.adam, finished_at=timezone.now(),
    )  # fmt: skip
    shadow = ShadowRun.objects.create(
        model_digest=digest, documents_wanted=5, begun_by=cast.adam, ended_at=timezone.now(), ended_because="by hand"
    )
    conflict = Conflict.objects.create(document_type=kind, path="company")
    regions = [[1, 0.1, 0.1, 0.5, 0.12]]
    answers = [
        ConflictAnswer.objects.create(
            conflict=conflict, document=document, answered_by=person, untrusted_text=text, regions=regions
        )
        for person, text in ((cast.carl, words.value), (cast.otto, f"{words.value} "))
    ]
    entry = snapshot.entries.create(
        position=0, part="test", source="review", digest="6" * 64, document_id=document.pk,
        original_sha256=document.sha256, sender=words.value, fields={"company": words.value}, spans={},
    )  # fmt: skip
    wrong = MeasuredValue.objects.create(
        measured=measured, entry=entry, path="company", expected=words.value, untrusted_got=words.value,
        is_exact=False, is_right=False, regions=regions,
    )  # fmt: skip
    return {
        "model": digest, "snapshot": snapshot.digest, "snapshot_number": snapshot.pk,
        "training": run.pk, "model_job": job.pk, "try_out": shadow.pk,
        "conflict": conflict.pk, "conflict_answer": answers[0].pk, "wrong_value": wrong.pk,
    }  # fmt: skip
