"""Whether a model may be asked for: what the gate said of it, or whether there is anything to measure it on."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db.models import Q

from appliance.compliance.models import Promotion
from appliance.retraining.models import Measured, Part, SnapshotEntry
from models_store import store


class Standing(StrEnum):
    """FAILED, UNJUDGED and TO_BE_MEASURED may not be put in force.

    UNJUDGED: another quantization of the same weights was judged, this file was not; else a refused model would come in
    force as another file of it.

    UNMEASURABLE: nobody measured it, and this box has no labelled documents yet; so a first model can come in force.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNJUDGED = "unjudged"
    MEASURED = "measured"
    SERVED = "served"
    UNMEASURABLE = "unmeasurable"
    TO_BE_MEASURED = "to be measured"

    @property
    def may_be_asked_for(self) -> bool:
        return self not in (Standing.FAILED, Standing.UNJUDGED, Standing.TO_BE_MEASURED)


def standing_of(digest: str) -> Standing:
    """The newest verdict counts. Without one: it was measured, it was in force before, or neither."""
    judged = Measured.objects.filter(model_digest=digest, verdict__isnull=False).last()
    if judged is not None and judged.verdict is not None:
        return Standing.PASSED if judged.verdict["passed"] is True else Standing.FAILED
    served = Promotion.objects.filter(Q(digest=digest) | Q(instead_of=digest), moved_at__isnull=False).exists()
    others = Measured.objects.filter(model_digest__in=_other_files_of(digest), verdict__isnull=False)
    if not served and others.exists():
        return Standing.UNJUDGED
    if Measured.objects.filter(model_digest=digest).exists():
        return Standing.MEASURED
    if served:
        return Standing.SERVED
    can_be_measured = SnapshotEntry.objects.filter(part=Part.TEST, withdrawn_at=None).exists()
    return Standing.TO_BE_MEASURED if can_be_measured else Standing.UNMEASURABLE


def _other_files_of(digest: str) -> list[str]:
    """Digests of the models that were quantized from the same weights; none where the store cannot say."""
    try:
        cards = [model.card for model in store.list_models(root=settings.MODELS_STORE_ROOT)]
    except store.StoreError:
        return []
    weights = {card.weights for card in cards if card.digest == digest and card.weights}
    return [card.digest for card in cards if card.weights in weights and card.digest != digest]
