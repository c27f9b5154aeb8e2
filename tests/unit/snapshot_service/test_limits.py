"""How many refusals are too many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.snapshot_service.domain.limits import Breach, RefusalLimits, RefusalWatch

LIMITS = RefusalLimits(consecutive=5, ratio=0.5, window=10)
GOOD, BAD = False, True


def test_refusals_in_a_row_are_too_many_even_before_the_window_is_full() -> None:
    watch = RefusalWatch(LIMITS)
    assert watch.see(3, [BAD] * 4) is None
    breach = watch.see(3, [BAD])
    assert breach == Breach(3, 5, 5)
    assert str(breach) == "too_many_refusals: 5 of the last 5 messages of partition 3"


def test_a_good_message_ends_a_row() -> None:
    watch = RefusalWatch(LIMITS)
    assert watch.see(0, [BAD] * 4 + [GOOD] + [BAD] * 4) is None


@pytest.mark.parametrize(("refused", "breach"), [(4, None), (5, Breach(0, 5, 10))])
def test_the_share_counts_once_the_window_is_full(refused: int, breach: Breach | None) -> None:
    outcomes = [BAD, GOOD] * refused + [GOOD] * (10 - 2 * refused)
    assert RefusalWatch(LIMITS).see(0, outcomes) == breach


def test_what_has_left_the_window_counts_no_longer() -> None:
    watch = RefusalWatch(LIMITS)
    assert watch.see(0, [BAD, GOOD, BAD, GOOD, BAD, GOOD, BAD, GOOD, GOOD, GOOD]) is None
    assert watch.see(0, [GOOD] * 8) is None
    assert watch.see(0, [BAD, GOOD, BAD, GOOD]) is None


def test_partitions_are_judged_each_for_itself() -> None:
    watch = RefusalWatch(LIMITS)
    for partition in range(4):
        assert watch.see(partition, [BAD] * 4) is None


def test_after_a_person_looked_counting_begins_anew() -> None:
    watch = RefusalWatch(LIMITS)
    assert watch.see(0, [BAD] * 5) is not None
    watch.forgive()
    assert watch.see(0, [BAD] * 4) is None


@given(st.lists(st.booleans(), max_size=60), st.data())
def test_how_outcomes_are_cut_into_chunks_does_not_matter(outcomes: list[bool], data: st.DataObject) -> None:
    whole = RefusalWatch(LIMITS).see(0, outcomes)
    cut, watch, rest = None, RefusalWatch(LIMITS), outcomes
    while rest and cut is None:
        size = data.draw(st.integers(1, len(rest)))
        cut, rest = watch.see(0, rest[:size]), rest[size:]
    assert cut == whole
