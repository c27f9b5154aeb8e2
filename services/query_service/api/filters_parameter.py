"""Filters of a report as a query parameter: URL-encoded JSON."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query

from crosslook.contracts.problems import Problem, Problems
from crosslook.platform.bodies import parse_strictly
from crosslook.platform.errors import AppError, Invalid
from services.query_service.domain.parsing import parse_filters

FILTERS = "/filters"
FiltersParameter = Annotated[
    str | None,
    Query(
        min_length=1,
        description="Filters as in a report request, as URL-encoded JSON: "
        '`{"field": "ticket.status", "op": "eq", "values": ["open"]}`.',
    ),
]


def read_filters(sent: str | None) -> dict[str, Any] | None:
    """The filters of the parameter, empty where it is `{}` or `null`, None where it was not sent. Their shape is right;
    their names are not looked up.

    Raises Invalid with every problem, at its place in `/filters`."""
    if sent is None:
        return None
    filters, problems = _json(sent), Problems()
    if filters is None:
        return {}
    parse_filters(filters, problems)
    if problems:
        raise Invalid(problems)
    found: dict[str, Any] = filters
    return found


def _json(sent: str) -> Any:
    try:
        return parse_strictly(sent.encode())
    except Invalid as invalid:
        placed = invalid.found.moved(lambda problem: replace(problem, pointer=FILTERS + problem.pointer))
        raise Invalid(placed) from None
    except AppError as error:
        raise Invalid([Problem("not_json", FILTERS, "not_json.filters", error.problem.values)]) from None
