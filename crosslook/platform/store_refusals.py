"""Errors of the engine as HTTP answers: temporary ones are 503; others are 500 and raise an alert."""

from crosslook.contracts.problems import Problem
from crosslook.platform.clickhouse_errors import ClickHouseError
from crosslook.platform.errors import AppError, Unavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import STORE_FAULTS, Meters

_LOG = get_logger(__name__)


def store_refusal(error: ClickHouseError, meters: Meters, query_id: str = "") -> AppError:
    """The answer to a request whose statement failed: `unavailable` for an error that passes by itself, else
    `internal_error`, counted as `crosslook_store_faults`. Either is logged, with the engine's text."""
    found = {"code": error.code, "name": error.name, "text": str(error), "query_id": query_id or None}
    if error.transient:
        _LOG.warning("store_unavailable", **found)
        return Unavailable("clickhouse")
    _LOG.error("store_fault", **found)
    meters.add(STORE_FAULTS)
    return AppError(Problem("internal_error"), status=500)
