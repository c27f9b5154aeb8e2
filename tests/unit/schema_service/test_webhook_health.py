"""Counts and warnings of one connection's health."""

from datetime import UTC, datetime, timedelta

from crosslook.integrations.interface import CircuitBreaker, DisabledAfter, VendorLimit
from services.schema_service.domain.webhook_health import ConnectionHealth, IntakeOutcome

NOW = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
BREAKER = CircuitBreaker(share=0.7, least=100, errors=1000, seconds=300)
DAY = DisabledAfter(24)


def warning(health: ConnectionHealth, limit: VendorLimit, now: datetime) -> str | None:
    found = health.report(limit, now).warning
    return (found.text or found.code) if found is not None else None


def count(
    health: ConnectionHealth, outcome: IntakeOutcome, times: int = 1, hours: float = 0, limit: VendorLimit = None
) -> None:
    for _ in range(times):
        health.count(outcome, limit, NOW + timedelta(hours=hours))


def test_counts_leave_after_a_day() -> None:
    health = ConnectionHealth()
    for hours in range(30):
        count(health, IntakeOutcome.ACCEPTED, hours=hours)
    assert health.report(None, NOW + timedelta(hours=29)).events_24h == 24
    assert health.report(None, NOW + timedelta(hours=60)).events_24h == 0


def test_each_outcome_is_counted_where_it_belongs() -> None:
    health = ConnectionHealth()
    for outcome in IntakeOutcome:
        count(health, outcome)
    report = health.report(None, NOW)
    counts = (report.events_24h, report.refused_24h, report.bad_signatures_24h, report.stale_signatures_24h)
    assert counts == (2, 3, 1, 2)


def test_many_errors_in_a_few_minutes_are_near_the_circuit_breaker() -> None:
    health = ConnectionHealth()
    count(health, IntakeOutcome.BAD_SIGNATURE, 99, limit=BREAKER)
    assert warning(health, BREAKER, NOW) is None
    count(health, IntakeOutcome.BAD_SIGNATURE, limit=BREAKER)
    assert warning(health, BREAKER, NOW) == "integration_near_limit.circuit_breaker"
    assert warning(health, BREAKER, NOW + timedelta(hours=2)) is None


def test_few_errors_among_many_messages_are_none() -> None:
    health = ConnectionHealth()
    count(health, IntakeOutcome.ACCEPTED, 200, limit=BREAKER)
    count(health, IntakeOutcome.BAD_SIGNATURE, 100, limit=BREAKER)
    assert warning(health, BREAKER, NOW) is None
    count(health, IntakeOutcome.ACCEPTED, 2000, limit=BREAKER)
    count(health, IntakeOutcome.UNAVAILABLE, 600, limit=BREAKER)
    assert warning(health, BREAKER, NOW) == "integration_near_limit.circuit_breaker"


def test_failures_without_a_success_end_a_subscription() -> None:
    health = ConnectionHealth()
    count(health, IntakeOutcome.UNAVAILABLE, limit=DAY)
    assert warning(health, DAY, NOW) is None
    assert warning(health, DAY, NOW + timedelta(hours=1)) == "integration_near_limit.disabled"
    count(health, IntakeOutcome.ACCEPTED, hours=2, limit=DAY)
    assert warning(health, DAY, NOW + timedelta(hours=3)) is None


def test_silence_is_told_of_those_that_used_to_send() -> None:
    health = ConnectionHealth()
    assert warning(health, None, NOW) is None
    count(health, IntakeOutcome.ACCEPTED)
    assert warning(health, None, NOW + timedelta(hours=24)) is None
    assert warning(health, None, NOW + timedelta(hours=25)) == "integration_silent"
