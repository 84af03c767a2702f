"""Every change of a document type: one transaction each, recorded in it. Published versions are never touched again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.actions import Action
from appliance.audit.record import Evidence, Subject, record
from appliance.document_types.errors import NoDraft, NothingToPublish, TypeChangedMeanwhile, TypeNameTaken
from appliance.document_types.models import DocumentType, DocumentTypeVersion
from extraction.errors import SchemaError
from extraction.grammar_check import compile_widest, widest_digest
from extraction.schema import DocumentTypeSpec
from extraction.shipped_types import shipped_types


@transaction.atomic
def create_type(*, spec: DocumentTypeSpec, by: Person) -> DocumentType:
    """A new type with `spec` as its first draft. Raises TypeNameTaken."""
    document_type = _new_type(spec.name)
    _write_draft(document_type, spec, by=by)
    _record(document_type, Action.TYPE_CREATED, digest=spec.digest)
    return document_type


@transaction.atomic
def save_draft(*, document_type: DocumentType, spec: DocumentTypeSpec, by: Person) -> DocumentTypeVersion:
    """Make or replace the one draft of the type.

    `document_type.version` must be the one that the admin looked at. Raises TypeChangedMeanwhile, and SchemaError where
    the name differs: a name is for ever.
    """
    held = _hold(document_type)
    if spec.name != held.name:
        raise SchemaError(f"the name of {held.name} cannot be changed to {spec.name}")
    draft = _write_draft(held, spec, by=by)
    held.version += 1
    _record(held, Action.TYPE_EDITED, digest=spec.digest, reason=f"draft of version {draft.number}")
    return draft


@transaction.atomic
def discard_draft(*, document_type: DocumentType) -> DocumentType:
    """Throw the draft away. Raises NoDraft, TypeChangedMeanwhile."""
    held = _hold(document_type)
    draft = _draft(held)
    digest = draft.digest
    draft.delete()
    held.version += 1
    _record(held, Action.TYPE_EDITED, digest=digest, reason="draft discarded")
    return held


def publish(*, document_type: DocumentType, by: Person) -> DocumentTypeVersion:
    """Freeze the draft as the version in use. Its grammar is compiled first, in a process that is thrown away.

    Raises NoDraft, NothingToPublish, TypeChangedMeanwhile, SchemaTooCostly.
    """
    tried = compile_widest(_draft(document_type).spec)  # may take seconds, so it stands before the transaction
    return _freeze(document_type, by=by, grammar_digest=tried.digest)


@transaction.atomic
def _freeze(document_type: DocumentType, *, by: Person, grammar_digest: str) -> DocumentTypeVersion:
    held = _hold(document_type)
    draft = _draft(held)
    last = _last_published(held)
    if last is not None and last.digest == draft.digest:
        raise NothingToPublish(held.name)
    draft.published_at = timezone.now()
    draft.published_by = by
    draft.grammar_digest = grammar_digest
    draft.save(update_fields=["published_at", "published_by", "grammar_digest"])
    held.version += 1
    _record(held, Action.TYPE_PUBLISHED, digest=draft.digest, reason=f"version {draft.number}")
    return draft


@transaction.atomic
def archive(*, document_type: DocumentType) -> DocumentType:
    """Take the type out of use: it stays for its documents, new ones cannot get it. Raises TypeChangedMeanwhile."""
    return _set_archived(document_type, archived=True, action=Action.TYPE_ARCHIVED)


@transaction.atomic
def unarchive(*, document_type: DocumentType) -> DocumentType:
    """Put an archived type back into use. Raises TypeChangedMeanwhile."""
    return _set_archived(document_type, archived=False, action=Action.TYPE_RESTORED)


@transaction.atomic
def import_type(*, spec: DocumentTypeSpec, by: Person) -> DocumentType:
    """A new type with `spec` as draft, or a draft of the type of this name. Publishing stays a step of its own."""
    existing = DocumentType.objects.filter(name=spec.name).first()
    if existing is None:
        return create_type(spec=spec, by=by)
    save_draft(document_type=existing, spec=spec, by=by)
    existing.refresh_from_db()
    return existing


@transaction.atomic
def record_tried(*, version: DocumentTypeVersion, document_digest: str) -> None:
    """That a version was tried on a document of this SHA-256. Its name and what stood in it are not kept."""
    record(
        Action.TYPE_TRIED,
        subject=subject_of(version.document_type),
        reason=f"version {version.number}",
        evidence=Evidence(digests={"schema": version.digest, "document": document_digest}),
    )


@transaction.atomic
def record_exported(*, version: DocumentTypeVersion) -> None:
    record(
        Action.TYPE_EXPORTED,
        subject=subject_of(version.document_type),
        reason=f"version {version.number}",
        evidence=Evidence(digests={"schema": version.digest}),
    )


def publish_shipped_types() -> tuple[str, ...]:
    """Publish what the product ships and this box has not. Returns names of types that got a version; safe to repeat.

    A type that somebody here edited is left alone: an update must not undo a site's work.
    """
    return tuple(spec.name for spec in shipped_types() if _publish_shipped(spec))


@transaction.atomic
def _publish_shipped(spec: DocumentTypeSpec) -> bool:
    held = DocumentType.objects.select_for_update().filter(name=spec.name).first()
    if held is not None:
        versions = list(held.versions.all())
        edited_here = any(version.created_by_id for version in versions)
        if edited_here or spec.digest in {version.digest for version in versions}:
            return False
    created = held is None
    held = held or _new_type(spec.name)
    number = _next_number(held)
    _version(held, spec, number=number).save(force_insert=True)
    held.version += not created
    _record(held, Action.TYPE_PUBLISHED, digest=spec.digest, reason=f"version {number}, shipped with the product")
    return True


def subject_of(document_type: DocumentType) -> Subject:
    """How the log names a type: by its name, which never changes."""
    return Subject("document_type", document_type.name, document_type.version)


def _new_type(name: str) -> DocumentType:
    document_type, created = DocumentType.objects.get_or_create(name=name, defaults={"version": 1})
    if not created:
        raise TypeNameTaken(name)
    return document_type


def _version(document_type: DocumentType, spec: DocumentTypeSpec, *, number: int) -> DocumentTypeVersion:
    """A version published by the product itself, whose tests compile it."""
    return DocumentTypeVersion(
        document_type=document_type,
        number=number,
        schema=spec.model_dump(mode="json"),
        digest=spec.digest,
        grammar_digest=widest_digest(spec),
        published_at=timezone.now(),
    )


def _write_draft(document_type: DocumentType, spec: DocumentTypeSpec, *, by: Person) -> DocumentTypeVersion:
    draft, _ = DocumentTypeVersion.objects.update_or_create(
        document_type=document_type,
        published_at=None,
        defaults={"schema": spec.model_dump(mode="json"), "digest": spec.digest, "created_by": by},
        create_defaults={
            "schema": spec.model_dump(mode="json"),
            "digest": spec.digest,
            "created_by": by,
            "number": _next_number(document_type),
        },
    )
    return draft


def _hold(document_type: DocumentType) -> DocumentType:
    held = DocumentType.objects.select_for_update().get(pk=document_type.pk)
    if held.version != document_type.version:
        raise TypeChangedMeanwhile(held.name)
    return held


def _draft(document_type: DocumentType) -> DocumentTypeVersion:
    draft = document_type.versions.filter(published_at=None).first()
    if draft is None:
        raise NoDraft(document_type.name)
    return draft


def _last_published(document_type: DocumentType) -> DocumentTypeVersion | None:
    return document_type.versions.exclude(published_at=None).order_by("-number").first()


def _next_number(document_type: DocumentType) -> int:
    newest = document_type.versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


def _set_archived(document_type: DocumentType, *, archived: bool, action: Action) -> DocumentType:
    held = _hold(document_type)
    if held.archived != archived:
        held.archived = archived
        held.version += 1
        _record(held, action)
    return held


def _record(document_type: DocumentType, action: Action, *, digest: str = "", reason: str = "") -> None:
    document_type.save()
    record(
        action,
        subject=subject_of(document_type),
        reason=reason,
        evidence=Evidence(digests={"schema": digest} if digest else None),
    )
