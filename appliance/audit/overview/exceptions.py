"""What an officer should know of: refusals, failed log-ins, and what the log noticed about itself, counted by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.models import AuditEvent

PERIODS = (7, 30)
"""Days, today included."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`actions` count always, `failed_actions` only where they did not end well. `link` is the action to filter by."""

    name: str
    words: str
    actions: tuple[Action, ...] = ()
    failed_actions: tuple[Action, ...] = ()

    @property
    def condition(self) -> Q:
        return Q(action__in=self.actions) | Q(action__in=self.failed_actions, outcome=Outcome.FAILED)

    @property
    def link(self) -> str:
        """The action to filter the log by, where the kind is one action."""
        return self.actions[0] if len(self.actions) == 1 and not self.failed_actions else ""


KINDS = (
    Kind("refused", "Requests refused for want of the right", (Action.ACCESS_REFUSED,)),
    Kind("failed-log-ins", "Failed log-ins", (Action.LOGIN_FAILED,)),
    Kind("locked-out", "Locked out after failed log-ins", (Action.LOCKED_OUT,)),
    Kind("forged", "Records that do not bear the box's seal", (Action.RECORD_FORGED,)),
    Kind("clock", "The box's clock was moved", (Action.CLOCK_MOVED,)),
    Kind(
        "findings", "Checks of the log that found something", failed_actions=(Action.LOG_RECONCILED, Action.LOG_CHECKED)
    ),
    Kind("put-back", "Models put back in force by one person", (Action.MODEL_ROLLED_BACK,)),
    Kind("fell-back", "The model in force could not be loaded", (Action.MODEL_FELL_BACK,)),
)


@dataclass(frozen=True, slots=True)
class Day:
    """`counts` in the order of KINDS."""

    day: date
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Of the last `period` days, oldest first, each day once; `lines` sums by kind, in the order of KINDS."""

    period: int
    days: tuple[Day, ...]
    lines: tuple[Line, ...]

    @property
    def since(self) -> date:
        return self.days[0].day

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)


def exceptions(*, period: int, today: date | None = None) -> Exceptions:
    """Days are the site's days. Raises ValueError for a period that is not one of PERIODS."""
    if period not in PERIODS:
        raise ValueError(f"no period of {period} days")
    last = today or timezone.localdate()
    dates = [last - timedelta(days=back) for back in reversed(range(period))]
    counted = [_by_day(kind, since=dates[0]) for kind in KINDS]
    days = tuple(Day(day, tuple(counts[day] for counts in counted)) for day in dates)
    lines = tuple(Line(kind, sum(day.counts[place] for day in days)) for place, kind in enumerate(KINDS))
    return Exceptions(period, days, lines)


def _by_day(kind: Kind, *, since: date) -> Counter[date]:
    begin: datetime = timezone.make_aware(datetime.combine(since, time.min))
    events = AuditEvent.objects.filter(kind.condition, recorded_at__gte=begin).order_by()
    counted = events.annotate(day=TruncDate("recorded_at")).values_list("day").annotate(n=Count("pk"))
    return Counter(dict(counted))
