"""Which model answers, and what speaks for a model, on pages of other packages."""

from __future__ import annotations

from typing import Any

from django import template

from appliance.accounts.roles import Permission, may
from appliance.retraining.serving import queries
from appliance.retraining.serving.evidence import EvidenceShown

register = template.Library()


@register.inclusion_tag("retraining/serving/_now.html", takes_context=True)
def serving_now(context: Any) -> dict[str, Any]:
    """The model in force, who answers in its place, and the way back."""
    return {"now": queries.now(), "may_go_back": may(context["request"].user, Permission.ROLL_BACK_MODELS)}


@register.simple_tag
def evidence_on(digest: str) -> EvidenceShown:
    return queries.evidence_against_the_one_in_force(digest)
