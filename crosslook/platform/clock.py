"""Time as an argument: the clock a service is wired with, and the refresh schedule read from a cron expression."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Protocol

from cronsim import CronSim

from crosslook.contracts.zones import zone_of


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The instant, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that a test sets."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self.at.astimezone(UTC)


def epoch_ms() -> int:
    """Milliseconds since the epoch, by the machine's clock."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """When refreshes are due: a five-field cron expression read in an IANA zone (R1).

    Daylight saving follows cron: an hour that a spring change skips fires at the change, an hour that an autumn change
    repeats fires once.
    """

    cron: str
    zone: str

    def next_after(self, moment: datetime) -> datetime:
        """The first due instant strictly after `moment`, in UTC."""
        return next(self._from(moment))

    def last_until(self, moment: datetime, since: datetime) -> datetime | None:
        """The latest due instant in (`since`, `moment`], in UTC; None when there is none. Missed days are one."""
        reach, latest = timedelta(hours=1), None
        while latest is None:
            # Ever further back instead of from `since` on, which may be decades ago.
            start = max(since, moment - reach)
            for due in takewhile(lambda due: due <= moment, self._from(start)):
                latest = due
            if start == since:
                break
            reach *= 2
        return latest

    def _from(self, moment: datetime) -> Iterator[datetime]:
        for local in CronSim(self.cron, moment.astimezone(zone_of(self.zone))):
            due = local.astimezone(UTC)
            if due > moment:  # in an hour that an autumn change repeats, CronSim starts from the first of the two
                yield due
