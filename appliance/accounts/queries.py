"""What the pages about people show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from appliance.accounts.models import Person


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list. `is_dormant`: may log in, but has not for `settings.DORMANT_DAYS`."""

    person: Person
    is_dormant: bool


def people() -> list[PersonRow]:
    now = timezone.now()
    everybody = Person.objects.order_by("-is_active", "username")
    return [PersonRow(person, is_dormant=_is_dormant(person, now)) for person in everybody]


def _is_dormant(person: Person, now: datetime) -> bool:
    longest = timedelta(days=settings.DORMANT_DAYS)
    seen = person.last_login or person.date_joined
    return person.is_active and now - seen > longest
