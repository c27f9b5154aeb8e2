"""Bodies of requests as the OpenAPI document shows them; `domain` reads them, to find every problem at once."""

from enum import StrEnum
from typing import Any

from crosslook.contracts.expression_tokens import EXPRESSION_MAX
from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.calculations import CALCULATION_NAME_MAX
from services.query_service.domain.column_parsing import MAX_COLUMNS, MAX_FORMULAS, MAX_PIVOT
from services.query_service.domain.comparison_parsing import COMPARISONS_MAX, SHIFT_MAX, Compared
from services.query_service.domain.dashboards import (
    FILTER_FIELDS_MAX,
    POSITION_MAX,
    POSITION_MEMBERS_MAX,
    TILES_MAX,
)
from services.query_service.domain.groupings import EDGES_MAX, GROUPS_MAX
from services.query_service.domain.parsing import Direction
from services.query_service.domain.query import ContactMatch, FilterOperator, Match
from services.query_service.domain.saved import CHART_MEMBERS_MAX, DESCRIPTION_MAX, SAVED_NAME_MAX
from services.query_service.domain.terms import Granularity
from services.query_service.domain.whole_periods import whole_units


def _values(names: type[StrEnum]) -> list[str]:
    return [name.value for name in names]


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_TEXT: dict[str, Any] = {"type": "string"}
_GROUPING: dict[str, Any] = {
    "bins": {"type": "array", "minItems": 1, "maxItems": EDGES_MAX, "description": "Ascending edges."},
    "width": {"description": "The width of each bin: a number, or an amount as a decimal text."},
    "groups": {
        "type": "array",
        "minItems": 1,
        "maxItems": GROUPS_MAX,
        "items": _object(["name", "values"], name=_TEXT, values={"type": "array", "minItems": 1}),
    },
    "others": {**_TEXT, "description": "The group of the values that are in none."},
}
_FILTER: dict[str, Any] = {
    "description": "One condition, or conditions under `and` or `or`, which nest.",
    "type": "object",
    "properties": {
        "and": {"type": "array", "items": {"type": "object"}},
        "or": {"type": "array", "items": {"type": "object"}},
        "field": _TEXT,
        "op": {"enum": _values(FilterOperator)},
        "values": {"type": "array"},
        "granularity": {"enum": _values(Granularity), "description": "Test the date or time truncated to it."},
        **_GROUPING,
    },
    "additionalProperties": False,
}


_FILTERED_MEASURE: dict[str, Any] = _object(
    ["measure", "name"],
    measure=_TEXT,
    name={"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$", "description": "The name of the column."},
    filters=_FILTER,
)
_CALCULATIONS: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_COLUMNS,
    "items": _object(
        ["name", "expression"],
        name={"type": "string", "maxLength": CALCULATION_NAME_MAX},
        expression={"type": "string", "maxLength": EXPRESSION_MAX},
    ),
    "description": "Columns computed from other columns of the result.",
}
_DECLARED_NAME: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}
_FORMULAS: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_FORMULAS,
    "items": _object(
        ["name", "expression"], name=_DECLARED_NAME, expression={"type": "string", "maxLength": EXPRESSION_MAX}
    ),
    "description": "Values computed for each record from the fields of one object.",
}


def _period(*more: str, **members: Any) -> dict[str, Any]:
    shift: dict[str, Any] = {
        "type": "array",
        "prefixItems": [
            {"type": "integer", "minimum": 1, "maximum": SHIFT_MAX},
            {"enum": [*whole_units(with_clock=True)]},
        ],
        "minItems": 2,
        "maxItems": 2,
    }
    return _object(["field", "shift", *more], field=_TEXT, shift=shift, **members)


