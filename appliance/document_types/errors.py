"""Why a change of document types is refused. A schema that is not valid is `extraction.errors.SchemaError`.

StrongroomError
└── DocumentTypeError
    ├── TypeNameTaken           type_name_taken
    ├── TypeChangedMeanwhile    type_changed_meanwhile
    ├── NoDraft                 no_draft
    ├── NothingToPublish        nothing_to_publish
    └── NotATypeFile            not_a_type_file
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class DocumentTypeError(StrongroomError):
    code = "document_type_error"


class TypeNameTaken(DocumentTypeError):
    code = "type_name_taken"
    sentence = "A document type of this name exists already."
    next_step = "Choose another name, or open that type and edit it."


class TypeChangedMeanwhile(DocumentTypeError):
    code = "type_changed_meanwhile"
    sentence = "Somebody else changed this document type meanwhile; nothing of yours was saved."
    next_step = "Open the type in a second tab, compare, and save once more from here to replace it."


class NoDraft(DocumentTypeError):
    code = "no_draft"
    sentence = "This document type has no draft."
    next_step = "Edit the type and save a draft first."


class NothingToPublish(DocumentTypeError):
    code = "nothing_to_publish"
    sentence = "The draft is the same as the version in use."
    next_step = "Change the draft, or discard it."


class NotATypeFile(DocumentTypeError):
    code = "not_a_type_file"
    sentence = "This file is not a document type."
    next_step = "Choose a JSON file that was exported here, or a JSON Schema of an object."


class TrialBusy(DocumentTypeError):
    code = "trial_busy"
    sentence = "Another document is being tried on this box right now."
    next_step = "Wait a minute and try again."
