"""What people write who have used other systems, and what they probably mean by it."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from crosslook.contracts.suggestions import did_you_mean
from services.query_service.domain.query import FilterOperator

ALSO_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("where", "filter", "conditions"), "filters"),
    **dict.fromkeys(("group_by", "groupby", "columns", "fields", "rows"), "dimensions"),
    **dict.fromkeys(("metrics", "aggregations", "aggregates"), "measures"),
    **dict.fromkeys(("order_by", "orderby", "sort_by"), "sort"),
    **dict.fromkeys(("tz", "time_zone"), "timezone"),
    **dict.fromkeys(("table_calculations",), "calculations"),
    **dict.fromkeys(("column", "dimension"), "field"),
    **dict.fromkeys(("operator", "operation"), "op"),
    **dict.fromkeys(("order", "desc"), "direction"),
    **dict.fromkeys(("by", "interval", "truncate"), "granularity"),
    "formula": "expression",
}
"""What other systems call our properties, in small letters."""
_TEXT = 100
_VALUES = 3
_SCALARS = (str, int, float)


def is_shorthand(sent: Mapping[str, Any], known: Iterable[str]) -> bool:
    """Whether it says `{"ticket.status": "open"}` where a condition is expected. `known`: the members of one."""
    if len(sent) > _VALUES or not all(value is None or _shown(value) for value in sent.values()):
        return False
    return all(did_you_mean(name, known) is None for name in sent)


def condition_meant(name: str, value: Any) -> str:
    """The condition that a field with its value probably means."""
    meant: dict[str, Any] = {"field": name[:_TEXT]}
    if value is None:
        return json.dumps({**meant, "op": FilterOperator.IS_EMPTY}, ensure_ascii=False)
    operator = FilterOperator.IN if type(value) is list and len(value) > 1 else FilterOperator.EQ
    return json.dumps({**meant, "op": operator, "values": _shown(value)}, ensure_ascii=False)


def measure_meant(sent: Any) -> str | None:
    """`ticket.csat.avg` for a field and a function in an object."""
    if type(sent) is not dict:
        return None
    field = sent.get("field")
    function = next((sent[name] for name in ("aggregate", "function", "aggregation") if name in sent), None)
    named = [part for part in (field, function) if isinstance(part, str) and 0 < len(part) <= _TEXT]
    return ".".join(named) if len(named) == len((field, function)) else None


def _shown(value: Any) -> list[str | int | float]:
    """The first of the values; none where they cannot be values of a condition."""
    sent = value if type(value) is list else [value]
    values = [str(value) if isinstance(value, Decimal) else value for value in sent[:_VALUES]]
    return [value[:_TEXT] if isinstance(value, str) else value for value in values if isinstance(value, _SCALARS)]
