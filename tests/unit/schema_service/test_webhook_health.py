"""Counts and warnings of one connection's health: of all its messages, and of parts that are put together."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from crosslook.contracts.health import StoredHealth
from crosslook.integrations.interface import CircuitBreaker, DisabledAfter, VendorLimit
from services.schema_service.domain.stored_health import CountedHealth, document_of, own_part, read_health, total_health
from services.schema_service.domain.webhook_health import ConnectionHealth, IntakeOutcome, combined

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


def stored_next(
    stored: ConnectionHealth | None, unsaved: ConnectionHealth, now: datetime, limit: VendorLimit
) -> ConnectionHealth:
    """What a replica that is alone stores."""
    before = CountedHealth(NOW, stored) if stored is not None else None
    return own_part(before, CountedHealth(NOW, unsaved), [], limit, now).health


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
    assert warning(health, BREAKER, NOW + timedelta(minutes=4)) == "integration_near_limit.circuit_breaker"
    assert warning(health, BREAKER, NOW + timedelta(minutes=5)) is None
    assert warning(health, None, NOW) is None


def test_that_errors_were_near_the_limit_is_shown_for_an_hour() -> None:
    health = ConnectionHealth()
    count(health, IntakeOutcome.UNAVAILABLE, 700, limit=BREAKER)
    stored = stored_next(None, health, NOW, BREAKER)
    count(health, IntakeOutcome.ACCEPTED, 10_000, hours=0.1, limit=BREAKER)
    stored = stored_next(stored, health, NOW + timedelta(minutes=6), BREAKER)
    assert warning(stored, BREAKER, NOW + timedelta(minutes=59)) == "integration_near_limit.circuit_breaker"
    assert warning(stored, BREAKER, NOW + timedelta(minutes=60)) is None


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


def test_what_is_stored_is_read_again() -> None:
    health = ConnectionHealth()
    for outcome in IntakeOutcome:
        count(health, outcome, 3, limit=BREAKER)
    count(health, IntakeOutcome.EXPIRED, hours=1, limit=BREAKER)
    health.near_limit_at = NOW
    counted = CountedHealth(NOW, health)
    document = document_of("acme", "courier", 2, counted)
    assert read_health(StoredHealth.decode(document.encode())) == counted


def test_only_what_a_report_can_show_is_stored() -> None:
    health = ConnectionHealth()
    for minutes in range(60 * 30):
        health.count(IntakeOutcome.ACCEPTED, BREAKER, NOW + timedelta(minutes=minutes))
    last = NOW + timedelta(minutes=60 * 30 - 1)
    stored = stored_next(None, combined([health]), last + timedelta(hours=3), BREAKER)
    assert (len(stored.hours), len(stored.minutes)) == (21, 0)
    assert stored.report(BREAKER, last + timedelta(hours=3)).events_24h == 20 * 60 + 30
    assert len(stored_next(None, health, last, BREAKER).minutes) == 5


def test_outcomes_of_a_newer_release_are_kept() -> None:
    document = document_of("acme", "courier", 0, CountedHealth(NOW, ConnectionHealth()))
    newer = document.model_copy(update={"hours": {int(NOW.timestamp()) // 3600: {"postponed": 3}}})
    health = ConnectionHealth()
    count(health, IntakeOutcome.ACCEPTED)
    part = own_part(read_health(newer), CountedHealth(NOW, health), [], None, NOW)
    assert document_of("acme", "courier", 0, part).hours == {
        int(NOW.timestamp()) // 3600: {"accepted": 1, "postponed": 3}
    }


def test_parts_of_another_connection_count_for_nothing() -> None:
    health = ConnectionHealth()
    count(health, IntakeOutcome.ACCEPTED)
    before, now = CountedHealth(NOW - timedelta(days=1), health), CountedHealth(NOW, ConnectionHealth())
    assert total_health([before, now], NOW) == ConnectionHealth()
    assert own_part(before, now, [before], None, NOW) == now
    assert before.followed_by(now) == now.followed_by(before) == now


def test_how_long_messages_fail_is_known_to_the_minute_wherever_they_arrive() -> None:
    taken, failed = IntakeOutcome.ACCEPTED, IntakeOutcome.UNAVAILABLE
    steps = st.lists(st.one_of(st.tuples(st.integers(0, 2), st.sampled_from([taken, failed])), st.none()), max_size=30)

    @given(steps, st.permutations(range(3)))
    @example([(0, failed), None, (1, taken), (0, failed), None], [0, 1, 2])
    @example([(0, failed), None, (1, taken), (0, failed), None, (0, failed), None, (0, failed), None], [0, 1, 2])
    def check(drawn: list[tuple[int, IntakeOutcome] | None], order: list[int]) -> None:
        stored = [CountedHealth(NOW, ConnectionHealth()) for _ in range(3)]
        unsaved = [CountedHealth(NOW, ConnectionHealth()) for _ in range(3)]
        failures, known = list[datetime](), True
        late: datetime | None = None  # the first failure of which everybody knows that nothing was taken since
        for number, step in enumerate(drawn):
            now = NOW + timedelta(seconds=number)
            if step is None:  # all save, one after the other
                for slot in order:
                    others = [part for other, part in enumerate(stored) if other != slot]
                    stored[slot] = own_part(stored[slot], unsaved[slot], others, DAY, now)
                    unsaved[slot] = CountedHealth(NOW, ConnectionHealth())
                known = True
                continue
            slot, outcome = step
            unsaved[slot].health.count(outcome, DAY, now)
            if outcome is taken:
                failures, known, late = [], False, None
            else:
                failures.append(now)
                late = late or (now if known else None)
        since = total_health([*stored, *unsaved], NOW).failing_since
        if not failures:
            assert since is None
        else:
            assert since is not None
            assert failures[0] <= since <= (late or failures[-1])

    check()
