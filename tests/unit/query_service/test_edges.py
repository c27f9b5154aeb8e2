"""The small parts at the service's edge: formats, caches, values as they are shown, periods."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from cachetools import LRUCache

from crosslook.contracts.formats import Format
from crosslook.contracts.zones import zone_of
from crosslook.platform.caching import keep
from crosslook.platform.errors import AppError
from services.query_service.answering.runner import CachedResult
from services.query_service.api.responses import acceptable, matches
from services.query_service.domain.periods import shifted
from services.query_service.domain.result import ColumnHead, ResultSet, cell
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import Cell
from services.query_service.domain.zones import Zone

CHICAGO = Zone("America/Chicago", zone_of("America/Chicago"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", Format.JSON),
        ("*/*", Format.JSON),
        ("application/json", Format.JSON),
        ("text/csv", Format.CSV),
        ("text/*", Format.CSV),
        ("application/json;q=0.5, text/csv", Format.CSV),
        ("text/html, */*;q=0.1", Format.JSON),
        ("application/json;q=0, */*", Format.CSV),
        ("application/vnd.apache.arrow.stream", Format.ARROW),
        ("application/vnd.apache.parquet, text/csv;q=0.9", Format.PARQUET),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Format.XLSX),
    ],
)
def test_the_format_is_the_one_that_is_liked_best(header: str, expected: Format) -> None:
    assert acceptable(header) is expected


@pytest.mark.parametrize("header", ["text/html", "application/json;q=0", "application/vnd.ms-excel", "json;q=x"])
def test_a_format_that_we_do_not_have_is_refused(header: str) -> None:
    with pytest.raises(AppError) as caught:
        acceptable(header)
    assert (caught.value.status, caught.value.problem.code) == (406, "not_acceptable")


def test_an_etag_is_matched_among_several() -> None:
    assert matches('"a", W/"b"', '"b"')
    assert matches("*", '"b"')
    assert not matches('"a"', '"b"')
    assert not matches(None, '"b"')


def test_a_cache_loses_what_was_used_longest_ago() -> None:
    cache: LRUCache[str, str] = LRUCache(4, len)
    keep(cache, "a", "xx")
    keep(cache, "b", "yy")
    assert cache.get("a") == "xx"
    keep(cache, "c", "z")
    assert [cache.get(key) for key in "abc"] == ["xx", None, "z"]


@pytest.mark.parametrize("capacity", [0, 2])
def test_a_cache_does_not_keep_what_is_heavier_than_all_it_may_hold(capacity: int) -> None:
    cache: LRUCache[str, str] = LRUCache(capacity, len)
    keep(cache, "a", "x" * capacity)
    keep(cache, "b", "yyy")
    assert (cache.get("a"), cache.get("b")) == ("x" * capacity, None)


def test_a_result_that_was_kept_is_the_same_again() -> None:
    heads = (ColumnHead("ticket.subject", "dimension", ColumnType.TEXT, "Subject"),)
    rows: tuple[tuple[Cell, ...], ...] = (("é", 1, 0.1, True, None), ("", 2**53, -1e300, False, "=1"))
    result = ResultSet(heads, rows, ("x",), True, None, subtotals=((("a", 1),),), omitted=3)
    kept = CachedResult.of(result)
    assert kept.whole() == result
    assert kept.shape.rows == ()
    assert kept.weight > len(kept.rows)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, ColumnType.NUMBER, None),
        (3, ColumnType.NUMBER, 3.0),
        (1, ColumnType.BOOLEAN, True),
        (date(2299, 12, 31), ColumnType.DATE, "2299-12-31"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), ColumnType.DATETIME, "2026-11-01T01:30:00-05:00"),
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), ColumnType.DATETIME, "2026-11-01T01:30:00-06:00"),
        (datetime(2026, 1, 1, 0, 0, 0, 7000, tzinfo=UTC), ColumnType.DATETIME, "2025-12-31T18:00:00.007-06:00"),
        (Decimal("12.5000"), ColumnType.CURRENCY, "12.50"),
        (Decimal("12.3456"), ColumnType.CURRENCY, "12.3456"),
        (Decimal("-0.0000"), ColumnType.CURRENCY, "0.00"),
        (Decimal("1E+3"), ColumnType.CURRENCY, "1000.00"),
        (Decimal("123456789012345678901234.5678"), ColumnType.CURRENCY, "123456789012345678901234.5678"),
        (Decimal("1.00020000000000000000"), ColumnType.CURRENCY, "1.0002"),
    ],
)
def test_a_value_is_shown_as_its_type_says(value: Any, kind: ColumnType, expected: Any) -> None:
    found = cell(value, kind, CHICAGO)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (-1, "hour", "2026-03-31T11:00:00+00:00"),
        (-1, "day", "2026-03-30T12:00:00+00:00"),
        # The clocks went forward on 8 March: the same wall clock is another instant.
        (-30, "day", "2026-03-01T13:00:00+00:00"),
        (-1, "month", "2026-02-28T13:00:00+00:00"),
        (1, "quarter", "2026-06-30T12:00:00+00:00"),
        (-2, "year", "2024-03-31T12:00:00+00:00"),
        (1, "week", "2026-04-07T12:00:00+00:00"),
        (-9_999, "year", "1900-01-02T00:00:00+00:00"),
        (9_999, "month", "2299-12-30T00:00:00+00:00"),
    ],
)
def test_a_moment_is_moved_on_the_calendar_of_its_zone(count: int, unit: str, expected: str) -> None:
    assert shifted(datetime(2026, 3, 31, 12, tzinfo=UTC), CHICAGO, count, unit) == datetime.fromisoformat(expected)
