"""Structured logs: one line for each event, a snake_case name first, values as fields, never a secret."""

import contextlib
import json
import logging
import sys
from typing import Any, cast

import structlog
from structlog.typing import EventDict

from crosslook.platform.log_storms import StormFilter
from crosslook.platform.settings import LogSettings

LIBRARIES = ("aiokafka", "faust", "mode", "urllib3", "clickhouse_connect")
"""Client libraries that log every attempt to reach a server: their lines are thinned out (`log_storms`)."""

_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""What some readers of logs take for the end of a line, and JSON lets stand."""

# Without local variables: they hold tokens, passwords and what tenants sent.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def configure_logging(settings: LogSettings, service: str) -> None:
    """Set up this process's logs, ours and the libraries', on standard error. Call once, at start."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _names(service),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _TRACEBACKS if settings.format == "json" else structlog.processors.StackInfoRenderer(),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(_one_line)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.level)),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=[*shared, _show_held_back],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(StormFilter(LIBRARIES, lambda record: _write(handler, record)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level)
    for noisy in (*LIBRARIES, "uvicorn.access", "httpx"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(settings.level)))


def _one_line(event: EventDict, **options: Any) -> str:
    """An event as JSON on one line, for whatever reads lines."""
    return json.dumps(event, ensure_ascii=False, **options).translate(_LINE_ENDS)


def _write(handler: logging.Handler, record: logging.LogRecord) -> None:
    """Write past the handler's filters."""
    with handler.lock or contextlib.nullcontext():
        handler.emit(record)


def _names(service: str) -> structlog.typing.Processor:
    """Name the service on every line; a context variable would miss the tasks and threads that libraries start."""

    def name(_: Any, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return name


def _show_held_back(_: Any, __: str, event: EventDict) -> EventDict:
    """The counts of a summary (`log_storms`), as fields of its line."""
    event.update(getattr(event.get("_record"), "held_back", {}))
    return event


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger by module name."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))
