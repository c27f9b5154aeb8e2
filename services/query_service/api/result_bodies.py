"""Bodies as the OpenAPI document shows them; `domain.parsing` reads requests, to find every problem at once."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from services.query_service.domain.cells import Cell
from services.query_service.domain.formula_check import CALCULATION_NAME_MAX
from services.query_service.domain.formula_syntax import MAX_LENGTH
from services.query_service.domain.parsing import MAX_COLUMNS, MAX_PIVOT, Compared, Direction
from services.query_service.domain.query import ContactMatch, FilterOperator, Match
from services.query_service.domain.terms import Granularity


class SnapshotBlock(BaseModel):
    """How fresh an answer is."""

    id: str
    as_of: str
    next_refresh_at: str
    zone: str
    waiting_events: int
    stale: bool


class ColumnBody(BaseModel):
    """A column of a result."""

    name: str
    label: str
    kind: Literal["dimension", "measure", "calculation"]
    type: str
    pivot: list[Cell] | None = Field(None, description="The values of the pivot under which the column stands.")


class SubtotalsBody(BaseModel):
    """Rows over the first dimensions only, aligned with the columns."""

    dimensions: list[str]
    rows: list[list[Cell]]


class PreviousBody(BaseModel):
    """The snapshot that a report is compared with."""

    id: str
    as_of: str


class JoinBody(BaseModel):
    """How many records have a contact over the relationship, and how many have none."""

    relationship: str
    kept: int
    dropped: int


class WarningBody(BaseModel):
    """Something the answer should be taken with."""

    code: str
    pointer: str
    message: str


class ResultBody(BaseModel):
    """The result of a report."""

    columns: list[ColumnBody]
    rows: list[list[Cell]]
    totals: list[Cell] | None
    truncated: bool
    subtotals: list[SubtotalsBody] | None = Field(None, description="Where they were asked: level by level.")
    pivot_omitted: int | None = Field(None, description="How many columns of the pivot are not shown.")
    previous: PreviousBody | None = Field(None, description="Where the report is compared with it.")
    join: JoinBody | None
    snapshot: SnapshotBlock
    warnings: list[WarningBody]
    query_id: str
    elapsed_ms: int
    cached: bool


_TEXT: dict[str, Any] = {"type": "string"}
_FILTER: dict[str, Any] = {
    "description": "One condition, or conditions under `and` or `or`, which nest.",
    "type": "object",
    "properties": {
        "and": {"type": "array", "items": {"type": "object"}},
        "or": {"type": "array", "items": {"type": "object"}},
        "field": _TEXT,
        "op": {"enum": [one.value for one in FilterOperator]},
        "values": {"type": "array"},
    },
    "additionalProperties": False,
}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report request."""
    truncated = _object(["field"], field=_TEXT, granularity={"enum": [one.value for one in Granularity]})
    return _object(
        ["object"],
        object=_TEXT,
        dimensions={"type": "array", "maxItems": MAX_COLUMNS, "items": {"anyOf": [_TEXT, truncated]}},
        measures={"type": "array", "maxItems": MAX_COLUMNS, "items": _TEXT},
        filters=_FILTER,
        having=_FILTER,
        sort={
            "type": "array",
            "items": _object(["field"], field=_TEXT, direction={"enum": [one.value for one in Direction]}),
        },
        limit={"type": "integer", "minimum": 1, "default": 500},
        totals={"type": "boolean", "default": False},
        relationship=_TEXT,
        contacts={"enum": [one.value for one in ContactMatch], "default": ContactMatch.ANY.value},
        records=_object(["object"], object=_TEXT, relationship=_TEXT, match={"enum": [one.value for one in Match]}),
        timezone=_TEXT,
        snapshot={**_TEXT, "default": "current", "description": "`current`, `previous` or a snapshot's id."},
        pivot={
            "type": "array",
            "maxItems": MAX_PIVOT,
            "items": {"anyOf": [_TEXT, truncated]},
            "description": "Dimensions whose values become columns.",
        },
        calculations={
            "type": "array",
            "maxItems": MAX_COLUMNS,
            "items": _object(
                ["name", "expression"],
                name={"type": "string", "maxLength": CALCULATION_NAME_MAX},
                expression={"type": "string", "maxLength": MAX_LENGTH},
            ),
            "description": "Columns computed from other columns of the result.",
        },
        compare={"enum": [one.value for one in Compared] + [None], "description": "The snapshot to compare with."},
        subtotals={"type": "boolean", "default": False, "description": "Rows over the first dimensions only as well."},
    )


def takes_report() -> dict[str, Any]:
    """Documents the body of a query."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": report_schema()}}}}
