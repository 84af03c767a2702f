"""Why a review step is refused.

StrongroomError
└── ReviewError
    ├── ChangedMeanwhile     changed_meanwhile
    ├── NothingExtracted     nothing_extracted
    ├── UnknownField         unknown_field
    ├── NotOnThePage         not_on_the_page
    ├── NotAnOption          not_an_option
    ├── NothingToUndo        nothing_to_undo
    └── FieldsLeft           fields_left
"""

from __future__ import annotations

from extraction.errors import StrongroomError


class ReviewError(StrongroomError):
    code = "review_error"


class ChangedMeanwhile(ReviewError):
    code = "changed_meanwhile"
    sentence = "This document was changed in another window or by somebody else."
    next_step = "Load the page again to see how it stands now, then decide once more."


class NothingExtracted(ReviewError):
    code = "nothing_extracted"
    sentence = "No fields were extracted from this document yet."
    next_step = "Wait until the appliance has read it."


class UnknownField(ReviewError):
    code = "unknown_field"
    sentence = "This document has no such field."
    next_step = "Load the page again; the document type may have changed."


class NotOnThePage(ReviewError):
    code = "not_on_the_page"
    sentence = "There are no words at this place."
    next_step = "Click the words or draw a box around them."


class NotAnOption(ReviewError):
    code = "not_an_option"
    sentence = "This field takes only one of its options."
    next_step = "Choose an option from the list."


class NothingToUndo(ReviewError):
    code = "nothing_to_undo"
    sentence = "There is no decision of yours left to undo in this document."
    next_step = "Change the field itself."


class FieldsLeft(ReviewError):
    code = "fields_left"
    sentence = "Some fields of this document are still to be checked."
    next_step = "Decide the fields in the list, then finish."
