"""How much a tenant may do in a second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.platform import rate_limit
from crosslook.platform.errors import RateLimited
from crosslook.platform.rate_limit import RateLimit


class Clocked(RateLimit):
    """100 a second, hence 1,000 at once, under a stepped clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rate = 100
        super().__init__(lambda _: self.rate, "rate_limited.events", clock=lambda: self.now)


def test_a_burst_of_ten_seconds_is_taken_and_more_is_asked_to_come_back() -> None:
    limit = Clocked()
    limit.take("acme", 1000)
    with pytest.raises(RateLimited) as refused:
        limit.take("acme", 250)
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "3"}
    assert refused.value.problem.values == {"limit": 100, "usage": 100, "seconds": 3}
    limit.take("globex", 1000)


def test_what_was_refused_was_not_counted_and_passes_when_it_was_told_to_come_back() -> None:
    limit = Clocked()
    limit.take("acme", 1000)
    for _ in range(5):
        with pytest.raises(RateLimited):
            limit.take("acme", 250)
    limit.now = 3
    limit.take("acme", 250)


def test_more_than_a_full_bucket_is_taken_by_a_full_one() -> None:
    limit = Clocked()
    limit.take("acme", 5000)
    limit.now = 9
    with pytest.raises(RateLimited):
        limit.take("acme", 5000)
    limit.now = 10
    limit.take("acme", 5000)


def test_tenants_that_are_still_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "_MOST_TENANTS", 3)
    limit = Clocked()
    for tenant in "abcdef":
        limit.take(tenant, 1)
    limit.take("full", 1000)
    assert len(limit._buckets) == 3
    limit.now = 1
    limit.take("g", 1)
    with pytest.raises(RateLimited):
        limit.take("full", 200)


def test_another_rate_counts_at_once() -> None:
    limit = Clocked()
    limit.take("acme", 1000)
    limit.rate = 200
    limit.take("acme", 1000)
    limit.rate = 50
    with pytest.raises(RateLimited) as refused:
        limit.take("acme", 1)
    assert refused.value.headers == {"Retry-After": "31"}
    limit.now = 31
    limit.take("acme", 1)


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 400)), max_size=60))
def test_no_window_of_time_lets_more_through_than_the_burst_and_the_rate(asks: list[tuple[float, int]]) -> None:
    limit, taken = Clocked(), list[tuple[float, int]]()
    for pause, amount in asks:
        limit.now += pause
        try:
            limit.take("acme", amount)
        except RateLimited:
            continue
        taken.append((limit.now, amount))
    for first, (began, _) in enumerate(taken):
        for last in range(first, len(taken)):
            passed = sum(amount for _, amount in taken[first : last + 1])
            assert passed <= 1000 + 100 * (taken[last][0] - began) + 1e-6


async def test_paced_work_waits_for_its_share_and_leaves_half_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, slept = Clocked(), 0.0

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds
        limit.now += seconds

    monkeypatch.setattr("crosslook.platform.rate_limit.asyncio.sleep", sleep)
    assert limit.paced_most("acme") == 500
    for _ in range(10):
        await limit.pace("acme", 500)
        limit.take("acme", 0)
    assert slept == pytest.approx(45)  # 5,000 at 100 a second, after a first half bucket
    limit.take("acme", 500)  # short calls always have theirs
