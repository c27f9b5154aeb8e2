"""Reads which cell of a report is drilled into (CONTRACTS 5, "Drill")."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.condition_parsing import name_at
from services.query_service.domain.query import Name

DRILL_PROPERTIES = ("request", "row", "column")
_SCALARS = (str, int, float, bool, Decimal, type(None))


@dataclass(frozen=True, slots=True)
class DrillAsked:
    """A cell of a report. `request` is not looked into here. `row`: a value for each dimension, for the first ones
    where it is of a subtotal, for none where it is of the totals."""

    request: Mapping[str, Any]
    row: tuple[Any, ...]
    column: Name


def parse_drill(body: Any) -> tuple[DrillAsked | None, Problems]:
    """The cell and every problem of the shape; None when it cannot be read."""
    return read_object(body, _drill)


def _drill(reader: Reader) -> DrillAsked | None:
    reader.close(DRILL_PROPERTIES)
    request = reader.child("request", required=True)
    if "row" not in reader.sent:
        # Left out by mistake it would drill into the totals.
        reader.refuse("required_missing", "row", text="required_missing.drill_row")
    row = reader.elements("row", MAX_COLUMNS, "bad_value", "bad_value.drill_row", array="wrong_type.drill_row") or []
    for index, value in enumerate(row):
        if type(value) not in _SCALARS:
            reader.refuse("wrong_type", "row", index, text="wrong_type.drill_value")
    column = name_at(reader, "column", required=True)
    if request is None or column is None:
        return None
    if request.value("list"):
        reader.refuse("not_drillable", "request", "list", text="not_drillable.list")
    return DrillAsked(request.sent, tuple(row), column)
