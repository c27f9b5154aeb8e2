"""Operational numbers and log lines: declared once, readable by machines, without secrets."""

import contextvars
import io
import json
import logging
import re
import sys
from collections.abc import Iterator

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from crosslook.platform.logging import configure_logging, get_logger
from crosslook.platform.metrics import HTTP_REQUESTS, INGEST_LAG, INGEST_SECONDS, INGEST_STAGED, METRICS, Meters, Metric
from crosslook.platform.settings import LogSettings


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_has_a_unique_prefixed_name_and_says_what_it_means(metric: Metric) -> None:
    assert re.fullmatch(r"crosslook_[a-z0-9_]+", metric.name)
    assert metric.help.endswith(".") or metric.kind == "gauge"
    assert sum(other.name == metric.name for other in METRICS) == 1


def test_what_was_counted_is_rendered_for_prometheus() -> None:
    meters = Meters()
    meters.add(INGEST_STAGED, 3)
    meters.add(INGEST_STAGED)
    meters.add(HTTP_REQUESTS, method="GET", route='/a"b', status="200")
    meters.set(INGEST_LAG, 7, partition="2")
    meters.observe(INGEST_SECONDS, 0.5)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(meters.render().decode())
        for sample in family.samples
    }
    assert samples["crosslook_ingest_staged_total",] == 4
    assert samples["crosslook_http_requests_total", "GET", '/a"b', "200"] == 1
    assert samples["crosslook_ingest_lag", "2"] == 7
    assert samples["crosslook_ingest_chunk_seconds_count",] == 1


def test_two_processes_worth_of_meters_do_not_mix() -> None:
    one, other = Meters(), Meters()
    one.add(INGEST_STAGED)
    assert b"crosslook_ingest_staged_total 1.0" in one.render()
    assert b"crosslook_ingest_staged" not in other.render()


def test_a_metric_is_used_as_what_it_was_declared() -> None:
    meters = Meters()
    with pytest.raises(TypeError, match="not a counter"):
        meters.add(INGEST_LAG, partition="1")
    with pytest.raises(TypeError, match="not a gauge"):
        meters.set(INGEST_STAGED, 1)
    with pytest.raises(TypeError, match="not a histogram"):
        meters.observe(INGEST_STAGED, 1)
    with pytest.raises(ValueError, match="label"):
        meters.add(HTTP_REQUESTS, method="GET")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the logs of a service say, in JSON."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging(LogSettings(), "probe")
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_is_json_with_service_level_time_and_place(lines: io.StringIO) -> None:
    get_logger("crosslook.test").info("chunk_staged", rows=3, token="topic:0:1-3\n")
    logging.getLogger("some.library").warning("of a library: %s", "é")
    ours, theirs = read(lines)
    assert (ours["event"], ours["rows"], ours["service"], ours["level"]) == ("chunk_staged", 3, "probe", "info")
    assert ours["logger"] == "crosslook.test"
    assert str(ours["timestamp"]).endswith("Z")
    assert (theirs["event"], theirs["logger"]) == ("of a library: é", "some.library")


def test_no_text_ends_a_line_for_whoever_reads_lines(lines: io.StringIO) -> None:
    sent = "a\u2028b\u2029c\x85d\x0be\x1cf\r\ng"
    get_logger("x").info("sent", text=sent)
    (line,) = read(lines)
    assert line["text"] == sent


def test_the_request_a_line_belongs_to_is_named(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        get_logger("x").info("inside")
    get_logger("x").info("outside")
    inside, outside = read(lines)
    assert inside["request_id"] == "r1"
    assert "request_id" not in outside


def test_lines_below_the_level_are_not_written(lines: io.StringIO) -> None:
    get_logger("x").debug("quiet")
    logging.getLogger("aiokafka.consumer").info("chatty")
    assert lines.getvalue() == ""


def test_a_line_of_a_task_that_began_without_our_context_names_the_service(lines: io.StringIO) -> None:
    contextvars.Context().run(get_logger("x").info, "of_a_task")
    contextvars.Context().run(logging.getLogger("aiokafka").warning, "of a library's task")
    assert [line["service"] for line in read(lines)] == ["probe", "probe"]


def test_a_stack_trace_is_one_line_without_the_values_of_variables(lines: io.StringIO) -> None:
    def fail() -> None:
        password = "hunter2"
        raise RuntimeError("broken", len(password))

    try:
        fail()
    except RuntimeError:
        get_logger("x").exception("it_failed")
        logging.getLogger("library").exception("it failed there, too")
    ours, theirs = read(lines)
    assert "RuntimeError" in json.dumps(ours["exception"])
    assert "fail" in json.dumps(ours["exception"])
    assert "exception" in theirs
    assert "hunter2" not in lines.getvalue()
