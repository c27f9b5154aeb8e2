"""A Look as it is sent: a report request with a name, and how it is shown."""

from dataclasses import dataclass
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object
from services.query_service.domain.saved import DESCRIPTION_MAX, SAVED_NAME_MAX, SAVED_READ_ONLY, chart

LOOK_PROPERTIES = ("name", "description", "request", "chart")


@dataclass(frozen=True, slots=True)
class LookSent:
    """What was sent, its wrong members left out. `request` is not looked into here; None where it is missing."""

    name: str
    description: str
    request: Any
    chart: dict[str, Any] | None


def parse_look(body: Any) -> tuple[LookSent | None, Problems]:
    """A Look and every problem around its request; None when it cannot be read."""
    return read_object(body, _look)


def _look(reader: Reader) -> LookSent:
    reader.close(LOOK_PROPERTIES, SAVED_READ_ONLY)
    name = reader.text("name", SAVED_NAME_MAX, required=True)
    description = reader.text("description", DESCRIPTION_MAX)
    request = reader.value("request", required=True)
    return LookSent(name or "", description or "", request, chart(reader))
