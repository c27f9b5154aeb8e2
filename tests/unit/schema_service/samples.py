"""Bodies and states that the tests of this service start from."""

from copy import deepcopy
from typing import Any

from crosslook.contracts.schemas import Definition, SchemaState
from services.schema_service.domain.changes import created
from services.schema_service.domain.definition import Limits, Parsed, parse_definition

TICKET: dict[str, Any] = {
    "object": "ticket",
    "labels": {"singular": "Ticket", "plural": "Tickets"},
    "description": "",
    "fields": [
        {
            "slug": "status",
            "label": "Status",
            "type": "dropdown",
            "required": False,
            "options": [{"value": "open", "label": "Open"}, {"value": "solved", "label": "Solved"}],
        },
        {"slug": "csat", "label": "CSAT", "type": "number", "scale": 1},
        {"slug": "amount", "label": "Amount", "type": "currency", "currency": "USD"},
        {"slug": "opened_at", "label": "Opened", "type": "datetime"},
        {"slug": "tags", "label": "Tags", "type": "multiselect", "options": []},
    ],
    "relationships": [{"slug": "requester", "label": "Requester", "target": "contact", "many": False}],
}
"""The schema that CONTRACTS 2 shows."""


def ticket(**members: Any) -> dict[str, Any]:
    """That schema with other members."""
    return {**deepcopy(TICKET), **members}


def with_field(**field: Any) -> dict[str, Any]:
    """That schema with one more field, at /fields/5."""
    return ticket(fields=[*TICKET["fields"], field])


def without(*slugs: str) -> dict[str, Any]:
    """That schema without some of its fields and relationships."""
    return ticket(
        fields=[field for field in TICKET["fields"] if field["slug"] not in slugs],
        relationships=[relationship for relationship in TICKET["relationships"] if relationship["slug"] not in slugs],
    )


def read(body: Any, expected: str | None = None) -> Parsed:
    """The body, read under the limits of CONTRACTS."""
    return parse_definition(body, Limits(), expected)


def definition(body: Any) -> Definition:
    """The definition of a body that is good."""
    parsed = read(body)
    assert parsed.definition is not None, parsed.problems
    return parsed.definition


def state(body: Any = TICKET) -> SchemaState:
    """A new object of tenant acme."""
    return created("acme", definition(body))


def found(parsed: Parsed) -> list[tuple[str, str, str | None]]:
    """(pointer, code, suggestion) of each problem."""
    return [(problem.pointer, problem.code, problem.suggested()) for problem in parsed.problems]
