"""Query parameters: unknown, repeated and invalid ones are refused, like members of a body."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute

from crosslook.contracts.problems import SHOWN_MAX, Problem, Problems, pointer
from crosslook.contracts.suggestions import guess
from crosslook.platform.errors import Invalid

_NAME_SHOWN = 100
_EXPECTED = {
    "missing": "bad_parameter.missing",
    "string_too_short": "bad_parameter.missing",
    "int_parsing": "bad_parameter.integer",
    "int_from_float": "bad_parameter.integer",
    "bool_parsing": "bad_parameter.boolean",
    "greater_than_equal": "bad_parameter.least",
    "less_than_equal": "bad_parameter.most",
    "literal_error": "bad_parameter",
    "enum": "bad_parameter",
}
"""What pydantic found, in our words: its own are English and can quote exceptions."""


async def known_parameters(request: Request) -> None:
    """A FastAPI dependency: refuses query parameters that the route does not declare, and those that are sent more
    than once, but for declared lists: which value was meant? `authorize` includes it, so that
    it speaks to callers who may call; routes that are open to everyone name it themselves.

    Raises Invalid with every problem that the parameters have.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    declared = list(_declared(route.dependant))
    known = {field.alias: field_annotation_is_sequence(field.field_info.annotation) for field in declared}
    times = Counter(name for name, _ in request.query_params.multi_items())
    unknown = [name for name in times if name not in known]
    repeated = [name for name, count in times.items() if count > 1 and known.get(name) is False]
    if unknown or repeated:
        raise Invalid(_problems(request, declared, unknown, repeated))


def _declared(dependant: Dependant) -> Iterator[ModelField]:
    """The query parameters of a route and of everything it depends on."""
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _declared(inner)


def _problems(request: Request, declared: Sequence[ModelField], unknown: list[str], repeated: list[str]) -> Problems:
    problems = Problems()
    known = [field.alias for field in declared]
    text = "" if known else "unknown_parameter.none"
    for name in unknown[:SHOWN_MAX]:
        values = {"name": name[:_NAME_SHOWN], "known": ", ".join(known)}
        problems.add(Problem("unknown_parameter", pointer(name), text, values, guess(name, known)))
    problems.count(len(unknown) - len(problems))
    problems.extend(
        Problem("bad_parameter", pointer(name), "bad_parameter.repeated", {"name": name}) for name in repeated
    )
    _, bad = request_params_to_args(declared, request.query_params)
    problems.extend(bad_parameter(found) for found in bad)
    return problems


def bad_parameter(found: Mapping[str, Any]) -> Problem:
    """What FastAPI found wrong with a parameter, as a problem."""
    place, *path = found["loc"]
    context = found.get("ctx") or {}
    limit = context.get("ge", context.get("le", ""))
    values = {"name": str(path[-1] if path else place), "limit": limit, "expected": str(context.get("expected", ""))}
    return Problem("bad_parameter", pointer(*path), _EXPECTED.get(found["type"], "bad_parameter.unreadable"), values)
