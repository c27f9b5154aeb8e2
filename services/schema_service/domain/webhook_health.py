"""How well a vendor's messages arrive at one connection: counts of the last 24 hours, and what is about to go wrong."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from crosslook.contracts.problems import Problem
from crosslook.integrations.interface import CircuitBreaker, DisabledAfter, VendorLimit

_DAY = timedelta(hours=24)
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
    """What was counted for one connection. `now` in all methods: an instant in UTC, never earlier than before."""

    _hours: dict[int, Counter[IntakeOutcome]] = field(default_factory=dict)
    _minutes: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Requests and errors by minute, as far back as the vendor looks."""
    _last_event: datetime | None = None
    _last_refused: datetime | None = None
    _failing_since: datetime | None = None
    _near_breaker: datetime | None = None

    def count(self, outcome: IntakeOutcome, limit: VendorLimit, now: datetime) -> None:
        """Count an outcome."""
        hour = int(now.timestamp()) // _BUCKET
        if hour not in self._hours:
            self._hours = {kept: counts for kept, counts in self._hours.items() if kept > hour - 24}
            self._hours[hour] = Counter()
        self._hours[hour][outcome] += 1
        if outcome in TAKEN_OUTCOMES:
            self._last_event, self._failing_since = now, None
        elif outcome is not IntakeOutcome.UNMAPPABLE:
            self._failing_since = self._failing_since or now
        if outcome in _REFUSED:
            self._last_refused = now
        if isinstance(limit, CircuitBreaker) and outcome is not IntakeOutcome.UNMAPPABLE:
            self._look_at_breaker(limit, outcome not in TAKEN_OUTCOMES, now)

    def report(self, limit: VendorLimit, now: datetime) -> HealthReport:
        """The health at an instant."""
        oldest = int((now - _DAY).timestamp()) // _BUCKET
        total = sum((counts for hour, counts in self._hours.items() if hour > oldest), Counter[IntakeOutcome]())
        return HealthReport(
            self._last_event,
            self._last_refused,
            sum(total[outcome] for outcome in TAKEN_OUTCOMES),
            sum(total[outcome] for outcome in _REFUSED),
            total[IntakeOutcome.BAD_SIGNATURE],
            sum(total[outcome] for outcome in _OLD),
            self._warning(limit, now),
        )

    def _look_at_breaker(self, limit: CircuitBreaker, error: bool, now: datetime) -> None:
        minute = int(now.timestamp()) // 60
        oldest = minute - limit.seconds // 60
        self._minutes = {kept: counts for kept, counts in self._minutes.items() if kept > oldest}
        requests, errors = self._minutes.get(minute, (0, 0))
        self._minutes[minute] = requests + 1, errors + error
        requests, errors = (sum(counts) for counts in zip(*self._minutes.values(), strict=True))
        often = requests >= limit.least and errors >= _NEAR * limit.share * requests
        if often or errors >= _NEAR * limit.errors:
            self._near_breaker = now

    def _warning(self, limit: VendorLimit, now: datetime) -> Problem | None:
        if self._near_breaker is not None and now - self._near_breaker < _SHOWN_FOR:
            return Problem("integration_near_limit", text="integration_near_limit.circuit_breaker")
        since = self._failing_since
        if isinstance(limit, DisabledAfter) and since is not None and now - since >= _FAILING_FOR:
            values: dict[str, str | int] = {"since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "hours": limit.hours}
            return Problem("integration_near_limit", text="integration_near_limit.disabled", values=values)
        if self._last_event is not None and now - self._last_event > _DAY:
            return Problem("integration_silent", values={"since": f"{self._last_event:%Y-%m-%dT%H:%M:%SZ}"})
        return None
