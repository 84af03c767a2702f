from __future__ import annotations

from collections.abc import Sequence

from django import template

from appliance.documents.remarks import Remark, remarks_of

register = template.Library()


@register.filter
def remarks(findings: Sequence[str]) -> tuple[Remark, ...]:
    """What reading remarked, in sentences: {% for remark in document.findings|remarks %}."""
    return remarks_of(findings)
