"""How well a vendor's messages arrive at one connection: counts of the last 24 hours, and what is about to go wrong.

Messages reach any replica, so each counts its own part, and the health is that of all parts together (decision 46).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from crosslook.contracts.problems import Problem
from crosslook.integrations.interface import CircuitBreaker, DisabledAfter, VendorLimit

T = TypeVar("T")
_HOURS_KEPT = 24
_DAY = timedelta(hours=_HOURS_KEPT)
_BUCKET = 3600
_NEAR = 0.7
"""Warn from this part of a vendor's limit on."""
_SHOWN_FOR = timedelta(hours=1)
_FAILING_FOR = timedelta(hours=1)


class IntakeOutcome(StrEnum):
    """What a message came to. STALE is accepted; UNMAPPABLE, too, and counts beside the acceptance."""

    ACCEPTED = "accepted"
    STALE = "stale"
    UNMAPPABLE = "unmappable"
    BAD_SIGNATURE = "bad_signature"
    EXPIRED = "expired"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


TAKEN_OUTCOMES = frozenset({IntakeOutcome.ACCEPTED, IntakeOutcome.STALE})
"""Answered 202."""
_REFUSED = frozenset({IntakeOutcome.UNMAPPABLE, IntakeOutcome.RATE_LIMITED, IntakeOutcome.UNAVAILABLE})
_OLD = frozenset({IntakeOutcome.STALE, IntakeOutcome.EXPIRED})


class HealthReport(NamedTuple):
    """The health of a connection. `refused_24h` counts messages that cannot be mapped and those that the vendor had to
    send again (429, 503); `stale_signatures_24h` those signed longer ago than the vendor recommends, taken or not."""

    last_event_at: datetime | None
    last_refused_at: datetime | None
    events_24h: int
    refused_24h: int
    bad_signatures_24h: int
    stale_signatures_24h: int
    warning: Problem | None


