"""From corrections to a model: snapshots of labelled documents, runs of training, what they made, how it is tried out.

Bytes of models lie in the store (`models_store`) under their digests; rows here hold digests only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from appliance.retraining.registry.models import ModelJob  # noqa: F401 -- Django looks for all models of an app here
from appliance.sealing.fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField


class Part(models.TextChoices):
    """Which part of a snapshot a document is in. No document and no sender is in two of them."""

    TRAIN = "train", "Train"
    CALIBRATION = "calibration", "Calibrate"
    TEST = "test", "Test"


class Source(models.TextChoices):
    REVIEW = "review", "Reviewed here"
    IMPORT = "import", "Imported labels"


class Snapshot(models.Model):
    """An immutable set of labelled documents of one type version; `digest` covers all entries by their digests.

    `options`: how it was cut. `counts`: documents by part, values by field, what was left out and why.
    """

    digest = models.CharField(max_length=64, unique=True)
    type_version = models.ForeignKey(
        "document_types.DocumentTypeVersion", on_delete=models.PROTECT, related_name="snapshots"
    )
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.digest[:12]


class SnapshotEntry(models.Model):
    """One labelled document of a snapshot. `digest` is that of its content, which stays when the content is withdrawn.

    `fields`: the label, nested, null where the document does not hold the field. `spans`: [start, end) in the flat text
    by path. `text`: of imported labels only; the text of a document of this box stands in its pages.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    part = models.CharField(max_length=12, choices=Part.choices)
    source = models.CharField(max_length=8, choices=Source.choices)
    digest = models.CharField(max_length=64)
    document_id = models.UUIDField(null=True, db_index=True, help_text="No foreign key: the entry outlives it, empty.")
    original_sha256 = models.CharField(max_length=64, db_index=True, help_text="Of an imported label, its text's.")
    text_sha256 = models.CharField(max_length=64, default="", help_text="Of the text as the label file holds it.")
    sender = EncryptedTextField(of="document_id", blank=True)
    labelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField(default=1.0)
    text = EncryptedTextField(of="document_id", blank=True)
    fields = EncryptedJSONField(of="document_id", null=True)
    spans = EncryptedJSONField(of="document_id", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("snapshot", "position")
        constraints = (models.UniqueConstraint(fields=("snapshot", "position"), name="one_entry_per_position"),)


class ImportedLabel(models.Model):
    """A labelled document that a site brought along as a line of JSON. Its text is all there is of it."""

    document_type = models.ForeignKey(
        "document_types.DocumentType", on_delete=models.PROTECT, related_name="imported_labels"
    )
    text_sha256 = models.CharField(max_length=64, db_index=True)
    untrusted_text = EncryptedTextField()
    fields = EncryptedJSONField()
    spans = EncryptedJSONField(default=dict)
    sender = EncryptedTextField(blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("imported_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("document_type", "text_sha256"), name="one_imported_label_per_text"),
        )


class LabelImport(models.Model):
    """A file of labels that was looked through and waits for the admin's yes; the row goes with the answer."""

    document_type = models.OneToOneField(
        "document_types.DocumentType", on_delete=models.PROTECT, related_name="label_import"
    )
    untrusted_name = EncryptedTextField()
    untrusted_content = EncryptedBinaryField()
    staged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staged_at = models.DateTimeField(auto_now_add=True)


class DocumentLabel(models.Model):
    """What a reviewed document says for training: made from its values and decisions, made anew when they change.

    `fields` and `spans`: as of an entry; a field that is missing there is not asked, `left_out` says why by path.
    `sketch`: of the words of its text, for near duplicates.
    """

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="label")
    document_version = models.PositiveIntegerField(help_text="Of the document when this was made.")
    type_version = models.ForeignKey(
        "document_types.DocumentTypeVersion", on_delete=models.PROTECT, related_name="labels"
    )
    labelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    labelled_at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64, db_index=True)
    sketch = EncryptedJSONField(of="document_id")
    fields = EncryptedJSONField(of="document_id")
    spans = EncryptedJSONField(of="document_id")
    left_out = models.JSONField(default=dict)
    answers = EncryptedJSONField(
        of="document_id", default=dict, help_text="By path: who answered, and where on the page."
    )

    class Meta:
        ordering = ("labelled_at", "pk")


class Conflict(models.Model):
    """Persons answered one path of the same original, or of equal texts, differently; a second reviewer decides.

    Undecided, and where none of the answers is `chosen`, the path trains nothing.
    """

    document_type = models.ForeignKey(
        "document_types.DocumentType", on_delete=models.PROTECT, related_name="training_conflicts"
    )
    path = models.CharField(max_length=200)
    found_at = models.DateTimeField(auto_now_add=True)
    chosen = models.ForeignKey("ConflictAnswer", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("found_at", "pk")


class ConflictAnswer(models.Model):
    """One of the answers of a conflict. `untrusted_text` null: not in the document. `regions`: where it stands."""

    conflict = models.ForeignKey(Conflict, on_delete=models.CASCADE, related_name="answers")
    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    untrusted_text = EncryptedTextField(of="document_id", null=True, help_text="Null: not in the document.")
    value = EncryptedJSONField(of="document_id", null=True, help_text="As the label's field holds it.")
    spans = models.JSONField(default=dict)
    regions = models.JSONField(default=list)

    class Meta:
        ordering = ("conflict", "pk")


class Withdrawal(models.Model):
    """An original that must not teach any more; models that it taught are due to be trained again without it."""

    original_sha256 = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=500)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(auto_now_add=True)


class RunState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    DONE = "done", "Done"


