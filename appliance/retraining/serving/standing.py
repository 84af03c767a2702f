"""Whether a model may be asked for: what the gate said of it, or whether there is anything to measure it on."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from appliance.compliance.models import Promotion
from appliance.retraining.models import Measured, Part, SnapshotEntry


class Standing(StrEnum):
    """FAILED and TO_BE_MEASURED may not be put in force.

    UNMEASURABLE: nobody measured it, and this box has no labelled documents yet; so a first model can come in force.
    """

    PASSED = "passed"
    FAILED = "failed"
    MEASURED = "measured"
    SERVED = "served"
    UNMEASURABLE = "unmeasurable"
    TO_BE_MEASURED = "to be measured"

    @property
    def may_be_asked_for(self) -> bool:
        return self not in (Standing.FAILED, Standing.TO_BE_MEASURED)


def standing_of(digest: str) -> Standing:
    """The newest verdict counts. Without one: it was measured, it was in force before, or neither."""
    judged = Measured.objects.filter(model_digest=digest, verdict__isnull=False).last()
    if judged is not None and judged.verdict is not None:
        return Standing.PASSED if judged.verdict["passed"] is True else Standing.FAILED
    if Measured.objects.filter(model_digest=digest).exists():
        return Standing.MEASURED
    if Promotion.objects.filter(Q(digest=digest) | Q(instead_of=digest), moved_at__isnull=False).exists():
        return Standing.SERVED
    can_be_measured = SnapshotEntry.objects.filter(part=Part.TEST, withdrawn_at=None).exists()
    return Standing.TO_BE_MEASURED if can_be_measured else Standing.UNMEASURABLE
