"""Documents, their pages, the jobs that work on them, and what the jobs found.

Bytes (originals, page images) lie in the blob store under their SHA-256; rows hold only digests. What a document says
is encrypted under its own key (`appliance.sealing`).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from appliance.documents.states import State
from appliance.sealing.fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField

_DOCUMENT = "extraction.document_id"


class Document(models.Model):
    """One uploaded file. The original never changes; `version` counts the audited changes of this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    untrusted_name = EncryptedTextField(of="id", help_text="The file name as the browser sent it.")
    media_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED, db_index=True)
    error_code = models.CharField(max_length=40, blank=True)
    findings = models.JSONField(default=list)
    document_type = models.ForeignKey(
        "document_types.DocumentType", null=True, on_delete=models.PROTECT, related_name="documents"
    )
    type_confidence = models.FloatField(null=True, help_text="How sure the appliance was of the type; null = chosen.")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="attachments")
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    sender = EncryptedTextField(of="id", blank=True, help_text="Who issued it, where known; splits datasets.")
    page_count = models.PositiveIntegerField(default=0)
    reader_digest = models.CharField(max_length=64, blank=True)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    fields_to_check = models.PositiveIntegerField(default=0)
    current_extraction = models.ForeignKey(
        "Extraction",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The run that counts; a run that is reused may be older than others.",
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="claimed_documents"
    )
    claimed_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-uploaded_at",)
        indexes = (models.Index(fields=("state", "uploaded_at")),)

    def __str__(self) -> str:
        return str(self.id)


class Page(models.Model):
    """One page as read: `words` is the compact form of `stored_pages.py`; the image is a PNG in the blob store."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.PositiveIntegerField(help_text="pixels of the image")
    height = models.PositiveIntegerField(help_text="pixels of the image")
    words = EncryptedJSONField(of="document_id")
    word_count = models.PositiveIntegerField(default=0)
    image_sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ("document", "number")
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="one_page_per_number"),)


class Stage(models.TextChoices):
    READ = "read", "Reading"
    EXTRACT = "extract", "Extraction"
    REPLAY = "replay", "Replay"
    SHADOW = "shadow", "Try-out of a candidate"


class JobState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """The queue of record. A broker message carries only a job's id; who holds the current `fencing_token` may write.

    `lease_until` of a running job is its lease; of a waiting job, the time before which it is not tried again.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="jobs")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fencing_token = models.PositiveBigIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=("state", "lease_until")),)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "stage"),
                condition=models.Q(state__in=("waiting", "running")),
                name="one_live_job_per_stage",
            ),
        )


class Extraction(models.Model):
    """One immutable run of a model over a document. `key` is made of all digests: equal keys mean equal results."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="extractions")
    type_version = models.ForeignKey(
        "document_types.DocumentTypeVersion", on_delete=models.PROTECT, related_name="extractions"
    )
    key = models.CharField(max_length=64)
    model_digest = models.CharField(max_length=64)
    prompt_digest = models.CharField(max_length=64)
    schema_digest = models.CharField(max_length=64)
    reader_digest = models.CharField(max_length=64)
    grammar_digest = models.CharField(max_length=64)
    pages_total = models.PositiveIntegerField()
    pages_covered = models.PositiveIntegerField()
    windows = models.PositiveIntegerField()
    seconds = models.FloatField()
    issues = EncryptedJSONField(of="document_id", default=list)
    engine = models.TextField(blank=True, help_text="What computed the answers: packages, threads, processor.")
    page_digests = EncryptedJSONField(
        of="document_id", default=list, help_text="SHA-256 of each page's words as the run saw them."
    )
    salt = EncryptedTextField(
        of="document_id", blank=True, help_text="Of the log's commitments to this run; empty for runs that made none."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=("document", "key"), name="one_extraction_per_key"),)


class FieldValue(models.Model):
    """One value of an extraction, as `extraction.records.FieldValue`; `path` is written "line_items[0].amount"."""

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="values")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    raw = EncryptedTextField(of=_DOCUMENT, null=True, help_text='Null is "not in the document", not empty.')
    normal = EncryptedTextField(of=_DOCUMENT, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    alternatives = EncryptedJSONField(of=_DOCUMENT, default=list)
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    regions = models.JSONField(default=list)
    occurrences = models.PositiveIntegerField(default=0)
    confidence = models.FloatField()
    ocr_confidence = models.FloatField(null=True)
    reasons = EncryptedJSONField(of=_DOCUMENT, default=list)

    class Meta:
        ordering = ("extraction", "position")
        constraints = (models.UniqueConstraint(fields=("extraction", "path"), name="one_value_per_path"),)


class ModelAnswer(models.Model):
    """One answer of the model during a run, as `extraction.transcript.Turn`. It quotes the document, dies with it."""

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveIntegerField()
    question = EncryptedTextField(of=_DOCUMENT, help_text="SHA-256 of prompt and grammar.")
    answer = EncryptedBinaryField(of=_DOCUMENT)
    tokens = EncryptedBinaryField(of=_DOCUMENT, help_text="Numbers of 32 bits, little-endian.")
    ends = EncryptedBinaryField(of=_DOCUMENT, help_text="The byte behind each token, in the same form.")
    finished = models.BooleanField()

    class Meta:
        ordering = ("extraction", "position")
        constraints = (models.UniqueConstraint(fields=("extraction", "position"), name="one_answer_per_position"),)


class DigestText(models.Model):
    """The text that a reader, prompt or grammar digest was made of: a digest alone would say nothing to a person."""

    digest = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()
