"""Accounts that nobody uses, or that cannot be used just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from appliance.accounts.models import Person


@dataclass(frozen=True, slots=True)
class AccountAtRest:
    """`days` since the last log-in, or since the account was made when there was none."""

    person: Person
    days: int
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountsAtRest:
    dormant: list[AccountAtRest]
    never_used: list[AccountAtRest]
    locked: list[AccountAtRest]
    switched_off: list[Person]

    @property
    def is_empty(self) -> bool:
        return not (self.dormant or self.never_used or self.locked)


def accounts_at_rest() -> AccountsAtRest:
    """Dormant: may log in, but has not for `settings.DORMANT_DAYS`. An account stands in each list that it fits."""
    now, locks = timezone.now(), _locks()
    rows = [_row(person, now, locks) for person in Person.objects.filter(is_active=True).order_by("username")]
    dormant = [row for row in rows if row.person.last_login and row.days > settings.DORMANT_DAYS]
    return AccountsAtRest(
        sorted(dormant, key=lambda row: -row.days),
        [row for row in rows if row.person.last_login is None],
        [row for row in rows if row.locked_until],
        list(Person.objects.filter(is_active=False).order_by("username")),
    )


def _row(person: Person, now: datetime, locks: dict[str, datetime]) -> AccountAtRest:
    since = person.last_login or person.date_joined
    return AccountAtRest(person, (now - since).days, locks.get(person.username))


def _locks() -> dict[str, datetime]:
    """User name -> end of the lock after failed log-ins, as django-axes counts them."""
    cool_off = timedelta(hours=settings.AXES_COOLOFF_TIME)
    recent = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - cool_off)
    failed = recent.values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    names = {row["username"] for row in failed if row["failures"] >= settings.AXES_FAILURE_LIMIT}
    latest = recent.filter(username__in=names).order_by("attempt_time")
    return {attempt.username: attempt.attempt_time + cool_off for attempt in latest}
