"""Links in a refresh: the index of a snapshot's contacts, and the objects whose links it changes."""

from collections.abc import Iterable, Sequence

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import Entry
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.statements import index_statement, relinked_statement
from services.snapshot_service.domain.tables import contact_index_name, contact_index_table
from services.snapshot_service.refresh.counting import MEMORY, object_key
from services.snapshot_service.refresh.work import NumberedObjects, Work

Placed = tuple[Entry, Layout]
"""An object's entry, and the layout of the rows that it names."""


class ContactIndex:
    """One run's index of contacts by the references that name them. It lies in the engine's memory."""

    def __init__(self, clickhouse: ClickHouse, work: Work, base: int) -> None:
        self._clickhouse = clickhouse
        self._work = work
        self._base = base
        self._filled = 0
        self._made = False

    async def fill(self, contacts: Iterable[Placed]) -> None:
        """Make the index anew, of these contact entries. Raises ClickHouseError."""
        groups = _by_layout(contacts)
        builds = await self._work.take([_objects(group) for group in groups])
        # Emptied, and not dropped: the engine keeps what was dropped in memory for minutes.
        make = f"TRUNCATE TABLE {contact_index_name(self._base)}" if self._made else contact_index_table(self._base)
        await self._clickhouse.command(make)
        self._made = True
        for build, group in zip(builds, groups, strict=True):
            statement = index_statement(group[0][1], self._base)
            await self._clickhouse.command(statement, {"builds": [build]}, MEMORY)
        self._filled = await self._size()

    async def relinked(self, entries: Iterable[Placed]) -> frozenset[ObjectKey]:
        """Which of these objects have a link that newly resolves or newly breaks. Raises ClickHouseError."""
        groups = _by_layout((entry, layout) for entry, layout in entries if layout.relationships)
        builds = await self._work.take([_objects(group) for group in groups])
        found: set[ObjectKey] = set()
        for build, group in zip(builds, groups, strict=True):
            statement = relinked_statement(group[0][1], self._base)
            rows = (await self._clickhouse.query(statement, {"builds": [build]}, MEMORY)).rows
            found |= {object_key(tenant, name) for tenant, name, *_ in rows}
        return frozenset(found)

    async def intact(self) -> bool:
        """Whether the index is what it was when it was filled: an engine that was started anew has resolved no link.
        Raises ClickHouseError."""
        return await self._size() == self._filled

    async def _size(self) -> int:
        index = {"index": contact_index_name(self._base)}
        return int((await self._clickhouse.query("SELECT count() FROM {index:Identifier}", index)).scalar())


def _by_layout(entries: Iterable[Placed]) -> list[list[Placed]]:
    grouped: dict[str, list[Placed]] = {}
    for entry, layout in entries:
        grouped.setdefault(layout.id, []).append((entry, layout))
    return list(grouped.values())


def _objects(group: Sequence[Placed]) -> NumberedObjects:
    return [(entry.key, entry.build) for entry, _ in group]
