"""Why an act on training data is refused.

StrongroomError
└── DatasetError
    ├── TooFewDocuments     too_few_documents
    ├── EntryChanged        entry_changed
    ├── OwnConflict         own_conflict
    ├── ConflictGone        conflict_gone
    ├── AlreadyWithdrawn    already_withdrawn
    ├── FileTooLarge        labels_too_large
    ├── FileUnreadable      labels_unreadable
    └── NothingStaged       nothing_staged
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class DatasetError(StrongroomError):
    code = "dataset_error"


class TooFewDocuments(DatasetError):
    code = "too_few_documents"
    sentence = "There are too few labelled documents to train, and to measure what was learnt."
    next_step = "Review more documents of this type, or import labels; five are the least, fifty show a difference."


class EntryChanged(DatasetError):
    code = "entry_changed"
    sentence = "The pages of a document are not the ones that this snapshot was made of."
    next_step = "Make a new snapshot and train with that one."


class OwnConflict(DatasetError):
    code = "own_conflict"
    sentence = "One of these answers is yours, so somebody else decides."
    next_step = "Ask a colleague who took no part in either review."


class ConflictGone(DatasetError):
    code = "conflict_gone"
    sentence = "These answers do not differ any more, or somebody has decided already."
    next_step = "Reload the list of conflicts."


class AlreadyWithdrawn(DatasetError):
    code = "already_withdrawn"
    sentence = "This document is withdrawn from training already."
    next_step = "There is nothing to do: no later snapshot holds it."


class FileTooLarge(DatasetError):
    code = "labels_too_large"
    sentence = "This file of labels is too large."
    next_step = "Cut it into files of at most 16 MB and import them one after the other."


class FileUnreadable(DatasetError):
    code = "labels_unreadable"
    sentence = "This file cannot be read as labels."
    next_step = "Give JSON lines, chat messages or CSV, in UTF-8, as the page describes them."


class NothingStaged(DatasetError):
    code = "nothing_staged"
    sentence = "There is no file of labels that waits for your yes."
    next_step = "Choose the file again."
