"""The hours of the day in which a run may work. A window may go over midnight; equal hours mean the whole day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Window:
    """From the full hour `from_hour` until `until_hour`, of the site's time."""

    from_hour: int
    until_hour: int

    def is_open(self, now: datetime) -> bool:
        hour = timezone.localtime(now).hour
        if self.from_hour == self.until_hour:
            return True
        if self.from_hour < self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour

    def next_opening(self, now: datetime) -> datetime:
        """`now` itself while it is open."""
        if self.is_open(now):
            return now
        local = timezone.localtime(now)
        opening = timezone.make_aware(datetime.combine(local.date(), time(self.from_hour)))
        return opening if opening > now else opening + timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.from_hour:02}:00 to {self.until_hour:02}:00"
