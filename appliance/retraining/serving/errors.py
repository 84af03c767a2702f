"""Why a try-out cannot be begun or ended.

StrongroomError
└── ComplianceError
    └── ShadowError
        ├── AlreadyTriedOut     already_tried_out
        ├── NothingToTryOut     nothing_to_try_out
        └── TryOutEnded         try_out_ended
"""

from __future__ import annotations

from appliance.compliance.errors import ComplianceError


class ShadowError(ComplianceError):
    code = "shadow_error"


class AlreadyTriedOut(ShadowError):
    code = "already_tried_out"
    sentence = "This model is being tried out already."
    next_step = "Look at its page; end that try-out before you begin another one."


class NothingToTryOut(ShadowError):
    code = "nothing_to_try_out"
    sentence = "This model is in force itself, or it is not in the store any more."
    next_step = "Choose another one under Models."


class TryOutEnded(ShadowError):
    code = "try_out_ended"
    sentence = "This try-out has ended already."
    next_step = "Its figures stay; begin a new one to have more."
