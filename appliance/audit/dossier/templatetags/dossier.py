"""Looking something up by a key that only the template knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """None where there is none."""
    return found.get(key)
