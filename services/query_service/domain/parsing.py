"""Reads a ReportRequest from JSON: finds every problem of its shape, and keeps the valid parts for the next step.

Limits come first: what exceeds one is not read, and no name is looked up for it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.column_parsing import (
    MAX_COLUMNS,
    MAX_PIVOT,
    read_calculations,
    read_dimensions,
    read_formulas,
    read_measures,
    read_pivot,
)
from services.query_service.domain.comparison_parsing import read_compare, read_moved
from services.query_service.domain.condition_parsing import ConditionParser, name_at
from services.query_service.domain.list_parsing import read_after, read_list
from services.query_service.domain.query import (
    CURRENT,
    DEFAULT_LIMIT,
    ContactMatch,
    Match,
    Name,
    RecordsAsked,
    ReportRequest,
    SortAsked,
)
from services.query_service.domain.shorthand import ALSO_CALLED

MAX_SORT = 100

REQUEST_PROPERTIES = (
    *("object", "dimensions", "measures", "filters", "having", "sort", "limit", "totals", "relationship", "contacts"),
    *("records", "timezone", "snapshot", "pivot", "compare", "calculations", "subtotals"),
    *("week_start", "formulas", "list", "after", "moved"),
)
"""The properties of a report request (CONTRACTS 5)."""


class Direction(StrEnum):
    """Which end of an order comes first."""

    ASC = "asc"
    DESC = "desc"


def parse_request(body: Any, max_rows: int, problems: Problems | None = None) -> tuple[ReportRequest | None, Problems]:
    """The request without the parts that are wrong, and every problem of its shape. `max_rows` bounds `limit`.

    None when its object cannot be read, or when reading stopped because so much is wrong."""
    return read_object(body, lambda reader: _Parser(reader, max_rows).request(), problems)


def parse_filters(filters: Mapping[str, Any], problems: Problems) -> None:
    """Note what is wrong with the shape of filters that stand alone."""
    read_object(
        {"filters": filters}, lambda reader: ConditionParser(reader.problems).conditions(reader, "filters"), problems
    )


class _Parser:
    def __init__(self, reader: Reader, max_rows: int) -> None:
        self._reader = reader
        self._max_rows = max_rows
        # A list may be what is behind a cell: under the conditions of a report and one for each of its dimensions.
        further = MAX_COLUMNS + MAX_PIVOT if reader.sent.get("list") else 0
        self._conditions = ConditionParser(reader.problems, further)

    def request(self) -> ReportRequest | None:
        reader = self._reader
        reader.close(REQUEST_PROPERTIES, others=ALSO_CALLED)
        base = name_at(reader, "object", required=True)
        listed = read_list(reader) if not reader.sent.keys().isdisjoint(("list", "after")) else None
        dimensions, measures = read_dimensions(reader), read_measures(reader, self._conditions)
        calculations = read_calculations(reader)
        if listed is None:
            self._check_columns(len(dimensions) + len(measures) + len(calculations))
        snapshot_before, periods = read_compare(reader) if "compare" in reader.sent else (False, ())
        request = ReportRequest(
            base or Name("", "/object"),
            dimensions,
            measures,
            self._conditions.conditions(reader, "filters"),
            self._conditions.conditions(reader, "having"),
            self._sort(),
            self._limit(),
            bool(reader.boolean("totals")),
            name_at(reader, "relationship"),
            reader.choice("contacts", ContactMatch) or ContactMatch.ANY,
            self._records(),
            name_at(reader, "timezone"),
            name_at(reader, "snapshot") or Name(CURRENT, "/snapshot"),
            read_pivot(reader),
            snapshot_before,
            calculations,
            bool(reader.boolean("subtotals")),
            reader.choice("week_start", WeekStart),
            read_formulas(reader),
            periods,
            listed,
            read_after(reader) if listed is not None else None,
            read_moved(reader) if "moved" in reader.sent else None,
        )
        return request if base is not None else None

    def _check_columns(self, count: int) -> None:
        asked = [self._reader.sent.get(name) for name in ("dimensions", "measures", "calculations")]
        if count == 0 and not any(asked[:2]):
            self._reader.refuse("required_missing", "measures", text="required_missing.columns")
        if count > MAX_COLUMNS:
            self._reader.refuse("too_many_columns", "dimensions", values={"limit": MAX_COLUMNS})

    def _limit(self) -> int:
        sent = self._reader.value("limit")
        if sent is None:
            return DEFAULT_LIMIT
        if type(sent) is not int or sent < 1:
            self._reader.refuse("bad_value", "limit", text="bad_value.limit", values={"limit": self._max_rows})
        elif sent > self._max_rows:
            self._reader.refuse("limit_too_large", "limit", values={"limit": self._max_rows})
        else:
            return sent
        return DEFAULT_LIMIT

    def _sort(self) -> tuple[SortAsked, ...]:
        found: list[SortAsked] = []
        items = self._reader.items("sort", MAX_SORT, shape="wrong_type.sort", array="wrong_type.sorts")
        for _, reader in items or ():
            reader.close(("field", "direction"), others=ALSO_CALLED)
            column, direction = name_at(reader, "field", required=True), reader.choice("direction", Direction)
            if column:
                found.append(SortAsked(column, direction is Direction.DESC))
        return tuple(found)

    def _records(self) -> RecordsAsked | None:
        reader = self._reader.child("records", shape="wrong_type.records")
        if reader is None:
            return None
        reader.close(("object", "relationship", "match"))
        named, over = name_at(reader, "object", required=True), name_at(reader, "relationship")
        match = reader.choice("match", Match) or Match.WITH
        return RecordsAsked(named, over, match) if named else None
