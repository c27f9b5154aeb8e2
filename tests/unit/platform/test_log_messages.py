"""Headers of a log's messages: bounded work, whatever a foreign writer puts there."""

from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.release import FORMAT, RELEASE
from crosslook.platform.log_store.messages import (
    HISTORY_KEPT,
    decode_history,
    encode_history,
    read_step,
    whole_number,
    written_headers,
)

_NUMBERS = st.integers(0, 10**18 - 1)


@given(_NUMBERS, st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=HISTORY_KEPT).map(tuple))
def test_what_is_written_can_be_read_back(version: int, history: tuple[tuple[int, int], ...]) -> None:
    headers = {name: value.decode() for name, value in written_headers(version, history)}
    step = read_step("k", b"v", 7, headers)
    assert (step.version, decode_history(step.history)) == (version, history)
    assert (step.format, step.written_by) == (FORMAT, RELEASE)


def test_a_message_without_headers_has_format_1_and_no_version() -> None:
    step = read_step("k", b"v", 7, {})
    assert (step.version, step.history, step.format, step.written_by) == (0, "", 1, "")


def test_numbers_that_are_not_ours_are_never_read() -> None:
    for text in ("9" * 5_000, "9" * 19, "", "-1", "+1", "1_0", " 1", "1.0", "٣", "x"):
        assert whole_number(text) is None
    assert whole_number("9" * 18) == 10**18 - 1
    step = read_step("k", b"v", 7, {"version": "9" * 5_000, "format": "9" * 5_000})
    assert (step.version, step.format) == (0, 0)


def test_a_history_is_read_up_to_what_we_write() -> None:
    assert decode_history("1:2," + "9" * 5_000 + ":1,3:4,x,:,5:") == ((1, 2), (3, 4))
    endless = encode_history(tuple((number, number) for number in range(100_000)))
    assert len(decode_history(endless)) == HISTORY_KEPT