_COMPARE: dict[str, Any] = {
    "anyOf": [
        {"enum": [*_values(Compared), None]},
        _period(),
        {
            "type": "array",
            "maxItems": COMPARISONS_MAX,
            "items": _period("name", name={"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}),
        },
    ],
    "description": "The previous snapshot, or the same report with values of `field` moved forward by `shift`.",
}
_BINNED: dict[str, Any] = {
    **_object(["field", "name"], field=_TEXT, name=_DECLARED_NAME, **_GROUPING),
    "description": "Bins or groups of a field or formula: exactly one of `bins`, `width` and `groups`.",
}


_LIST: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_COLUMNS,
    "items": _TEXT,
    "description": "Fields to list record by record, in place of dimensions and measures.",
}


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report request."""
    truncated = _object(
        ["field"], field=_TEXT, granularity={"enum": [granularity.value for granularity in Granularity]}
    )
    return _object(
        ["object"],
        object=_TEXT,
        dimensions={"type": "array", "maxItems": MAX_COLUMNS, "items": {"anyOf": [_TEXT, truncated, _BINNED]}},
        measures={"type": "array", "maxItems": MAX_COLUMNS, "items": {"anyOf": [_TEXT, _FILTERED_MEASURE]}},
        filters=_FILTER,
        having=_FILTER,
        sort={
            "type": "array",
            "items": _object(["field"], field=_TEXT, direction={"enum": _values(Direction)}),
        },
        limit={"type": "integer", "minimum": 1, "default": 500},
        totals={"type": "boolean", "default": False},
        relationship=_TEXT,
        contacts={"enum": _values(ContactMatch), "default": ContactMatch.ANY.value},
        records=_object(["object"], object=_TEXT, relationship=_TEXT, match={"enum": _values(Match)}),
        timezone=_TEXT,
        week_start={"enum": _values(WeekStart), "description": "The day on which weeks begin."},
        snapshot={**_TEXT, "default": "current", "description": "`current`, `previous` or a snapshot's id."},
        pivot={
            "type": "array",
            "maxItems": MAX_PIVOT,
            "items": {"anyOf": [_TEXT, truncated, _BINNED]},
            "description": "Dimensions whose values become columns.",
        },
        calculations=_CALCULATIONS,
        formulas=_FORMULAS,
        compare=_COMPARE,
        moved={**_period(), "description": "Of a list: what its filters read moved values of."},
        list=_LIST,
        after={**_TEXT, "description": "Of a list: `next` of the page before."},
        subtotals={"type": "boolean", "default": False, "description": "Add rows over the first dimensions only."},
    )


_NAMED: dict[str, Any] = {
    "name": {"type": "string", "minLength": 1, "maxLength": SAVED_NAME_MAX},
    "description": {"type": "string", "maxLength": DESCRIPTION_MAX, "default": ""},
}
_CHART: dict[str, Any] = {
    "type": "object",
    "description": f"How to show the report: a type, and options of the page; at most {CHART_MEMBERS_MAX} members.",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "options": {"type": "object"}},
}


def _takes(schema: dict[str, Any]) -> dict[str, Any]:
    """Documents a body that we read ourselves, so that every problem with it is answered at once."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def takes_look() -> dict[str, Any]:
    """Documents the body of a Look."""
    return _takes(_object(["name", "request"], **_NAMED, request=report_schema(), chart=_CHART))


def takes_report() -> dict[str, Any]:
    """Documents the body of a query."""
    return _takes(report_schema())


def takes_cell() -> dict[str, Any]:
    """Documents the body of a drill-down."""
    row = {
        "description": "A value for each dimension, for the first ones in a subtotal; null is the row of totals.",
        "type": ["array", "null"],
        "maxItems": MAX_COLUMNS,
        "items": {"type": ["string", "number", "boolean", "null"]},
    }
    return _takes(_object(["request", "row", "column"], request=report_schema(), row=row, column=_TEXT))


def takes_dashboard() -> dict[str, Any]:
    """Documents the body of a dashboard."""
    position = {
        "type": "object",
        "description": "Whole numbers by name, such as x, y, width, height.",
        "maxProperties": POSITION_MEMBERS_MAX,
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": POSITION_MAX},
    }
    fields = {
        "type": "object",
        "description": "The tile's field for a field of the dashboard's filters, where that is another one; null "
        "where the filters on it do not apply to this tile.",
        "maxProperties": FILTER_FIELDS_MAX,
        "additionalProperties": {"type": ["string", "null"]},
    }
    shown = {"look": {"type": "string"}, "request": report_schema(), "chart": _CHART}
    tile = {
        "type": "object",
        "description": "Either a look or a request.",
        "properties": {**shown, "position": position, "filter_fields": fields},
        "additionalProperties": False,
    }
    tiles = {"type": "array", "maxItems": TILES_MAX, "items": tile}
    return _takes(_object(["name"], **_NAMED, tiles=tiles, filters=report_schema()["properties"]["filters"]))
