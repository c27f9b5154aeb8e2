"""Lists of records as CONTRACTS 5 has them, worked out row by row: what pages and files are compared with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainRow

Keys = Sequence[tuple[str, bool]]
"""The fields that rows are sorted by, and whether descending."""
Passes = Callable[[PlainRow, PlainRow | None], bool]


@dataclass(frozen=True, slots=True)
class ListModel:
    """Records with their contacts over one relationship."""

    base: str
    records: Sequence[PlainRow]
    contacts: Mapping[str, PlainRow]
    relationship: str

    def rows(self, fields: Sequence[str], sort: Keys = (), passes: Passes | None = None) -> list[list[Any]]:
        """All rows of a list in their order. `passes` is asked of each pair where a contact field is listed, else of
        each record alone."""
        paired = any(field.startswith("contact.") for field in fields) and self.base != "contact"
        found = list(self._pairs() if paired else ((record, None) for record in self._live()))
        found = [pair for pair in found if passes is None or passes(*pair)]

        def compare(left: tuple[PlainRow, PlainRow | None], right: tuple[PlainRow, PlainRow | None]) -> int:
            for field, descending in sort:
                order = _compared(_key(self._value(field, *left)), _key(self._value(field, *right)), descending)
                if order:
                    return order
            ids = [(pair[0].record, pair[1].record if pair[1] is not None else "") for pair in (left, right)]
            return -1 if ids[0] < ids[1] else 1

        found.sort(key=cmp_to_key(compare))
        return [[self._value(field, *pair) for field in fields] for pair in found]

    def _live(self) -> Iterator[PlainRow]:
        return (record for record in self.records if not record.deleted)

    def _pairs(self) -> Iterator[tuple[PlainRow, PlainRow | None]]:
        for record in self._live():
            for linked in record.links.get(self.relationship, ()):
                yield record, self.contacts[linked]

    def _value(self, field: str, record: PlainRow, contact: PlainRow | None) -> Any:
        object_slug, _, slug = field.partition(".")
        row = record if object_slug == self.base else contact
        assert row is not None
        value = row.record if slug == "_id" else row.values.get(slug)
        return None if value in ("", []) else value


def _key(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, str) and value[10:11] == "T" and value.endswith("Z"):
        return datetime.fromisoformat(value)
    return value + 0.0 if isinstance(value, float) else value


def _compared(left: Any, right: Any, descending: bool) -> int:
    """Empty values are last, whatever the direction."""
    if left is None or right is None:
        return (left is None) - (right is None)
    if left == right:
        return 0
    return (-1 if left < right else 1) * (-1 if descending else 1)


async def pages(stack: QueryStack, request: Mapping[str, Any], size: int) -> list[list[list[Any]]]:
    """The pages of a list, so many rows each, to the last one. Each says how many rows match in all."""
    found: list[list[list[Any]]] = []
    after: dict[str, Any] = {}
    while True:
        response = await stack.ask({**request, "limit": size, **after})
        assert response.status_code == 200, response.text
        body = response.json()
        found.append(body["rows"])
        assert body["truncated"] == (body["next"] is not None)
        if body["next"] is None:
            assert body["matching"] == sum(map(len, found))
            return found
        assert len(body["rows"]) == size
        after = {"after": body["next"]}
