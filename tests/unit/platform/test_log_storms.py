"""What libraries log while a server is away: one line when it begins, one a minute, one when it ends."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from crosslook.platform.log_storms import StormFilter
from crosslook.platform.logging import configure_logging, get_logger
from crosslook.platform.settings import LogSettings


class Storms:
    """A filter under a stepped clock, and the lines that come out of it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lines: list[logging.LogRecord] = []
        self.filter = StormFilter(
            ("aiokafka",),
            self.lines.append,
            clock=lambda: self.now,
            repeat_seconds=60,
            quiet_seconds=15,
            sweep_seconds=None,
        )

    def log(self, template: str, logger: str = "aiokafka.conn", *, after: float = 0) -> None:
        self.now += after
        record = logging.LogRecord(logger, logging.ERROR, "", 0, template, ("1",), None)
        if self.filter.filter(record):
            self.lines.append(record)

    @property
    def said(self) -> list[str]:
        return [str(record.msg) for record in self.lines]


def test_of_a_hundred_thousand_lines_in_four_minutes_one_a_minute_is_written() -> None:
    storms = Storms()
    for second in range(240):
        for _ in range(400):
            storms.log("Unable connect to node with id %s")
        storms.log("Heartbeat failed: %s", "aiokafka.consumer", after=1)
        storms.filter.sweep()
        assert len(storms.lines) <= 1 + second // 60 + 1
    storms.now += 15
    assert storms.filter.sweep() is False
    repeats = ["library_repeats_itself"] * 4
    assert storms.said == ["Unable connect to node with id %s", *repeats, "library_quiet_again"]
    held_back = storms.lines[-1].__dict__["held_back"]
    assert held_back["lines"] == 240 * 401 - 1
    assert held_back["messages"] == {"Unable connect to node with id %s": 240 * 400 - 1, "Heartbeat failed: %s": 240}


def test_a_single_line_stands_alone() -> None:
    storms = Storms()
    storms.log("Topic %s is not available")
    storms.now += 15
    assert storms.filter.sweep() is False
    assert storms.said == ["Topic %s is not available"]


def test_after_the_quiet_a_new_trouble_is_told_at_once() -> None:
    storms = Storms()
    storms.log("first %s")
    storms.now += 15
    storms.filter.sweep()
    storms.log("second %s")
    assert storms.said == ["first %s", "second %s"]


def test_lines_of_other_loggers_pass() -> None:
    storms = Storms()
    for _ in range(3):
        storms.log("ours %s", "crosslook.platform.kafka")
    assert storms.said == ["ours %s"] * 3


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service's log shows, in JSON."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging(LogSettings(), "probe")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_summary_is_a_line_like_any_other(stream: io.StringIO) -> None:
    filters = [found for handler in logging.getLogger().handlers for found in handler.filters]
    (thinned,) = [found for found in filters if isinstance(found, StormFilter)]
    for node in range(50):
        logging.getLogger("aiokafka").error("Unable connect to node with id %s", node)
    get_logger("services.probe").info("ours")
    thinned._quiet_seconds = 0
    thinned.sweep()
    first, ours, summary = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["event"], ours["event"]) == ("Unable connect to node with id 0", "ours")
    assert (summary["event"], summary["logger"], summary["service"]) == ("library_quiet_again", "aiokafka", "probe")
    assert (summary["lines"], summary["messages"]) == (49, {"Unable connect to node with id %s": 49})
