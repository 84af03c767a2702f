"""Why work on a document is refused or stopped, beside what reading and extraction themselves report.

StrongroomError
└── DocumentError
    ├── TypeUnknown         type_unknown
    ├── DocumentBusy        document_busy
    ├── ClaimedBySomebody   claimed_by_somebody
    ├── DocumentFinished    document_finished
    ├── NothingToRetry      nothing_to_retry
    ├── NotFinished         not_finished
    ├── NothingChosen       nothing_chosen
    ├── NothingSent         nothing_sent
    ├── FileMissing         file_missing
    ├── StorageFull         storage_full
    ├── StorageFailed       storage_failed
    ├── DatabaseAway        database_away
    ├── QueueFull           queue_full
    ├── TooManyUploads      too_many_uploads
    ├── NotRecorded         log_unavailable
    ├── TookTooLong         took_too_long
    ├── WorkerLost          worker_lost
    └── InternalError       internal_error
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.errors import StrongroomError


class DocumentError(StrongroomError):
    code = "document_error"


class TypeUnknown(DocumentError):
    code = "type_unknown"
    sentence = "There is no document type of this name in use."
    next_step = "Choose one from the list."


class DocumentBusy(DocumentError):
    code = "document_busy"
    sentence = "The appliance is working on this document just now."
    next_step = "Wait until it is done, then try again."


class ClaimedBySomebody(DocumentError):
    code = "claimed_by_somebody"
    sentence = "Somebody else is reviewing this document."
    next_step = "Ask them to release it, or wait until they are done."


class DocumentFinished(DocumentError):
    code = "document_finished"
    sentence = "The review of this document is finished."
    next_step = "Open its review again first."


class NothingToRetry(DocumentError):
    code = "nothing_to_retry"
    sentence = "This document was not set aside, so there is nothing to try again."
    next_step = "Reload the page to see where it stands."


class NotFinished(DocumentError):
    code = "not_finished"
    sentence = "Only documents whose review is finished can be exported."
    next_step = "Finish the review, then export."

    def __init__(self, *, untrusted_names: Sequence[str] = ()) -> None:
        super().__init__()
        self.untrusted_names = tuple(untrusted_names)


class NothingChosen(DocumentError):
    code = "nothing_chosen"
    sentence = "No document was chosen."
    next_step = "Tick the documents in the list first."


class NothingSent(DocumentError):
    code = "nothing_sent"
    sentence = "No file arrived."
    next_step = "Choose a file and upload it again."


class FileMissing(DocumentError):
    code = "file_missing"
    sentence = "This file cannot be opened."
    next_step = "Check the path and who may read it."


class StorageFull(DocumentError):
    code = "storage_full"
    sentence = "The appliance's disk is nearly full, so it takes no new files just now."
    next_step = "Tell the administrator. What was uploaded before is safe and can be reviewed; try again later."


class StorageFailed(DocumentError):
    code = "storage_failed"
    sentence = "The appliance's disk did not store this file."
    next_step = "Tell the administrator that the disk reports errors, and upload the file again later."


class DatabaseAway(DocumentError):
    code = "database_away"
    sentence = "The appliance's database does not answer just now."
    next_step = "Wait a minute and look whether the file is in the list; if it is not, upload it again."


class QueueFull(DocumentError):
    code = "queue_full"
    sentence = "So many documents wait to be read that the appliance takes no new files just now."
    next_step = "Try again when the list of waiting documents is shorter."


class TooManyUploads(DocumentError):
    code = "too_many_uploads"
    sentence = "You have uploaded as much as one person may within 24 hours."
    next_step = "Try again tomorrow, or ask the administrator to raise the limit."


class NotRecorded(DocumentError):
    code = "log_unavailable"
    sentence = "Nothing was done, because it could not be recorded in the log."
    next_step = "Tell the administrator; when the log works again, do it once more."


class TookTooLong(DocumentError):
    code = "took_too_long"
    sentence = "The work on this document did not end within the time that is allowed for one document."
    next_step = "Try it again once. If that fails too, give the document to the administrator."


class WorkerLost(DocumentError):
    code = "worker_lost"
    sentence = "The appliance stopped several times while it worked on this document."
    next_step = "Try again; if it happens again, tell the administrator and fill in the fields by hand."


class InternalError(DocumentError):
    code = "internal_error"
    sentence = "Something went wrong inside the appliance while it worked on this document."
    next_step = "Try again; if it happens again, tell the administrator."
