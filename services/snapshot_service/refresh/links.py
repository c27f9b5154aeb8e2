"""Links in a refresh: the index of a snapshot's contacts, and the objects whose links it changes."""

from collections.abc import Iterable, Sequence

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import Entry
from services.snapshot_service.domain.statements import index_statement, relinked_statement
from services.snapshot_service.domain.tables import contact_index_name, contact_index_table
from services.snapshot_service.refresh.run_statements import NumberedObjects, RunStatements, object_key

EntryRows = tuple[Entry, Layout]
"""An object's entry, and the layout of the rows that it names."""


class ContactIndex:
    """One run's index of contacts by the references that name them. It lies in the engine's memory."""

    def __init__(self, statements: RunStatements) -> None:
        self._statements = statements
        self._base = statements.window.base
        self._filled = 0
        self._made = False

    async def fill(self, contacts: Iterable[EntryRows]) -> None:
        """Build the index of these contact entries. Raises ClickHouseError."""
        groups = _by_layout(contacts)
        builds = await self._statements.number([_objects(group) for group in groups])
        # Emptied, and not dropped: the engine keeps what was dropped in memory for minutes.
        make = f"TRUNCATE TABLE {contact_index_name(self._base)}" if self._made else contact_index_table(self._base)
        await self._statements.command(make)
        self._made = True
        for build, group in zip(builds, groups, strict=True):
            await self._statements.command(index_statement(group[0][1], self._base), {"builds": [build]})
        self._filled = await self._size()

    async def relinked(self, entries: Iterable[EntryRows]) -> frozenset[ObjectKey]:
        """Which of these objects have a link that newly resolves or newly breaks. Raises ClickHouseError."""
        groups = _by_layout((entry, layout) for entry, layout in entries if layout.relationships)
        builds = await self._statements.number([_objects(group) for group in groups])
        found: set[ObjectKey] = set()
        for build, group in zip(builds, groups, strict=True):
            statement = relinked_statement(group[0][1], self._base)
            rows = (await self._statements.query(statement, {"builds": [build]})).rows
            found |= {object_key(tenant, name) for tenant, name, *_ in rows}
        return frozenset(found)

    async def intact(self) -> bool:
        """Whether the index is what it was when it was filled: an engine that was restarted has resolved no link.
        Raises ClickHouseError."""
        return await self._size() == self._filled

    async def _size(self) -> int:
        index = {"index": contact_index_name(self._base)}
        return int((await self._statements.query("SELECT count() FROM {index:Identifier}", index)).scalar())


def _by_layout(entries: Iterable[EntryRows]) -> list[list[EntryRows]]:
    grouped: dict[str, list[EntryRows]] = {}
    for entry, layout in entries:
        grouped.setdefault(layout.id, []).append((entry, layout))
    return list(grouped.values())


def _objects(group: Sequence[EntryRows]) -> NumberedObjects:
    return [(entry.key, entry.build) for entry, _ in group]
