"""How many refusals of one sender are too many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.snapshot_service.domain.limits import TRACKED_MOST, Breach, RefusalLimits, RefusalWatch, Sender

LIMITS = RefusalLimits(consecutive=5, ratio=0.5, window=10, senders=3)
ZENDESK, CALENDLY = Sender("acme", "/zendesk"), Sender("acme", "/calendly")
GOOD, BAD = False, True


def see(watch: RefusalWatch, outcomes: list[bool], sender: Sender = ZENDESK) -> Breach | None:
    """The first limit that these outcomes pass."""
    return next((breach for outcome in outcomes if (breach := watch.see(sender, outcome)) is not None), None)


def test_refusals_in_a_row_are_too_many_even_before_the_window_is_full() -> None:
    watch = RefusalWatch(LIMITS)
    assert see(watch, [BAD] * 4) is None
    assert see(watch, [BAD]) == Breach(ZENDESK, 5, 5)


def test_a_good_event_ends_a_row() -> None:
    assert see(RefusalWatch(LIMITS), [BAD] * 4 + [GOOD] + [BAD] * 4) is None


@pytest.mark.parametrize(("refused", "breach"), [(4, None), (5, Breach(ZENDESK, 5, 10))])
def test_the_share_counts_once_the_window_is_full(refused: int, breach: Breach | None) -> None:
    outcomes = [BAD, GOOD] * refused + [GOOD] * (10 - 2 * refused)
    assert see(RefusalWatch(LIMITS), outcomes) == breach


def test_what_has_left_the_window_counts_no_longer() -> None:
    watch = RefusalWatch(LIMITS)
    assert see(watch, [BAD, GOOD, BAD, GOOD, BAD, GOOD, BAD, GOOD, GOOD, GOOD]) is None
    assert see(watch, [GOOD] * 8) is None
    assert see(watch, [BAD, GOOD, BAD, GOOD]) is None


def test_each_sender_has_its_own_count() -> None:
    watch = RefusalWatch(LIMITS)
    for source in range(50):
        assert see(watch, [BAD] * 4, Sender("acme", f"/{source}")) is None
        assert see(watch, [BAD] * 4, Sender(f"tenant{source}", "/zendesk")) is None


def test_a_sender_that_was_diverted_or_behaves_is_forgotten() -> None:
    watch = RefusalWatch(LIMITS)
    assert see(watch, [BAD] * 5) is not None
    assert see(watch, [BAD] + [GOOD] * 10, CALENDLY) is None
    assert not watch.tracked
    assert see(watch, [BAD] * 4) is None


def test_after_a_person_looked_counting_begins_anew() -> None:
    watch = RefusalWatch(LIMITS)
    assert see(watch, [BAD] * 4) is None
    watch.forgive()
    assert see(watch, [BAD] * 4) is None


def test_memory_is_bounded_by_forgetting_the_sender_that_was_silent_for_longest() -> None:
    watch = RefusalWatch(LIMITS)
    for number in range(TRACKED_MOST + 5):
        watch.see(Sender("acme", f"/{number}"), BAD)
    assert len(watch.tracked) == TRACKED_MOST
    assert Sender("acme", "/4") not in watch.tracked
    assert Sender("acme", "/5") in watch.tracked


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=120))
def test_a_breach_is_what_counting_by_hand_says(outcomes: list[tuple[bool, bool]]) -> None:
    watch, seen = RefusalWatch(LIMITS), dict[Sender, list[bool]]()
    for of_zendesk, refused in outcomes:
        sender = ZENDESK if of_zendesk else CALENDLY
        past = seen.setdefault(sender, [])
        past.append(refused)
        in_a_row = next((row for row, flag in enumerate(reversed(past)) if not flag), len(past))
        last = past[-LIMITS.window :]
        share = len(last) == LIMITS.window and sum(last) >= LIMITS.ratio * LIMITS.window
        breach = watch.see(sender, refused)
        assert (breach is not None) == (in_a_row >= LIMITS.consecutive or share)
        if breach is not None or not any(last):
            past.clear()
