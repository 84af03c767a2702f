"""The closed list of what can be recorded. Nothing else gets into the log."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    LOGGED_IN = "logged_in", "Logged in"
    LOGGED_OUT = "logged_out", "Logged out"
    LOGIN_FAILED = "login_failed", "Log-in failed"
    LOCKED_OUT = "locked_out", "Locked out after failed log-ins"
    ACCESS_REFUSED = "access_refused", "Access refused"
    PERSON_CREATED = "person_created", "Person created"
    PERSON_CHANGED = "person_changed", "Person changed"
    ROLE_CHANGED = "role_changed", "Role changed"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    TYPE_CREATED = "type_created", "Document type created"
    TYPE_EDITED = "type_edited", "Document type draft edited"
    TYPE_PUBLISHED = "type_published", "Document type version published"
    TYPE_ARCHIVED = "type_archived", "Document type archived"
    TYPE_RESTORED = "type_restored", "Document type put back into use"
    TYPE_TRIED = "type_tried", "Document type tried on a sample"
    TYPE_EXPORTED = "type_exported", "Document type exported"
    DOCUMENT_UPLOADED = "document_uploaded", "Document uploaded"
    DOCUMENT_READING = "document_reading", "Reading started"
    DOCUMENT_READ = "document_read", "Document read"
    DOCUMENT_TYPE_SET = "document_type_set", "Document type set"
    DOCUMENT_EXTRACTING = "document_extracting", "Extraction started"
    DOCUMENT_EXTRACTED = "document_extracted", "Fields extracted"
    DOCUMENT_QUARANTINED = "document_quarantined", "Document set aside"
    DOCUMENT_RETRIED = "document_retried", "Document tried again"
    DOCUMENT_CLAIMED = "document_claimed", "Document claimed for review"
    DOCUMENT_RELEASED = "document_released", "Document released"
    VALUE_DECIDED = "value_decided", "Value confirmed or corrected"
    DOCUMENT_FINISHED = "document_finished", "Review finished"
    DOCUMENT_REOPENED = "document_reopened", "Review reopened"
    DOCUMENT_EXPORTED = "document_exported", "Document exported"
    DOCUMENT_VIEWED = "document_viewed", "Document viewed"
    ORIGINAL_DOWNLOADED = "original_downloaded", "Original downloaded"
    LOG_VIEWED = "log_viewed", "Log viewed"
    LOG_EXPORTED = "log_exported", "Log exported"
    LOG_CHECK_ASKED = "log_check_asked", "Check of the log asked for"
    LOG_CHECKED = "log_checked", "Log checked"
    WITNESS_REGISTERED = "witness_registered", "Counter-signer's key registered"
    CHECKPOINT_COUNTERSIGNED = "checkpoint_countersigned", "Checkpoint counter-signed"
    TIMELINE_VIEWED = "timeline_viewed", "Document timeline viewed"
    DOSSIER_VIEWED = "dossier_viewed", "Dossier viewed"
    DOSSIER_EXPORTED = "dossier_exported", "Dossier exported"
    LINEAGE_VIEWED = "lineage_viewed", "Lineage viewed"
    REPLAY_ASKED = "replay_asked", "Replay asked for"
    REPLAY_RUN = "replay_run", "Extraction replayed"
    APPROVAL_ASKED = "approval_asked", "Approval asked for"
    APPROVAL_GRANTED = "approval_granted", "Approval granted"
    APPROVAL_REFUSED = "approval_refused", "Approval refused"
    APPROVAL_WITHDRAWN = "approval_withdrawn", "Request for approval withdrawn"
    APPROVAL_EXPIRED = "approval_expired", "Request for approval expired"
    DOCUMENT_DELETED = "document_deleted", "Document deleted"
    DOCUMENT_UNLINKED = "document_unlinked", "Link to a deleted document removed"
    FILES_ERASED = "files_erased", "Files of a deleted document erased"
    HOLD_PLACED = "hold_placed", "Legal hold placed"
    HOLD_RELEASED = "hold_released", "Legal hold released"
    RETENTION_CHANGED = "retention_changed", "Retention rule changed"
    RETENTION_RUN = "retention_run", "Retention looked for what is due"
    COMPLIANCE_VIEWED = "compliance_viewed", "Compliance page viewed"
    RIGHTS_EXPORTED = "rights_exported", "Rights matrix exported"
    MODEL_INSTALLED = "model_installed", "Model installed"
    MODEL_PROMOTED = "model_promoted", "Model promoted"
    MODEL_ROLLED_BACK = "model_rolled_back", "Previous model put back in force"
    MODEL_FELL_BACK = "model_fell_back", "Previous model serves: the one in force failed"
    MODEL_RECOVERED = "model_recovered", "Model in force serves again"
    MODEL_JOB_ASKED = "model_job_asked", "Work on a model asked for"
    MODEL_JOB_STOPPED = "model_job_stopped", "Work on a model stopped"
    MODEL_IMPORTED = "model_imported", "Model imported"
    MODEL_EXPORTED = "model_exported", "Model exported"
    MODEL_COPIED = "model_copied", "Model copied"
    MODEL_QUANTIZED = "model_quantized", "Model quantized"
    MODEL_EVALUATED = "model_evaluated", "Model measured"
    MODEL_REMOVED = "model_removed", "Model removed"
    SHADOW_BEGUN = "shadow_begun", "Try-out of a candidate begun"
    SHADOW_ENDED = "shadow_ended", "Try-out of a candidate ended"
    DATASET_VIEWED = "dataset_viewed", "Training data viewed"
    DATASET_MADE = "dataset_made", "Snapshot of training data made"
    DATASET_EXPORTED = "dataset_exported", "Training data exported"
    LABELS_IMPORTED = "labels_imported", "Labels imported"
    CONFLICT_DECIDED = "conflict_decided", "Conflicting corrections decided"
    DOCUMENT_WITHDRAWN = "document_withdrawn", "Document withdrawn from training"
    RUN_ASKED = "run_asked", "Training asked for"
    RUN_STARTED = "run_started", "Training started"
    RUN_STOPPED = "run_stopped", "Training stopped"
    RUN_RESUMED = "run_resumed", "Training resumed"
    RUN_FINISHED = "run_finished", "Training finished with a verdict"
    RUN_FAILED = "run_failed", "Training failed"
    RUN_DISCARDED = "run_discarded", "Files of a training discarded"
    ERRORS_VIEWED = "errors_viewed", "Errors of a model viewed"
    SCHEDULE_CHANGED = "schedule_changed", "Training schedule changed"
    APPLIANCE_STARTED = "appliance_started", "Appliance started"
    SEQUENCER_STARTED = "sequencer_started", "Keeping of the log started"
    CHECKPOINT_SIGNED = "checkpoint_signed", "Checkpoint of the log signed"
    LOG_KEY_CHANGED = "log_key_changed", "Key of the log changed"
    SEALING_KEY_CHANGED = "sealing_key_changed", "Key for encryption at rest changed"
    CLOCK_MOVED = "clock_moved", "Clock of the appliance moved"
    RECORD_FORGED = "record_forged", "Forged record found and kept out of the log"
    LOG_RECONCILED = "log_reconciled", "Log compared with the records of the appliance"

    @property
    def is_read(self) -> bool:
        """Reads and refusals change nothing, so they take no new version of their object."""
        return self in _READS

    @property
    def is_sensitive(self) -> bool:
        """Answered only when its record is in the signed tree."""
        return self in _SENSITIVE


def action_choices() -> list[tuple[str, str]]:
    """Named by the migrations instead of the list itself, so that a new action needs none."""
    return Action.choices


_SENSITIVE = frozenset(
    {
        Action.PERSON_CREATED,
        Action.PERSON_CHANGED,
        Action.ROLE_CHANGED,
        Action.DOCUMENT_EXPORTED,
        Action.LOG_EXPORTED,
        Action.DOSSIER_EXPORTED,
        Action.MODEL_PROMOTED,
        Action.MODEL_ROLLED_BACK,
        Action.MODEL_EXPORTED,
        Action.MODEL_REMOVED,
        Action.DATASET_EXPORTED,
        Action.DOCUMENT_WITHDRAWN,
        Action.APPROVAL_GRANTED,
        Action.DOCUMENT_DELETED,
        Action.HOLD_PLACED,
        Action.HOLD_RELEASED,
        Action.RETENTION_CHANGED,
        Action.SEALING_KEY_CHANGED,
    }
)
_READS = frozenset(
    {
        Action.LOGGED_IN,
        Action.LOGGED_OUT,
        Action.LOGIN_FAILED,
        Action.LOCKED_OUT,
        Action.ACCESS_REFUSED,
        Action.TYPE_TRIED,
        Action.TYPE_EXPORTED,
        Action.DOCUMENT_VIEWED,
        Action.ORIGINAL_DOWNLOADED,
        Action.LOG_VIEWED,
        Action.LOG_EXPORTED,
        Action.LOG_CHECK_ASKED,
        Action.LOG_CHECKED,
        Action.CHECKPOINT_COUNTERSIGNED,
        Action.TIMELINE_VIEWED,
        Action.DOSSIER_VIEWED,
        Action.DOSSIER_EXPORTED,
        Action.LINEAGE_VIEWED,
        Action.MODEL_EXPORTED,
        Action.DATASET_VIEWED,
        Action.DATASET_EXPORTED,
        Action.ERRORS_VIEWED,
        Action.REPLAY_ASKED,
        Action.REPLAY_RUN,
        Action.FILES_ERASED,
        Action.RETENTION_RUN,
        Action.COMPLIANCE_VIEWED,
        Action.RIGHTS_EXPORTED,
        Action.APPLIANCE_STARTED,
        Action.SEQUENCER_STARTED,
        Action.CHECKPOINT_SIGNED,
        Action.CLOCK_MOVED,
        Action.RECORD_FORGED,
        Action.LOG_RECONCILED,
    }
)


class Outcome(models.TextChoices):
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"
