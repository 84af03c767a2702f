"""Why an act of compliance is refused.

StrongroomError
└── ComplianceError
    ├── OwnRequest          own_request
    ├── MayNotDecide        may_not_decide
    ├── AlreadyDecided      already_decided
    ├── RequestExpired      request_expired
    ├── AlreadyAsked        already_asked
    ├── UnderHold           under_hold
    ├── BusyDocuments       busy_documents
    ├── NothingToDelete     nothing_to_delete
    ├── NothingToHold       nothing_to_hold
    ├── HoldReleased        hold_released
    ├── NothingToChange     nothing_to_change
    ├── ModelInForce        model_in_force
    ├── ModelUnsound        model_unsound
    ├── StoreUnreadable     store_unreadable
    ├── VerdictFailed       verdict_failed
    ├── NotMeasured         not_measured
    ├── NotJudged           not_judged
    └── NoWayBack           no_way_back
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.errors import StrongroomError


class ComplianceError(StrongroomError):
    code = "compliance_error"


class OwnRequest(ComplianceError):
    code = "own_request"
    sentence = "You asked for this yourself, with this account or with another one under your name."
    next_step = "A second person must decide. If there is none, ask the administrator for a second compliance officer."


class MayNotDecide(ComplianceError):
    code = "may_not_decide"
    sentence = "Your account may not decide on requests."
    next_step = "Ask a compliance officer."


class AlreadyDecided(ComplianceError):
    code = "already_decided"
    sentence = "This request is decided already."
    next_step = "See below by whom and how. To have something else done, ask anew."


class RequestExpired(ComplianceError):
    code = "request_expired"
    sentence = "This request waited too long and has expired. Nothing was done."
    next_step = "If it is still wanted, ask anew."


class AlreadyAsked(ComplianceError):
    code = "already_asked"
    sentence = "Somebody has asked for this already, and the request waits for a decision."
    next_step = "Look at the approvals."


class UnderHold(ComplianceError):
    """`names` are those of the holds."""

    code = "under_hold"
    sentence = "A legal hold forbids it."
    next_step = "The hold must be released first, by two persons."

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__()
        self.names = tuple(names)


class BusyDocuments(ComplianceError):
    code = "busy_documents"
    sentence = "The appliance is working on one of these documents just now. Nothing was deleted."
    next_step = "Wait a minute, then approve again."


class NothingToDelete(ComplianceError):
    code = "nothing_to_delete"
    sentence = "There is no such document, or it is deleted already."
    next_step = "Reload the page to see where it stands."


class NothingToHold(ComplianceError):
    code = "nothing_to_hold"
    sentence = "None of these ids belongs to a document."
    next_step = "Copy the id from the document's page, one a line."


class HoldReleased(ComplianceError):
    code = "hold_released"
    sentence = "This legal hold is released already."
    next_step = "To keep the documents again, place a new one."


class NothingToChange(ComplianceError):
    code = "nothing_to_change"
    sentence = "The rule says this already."
    next_step = "Change a value first."


class ModelInForce(ComplianceError):
    code = "model_in_force"
    sentence = "This model is in force already."
    next_step = "There is nothing to do: a request that still waits can be refused."


class ModelUnsound(ComplianceError):
    code = "model_unsound"
    sentence = (
        "The weights of this model are missing, or they are not the ones that its digest names. Nothing was done."
    )
    next_step = "The administrator restores the model from a backup or imports it again; then approve again."


class StoreUnreadable(ComplianceError):
    code = "store_unreadable"
    sentence = "The store of models cannot be read, or this model is no longer in it. Nothing was done."
    next_step = "The administrator finds the cause on the page of the models."


class VerdictFailed(ComplianceError):
    code = "verdict_failed"
    sentence = "This model was measured and did not pass. It cannot be put in force."
    next_step = "Its page names the reasons. Train again with more or better labels, or choose another quantization."


class NotMeasured(ComplianceError):
    code = "not_measured"
    sentence = "Nobody has measured this model on the documents of this box, though there are labelled ones."
    next_step = "Measure it first, on its page under Models; then ask again."


class NotJudged(ComplianceError):
    code = "not_judged"
    sentence = "A run judged another quantization of the same weights, and not this file."
    next_step = "Ask for the judged one, or begin a run that makes this quantization too."


class NoWayBack(ComplianceError):
    code = "no_way_back"
    sentence = "There is no model to go back to: none was in force before, or the last step was a step back already."
    next_step = "To put another model in force, open it under Models and ask; a compliance officer decides."