@dataclass(slots=True)
class ConnectionHealth:
    """What was counted for one connection: a part of its messages, or all of them.

    `hours`: outcomes by hour; `minutes`: requests and errors by minute, as far back as the vendor looks.
    `last_failed_at`: the last message that was not taken; `failing_since`: the first one after the last that was.
    `near_limit_at`: when errors were last near the vendor's circuit breaker.
    """

    hours: dict[int, Counter[str]] = field(default_factory=dict)
    minutes: dict[int, tuple[int, int]] = field(default_factory=dict)
    last_event_at: datetime | None = None
    last_refused_at: datetime | None = None
    last_failed_at: datetime | None = None
    failing_since: datetime | None = None
    near_limit_at: datetime | None = None

    def count(self, outcome: IntakeOutcome, limit: VendorLimit, now: datetime) -> None:
        """Count an outcome. `now`: never earlier than before."""
        hour = _hour(now)
        if hour not in self.hours:
            self.hours = _from(self.hours, hour - _HOURS_KEPT)
            self.hours[hour] = Counter()
        self.hours[hour][outcome] += 1
        if outcome in TAKEN_OUTCOMES:
            self.last_event_at, self.failing_since = now, None
        elif outcome is not IntakeOutcome.UNMAPPABLE:
            self.last_failed_at, self.failing_since = now, self.failing_since or now
        if outcome in _REFUSED:
            self.last_refused_at = now
        if isinstance(limit, CircuitBreaker) and outcome is not IntakeOutcome.UNMAPPABLE:
            self._count_minute(limit, outcome not in TAKEN_OUTCOMES, now)

    def current(self, limit: VendorLimit, now: datetime) -> "ConnectionHealth":
        """What is worth storing of it: without hours and minutes that no report looks at any more."""
        seconds = limit.seconds if isinstance(limit, CircuitBreaker) else 0
        kept = replace(self, hours=_from(self.hours, _hour(now) - _HOURS_KEPT))
        kept.minutes = _from(self.minutes, _minute(now) - seconds // 60)
        return kept

    def is_near(self, limit: VendorLimit, now: datetime) -> bool:
        """Whether errors are near the vendor's circuit breaker."""
        if not isinstance(limit, CircuitBreaker):
            return False
        recent = _from(self.minutes, _minute(now) - limit.seconds // 60).values()
        requests, errors = sum(counts[0] for counts in recent), sum(counts[1] for counts in recent)
        often = requests >= limit.least and errors >= _NEAR * limit.share * requests
        return often or errors >= _NEAR * limit.errors

    def report(self, limit: VendorLimit, now: datetime) -> HealthReport:
        """The health at an instant."""
        total = sum(_from(self.hours, _hour(now - _DAY)).values(), Counter[str]())
        return HealthReport(
            self.last_event_at,
            self.last_refused_at,
            sum(total[outcome] for outcome in TAKEN_OUTCOMES),
            sum(total[outcome] for outcome in _REFUSED),
            total[IntakeOutcome.BAD_SIGNATURE],
            sum(total[outcome] for outcome in _OLD),
            self._warning(limit, now),
        )

    def _count_minute(self, limit: CircuitBreaker, error: bool, now: datetime) -> None:
        minute = _minute(now)
        if minute not in self.minutes:
            self.minutes = _from(self.minutes, minute - limit.seconds // 60)
        requests, errors = self.minutes.get(minute, (0, 0))
        self.minutes[minute] = requests + 1, errors + error

    def _warning(self, limit: VendorLimit, now: datetime) -> Problem | None:
        was_near = self.near_limit_at is not None and now - self.near_limit_at < _SHOWN_FOR
        if was_near or self.is_near(limit, now):
            return Problem("integration_near_limit", text="integration_near_limit.circuit_breaker")
        since = self.failing_since
        if isinstance(limit, DisabledAfter) and since is not None and now - since >= _FAILING_FOR:
            values: dict[str, str | int] = {"since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "hours": limit.hours}
            return Problem("integration_near_limit", text="integration_near_limit.disabled", values=values)
        if self.last_event_at is not None and now - self.last_event_at > _DAY:
            return Problem("integration_silent", values={"since": f"{self.last_event_at:%Y-%m-%dT%H:%M:%SZ}"})
        return None


def combined(parts: Iterable[ConnectionHealth], taken_at: datetime | None = None) -> ConnectionHealth:
    """All parts together, in any order. `taken_at`: when a part that is not among them took its last message.

    A part whose failures began before another one took a message knows only of its last failure after that, so
    `failing_since` may be later than the first one, by as long as the parts did not know of each other.
    """
    parts = list(parts)
    taken = _latest([taken_at, *(part.last_event_at for part in parts)])
    failures = (failed for part in parts for failed in (part.failing_since, part.last_failed_at) if failed is not None)
    return ConnectionHealth(
        _sum_of_hours(parts),
        _sum_of_minutes(parts),
        taken,
        _latest(part.last_refused_at for part in parts),
        _latest(part.last_failed_at for part in parts),
        min((failed for failed in failures if taken is None or failed > taken), default=None),
        _latest(part.near_limit_at for part in parts),
    )


def _sum_of_hours(parts: Iterable[ConnectionHealth]) -> dict[int, Counter[str]]:
    total: dict[int, Counter[str]] = {}
    for part in parts:
        for hour, counts in part.hours.items():
            total.setdefault(hour, Counter()).update(counts)
    return total


def _sum_of_minutes(parts: Iterable[ConnectionHealth]) -> dict[int, tuple[int, int]]:
    total: dict[int, tuple[int, int]] = {}
    for part in parts:
        for minute, (requests, errors) in part.minutes.items():
            before = total.get(minute, (0, 0))
            total[minute] = before[0] + requests, before[1] + errors
    return total


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _BUCKET


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60


def _from(counts: dict[int, T], oldest: int) -> dict[int, T]:
    """The counts of later times than `oldest`."""
    return {time: count for time, count in counts.items() if time > oldest}
