"""The names that a request gives to values and columns of its own: a formula, a bin, a filtered measure."""

from collections.abc import Iterable

from crosslook.contracts.ids import SLUG
from crosslook.contracts.problems import Problem
from services.query_service.domain.query import Name

RESERVED_NAMES = ("and", "or", "not", "true", "false", "null")
"""Words that mean something else in expressions."""
_NAME_SHOWN = 100


class DeclaredNames:
    """The declared names of one request. Each is unlike every other one and unlike the names `taken` by objects."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._names = set(taken)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def declare(self, name: Name) -> Problem | None:
        """Add a name; what is wrong with it."""
        shown = {"name": name.text[:_NAME_SHOWN]}
        if not SLUG.match(name.text):
            return Problem("bad_value", name.pointer, "bad_value.declared_name", shown)
        if name.text in RESERVED_NAMES:
            return Problem("bad_value", name.pointer, "bad_value.reserved_name", shown)
        if name.text in self._names:
            return Problem("name_conflict", name.pointer, "", shown)
        self._names.add(name.text)
        return None
