"""A Look as it is sent: a report request with a name, and how it is shown."""

from dataclasses import dataclass
from typing import Any

from crosslook.contracts.problems import Problem
from services.query_service.domain.saved import DESCRIPTION_MAX, NAME_MAX, READ_ONLY, members

PROPERTIES = ("name", "description", "request", "chart")


@dataclass(frozen=True, slots=True)
class LookSent:
    """What was sent, its wrong members left out. `request` is not looked into here; None where it is missing."""

    name: str
    description: str
    request: Any
    chart: dict[str, Any] | None


def parse_look(body: Any) -> tuple[LookSent | None, list[Problem]]:
    """A Look and every problem around its request; None when the body is no object."""
    problems: list[Problem] = []
    sent = members(body, (), problems)
    if sent is None:
        return None, problems
    sent.only(PROPERTIES, READ_ONLY)
    name = sent.text("name", NAME_MAX, required=True)
    description = sent.text("description", DESCRIPTION_MAX)
    request = sent.sent.get("request")
    if request is None:
        sent.refuse("required_missing", "request", text="required_missing", name="request")
    return LookSent(name, description, request, sent.chart()), problems
