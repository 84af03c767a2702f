"""Why a check of the log is not begun."""

from __future__ import annotations

from extraction.errors import StrongroomError


class CheckBusy(StrongroomError):
    code = "check_busy"
    sentence = "The log is being checked just now."
    next_step = "Wait for its answer; it is shown on this page."