class Preset(models.TextChoices):
    QUICK = "quick", "Quick"
    THOROUGH = "thorough", "Thorough"
    OWN = "own", "Own settings"


class TrainingRun(models.Model):
    """One way from a snapshot to candidates with a verdict. `lease_until`, `attempt`, `fencing_token`: as of a Job.

    `options`: of the tuning, the quantizations, the teacher. `points`: the thinned curve of loss and calibration.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    base_digest = models.CharField(max_length=64)
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.QUICK)
    options = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING, db_index=True)
    stop_asked = models.BooleanField(default=False)
    not_before = models.DateTimeField(null=True, help_text="The next hour of its window.")
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fencing_token = models.PositiveBigIntegerField(default=0)
    estimate = models.JSONField(default=dict, help_text="minutes, memory_bytes")
    points = models.JSONField(default=list)
    verdict = models.JSONField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    schedule = models.ForeignKey("Schedule", null=True, on_delete=models.SET_NULL, related_name="runs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-asked_at",)


class StepName(models.TextChoices):
    PREPARE = "prepare", "Write the data"
    TEACH = "teach", "Let the teacher label"
    TUNE = "tune", "Train"
    MERGE = "merge", "Merge"
    CONVERT = "convert", "Convert"
    QUANTIZE = "quantize", "Quantize"
    EVALUATE = "evaluate", "Measure"
    JUDGE = "judge", "Judge"
    KEEP = "keep", "Keep the candidates"


class RunStep(models.Model):
    """A tracked step of a run. `subject`: the quantization, or which model is measured; digests before and after."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=10, choices=StepName.choices)
    subject = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    digest_before = models.CharField(max_length=64, blank=True)
    digest_after = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("run", "position")
        constraints = (models.UniqueConstraint(fields=("run", "position"), name="one_step_per_position"),)


class Measured(models.Model):
    """One model file measured on a snapshot's frozen test part. `summary`: as `models_store.evaluation` gives it;
    `factory_summary`: the same on the fixed made-up set against forgetting, {} where it was not measured.

    `role`: what the model is to the run, such as "candidate Q8_0", "full precision", "in force".
    """

    run = models.ForeignKey(TrainingRun, null=True, on_delete=models.CASCADE, related_name="measured")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="measured")
    model_digest = models.CharField(max_length=64, db_index=True)
    quantization = models.CharField(max_length=12, blank=True)
    role = models.CharField(max_length=40)
    is_candidate = models.BooleanField(default=False)
    is_chosen = models.BooleanField(default=False)
    size = models.PositiveBigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    factory_summary = models.JSONField(default=dict)
    verdict = models.JSONField(null=True)
    measured_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)


class MeasuredValue(models.Model):
    """One field of one test document, as a measured model answered it; the gallery of errors shows the wrong ones."""

    measured = models.ForeignKey(Measured, on_delete=models.CASCADE, related_name="values")
    entry = models.ForeignKey(SnapshotEntry, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    expected = EncryptedTextField(of="entry.document_id", null=True, help_text="Null: not in the document.")
    untrusted_got = EncryptedTextField(of="entry.document_id", null=True, help_text="Null: not in the document.")
    is_exact = models.BooleanField()
    is_right = models.BooleanField()
    confidence = models.FloatField(null=True)
    regions = models.JSONField(default=list, help_text="Where the answer was read: page number and box in fractions.")

    class Meta:
        ordering = ("measured", "entry", "path")


class Schedule(models.Model):
    """Trains by itself: on these days from this hour on, when so many newly reviewed documents are there."""

    document_type = models.OneToOneField(
        "document_types.DocumentType", on_delete=models.PROTECT, related_name="training_schedule"
    )
    is_on = models.BooleanField(default=True)
    weekdays = models.JSONField(default=list, help_text="0 is Monday.")
    from_hour = models.PositiveSmallIntegerField(default=20, help_text="Of local time; training rests outside.")
    until_hour = models.PositiveSmallIntegerField(default=6)
    least_new_documents = models.PositiveIntegerField(default=50)
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.QUICK)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=0)


class ShadowRun(models.Model):
    """A candidate reads live documents beside the model in force; its answers are compared, never shown as results.

    `ended_because`: "enough", "by hand", "in force", or the code of what went wrong.
    """

    model_digest = models.CharField(max_length=64, db_index=True)
    document_type = models.CharField(max_length=64, blank=True, help_text="Of an adapter: the one that it reads.")
    documents_wanted = models.PositiveIntegerField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-begun_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("model_digest",), condition=models.Q(ended_at=None), name="one_live_shadow"
            ),
        )


class ShadowResult(models.Model):
    """How the shadow did on one document, and on which paths it differs from the run that counts: paths, no answers.

    `values`: paths that either of the two answered. `is_valid`: the shadow gave an answer at all.
    """

    shadow = models.ForeignKey(ShadowRun, on_delete=models.CASCADE, related_name="results")
    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="+")
    extraction = models.ForeignKey("documents.Extraction", on_delete=models.CASCADE, related_name="+")
    values = models.PositiveIntegerField()
    differing = models.JSONField(default=list)
    is_valid = models.BooleanField()
    seconds = models.FloatField()
    seconds_in_force = models.FloatField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (models.UniqueConstraint(fields=("shadow", "document"), name="one_shadow_result_per_document"),)


class ServingAlarm(models.Model):
    """The model in force could not be loaded, so the previous one serves; closed when it can be loaded again.

    `document_type`: the one whose own adapter it is; empty for the model of all types.
    """

    document_type = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    serving = models.CharField(max_length=64, blank=True, help_text="Empty where no model serves.")
    reason = models.TextField()
    raised_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-raised_at",)
