"""An outage is logged when it begins, once a minute, and when it ends."""

import pytest
from structlog.testing import capture_logs

from crosslook.platform.outage import Outage


def test_an_outage_of_four_minutes_takes_five_lines() -> None:
    now = 0.0
    outage = Outage("log_unreachable", clock=lambda: now, topic="crosslook-schemas")
    with capture_logs() as lines:
        for _ in range(220):
            outage.failed("NodeNotReadyError")
            now += 1
        outage.worked()
        outage.worked()
    assert [line["event"].rpartition("_")[2] for line in lines] == ["began", "lasts", "lasts", "lasts", "ended"]
    assert {line["topic"] for line in lines} == {"crosslook-schemas"}
    assert (lines[-1]["seconds"], lines[-1]["failures"]) == (220, 220)


@pytest.mark.parametrize("outages", [1, 3])
def test_each_outage_is_told_anew(outages: int) -> None:
    outage = Outage("log_unreachable")
    with capture_logs() as lines:
        for _ in range(outages):
            outage.failed("KafkaTimeoutError")
            outage.worked()
    assert [line["event"] for line in lines] == ["log_unreachable_began", "log_unreachable_ended"] * outages
