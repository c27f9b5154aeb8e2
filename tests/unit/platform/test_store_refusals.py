"""An error of the engine passes by itself and is 503, or is a fault of ours, 500 and counted."""

import pytest

from crosslook.platform.clickhouse_errors import TRANSIENT, ClickHouseError
from crosslook.platform.metrics import STORE_FAULTS, Meters
from crosslook.platform.store_refusals import store_refusal
from services.snapshot_service.store_errors import KNOWN, ErrorClass, classify


def counted(meters: Meters) -> float | None:
    return meters.registry.get_sample_value(f"{STORE_FAULTS.name}_total")


@pytest.mark.parametrize(("code", "name"), [(None, "NETWORK"), *TRANSIENT.items()])
def test_what_passes_by_itself_asks_to_come_back(code: int | None, name: str) -> None:
    meters = Meters()
    refused = store_refusal(ClickHouseError(code, name, "secret"), meters)
    assert (refused.status, refused.problem.code) == (503, "unavailable")
    assert "Retry-After" in refused.headers
    assert counted(meters) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *((62, "SYNTAX_ERROR"), (60, "UNKNOWN_TABLE"), (47, "UNKNOWN_IDENTIFIER"), (36, "BAD_ARGUMENTS")),
        *((516, "AUTHENTICATION_FAILED"), (497, "ACCESS_DENIED"), (117, "INCORRECT_DATA"), (99_999, "NEW")),
        *((None, "DRIVER"), (None, "MIDWAY")),
    ],
)
def test_every_other_error_is_ours_and_raises_an_alert(code: int | None, name: str) -> None:
    meters = Meters()
    refused = store_refusal(ClickHouseError(code, name, "secret"), meters)
    assert (refused.status, refused.problem.code) == (500, "internal_error")
    assert "Retry-After" not in refused.headers
    assert "secret" not in refused.problem.message()
    assert counted(meters) == 1


def test_whatever_ingest_tries_again_passes_by_itself() -> None:
    assert KNOWN[ErrorClass.RETRY].items() <= TRANSIENT.items()
    assert classify(ClickHouseError(None, "NETWORK", "")) is ErrorClass.RETRY
    assert classify(ClickHouseError(None, "DRIVER", "")) is ErrorClass.UNKNOWN
