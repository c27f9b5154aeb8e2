"""Links in a refresh: the index of a snapshot's contacts, and the objects whose links it changes."""

from collections.abc import Iterable, Sequence

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import Entry
from services.snapshot_service.domain.alias_statements import (
    add_alias_hits_statement,
    alias_hits_statement,
    chained_aliases_statement,
    chained_statement,
)
from services.snapshot_service.domain.link_aliases import follow_chained
from services.snapshot_service.domain.merge_tables import alias_hits_name, alias_hits_table
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
        self._aliased = False

    async def fill(self, contacts: Iterable[EntryRows], *, aliased: bool) -> None:
        """Build the index of these contact entries; `aliased`: with the aliases of their tenants. Raises
        ClickHouseError."""
        groups = _by_layout(contacts)
        builds = await self._statements.number([_objects(group) for group in groups])
        # Emptied, and not dropped: the engine keeps what was dropped in memory for minutes.
        make = f"TRUNCATE TABLE {contact_index_name(self._base)}" if self._made else contact_index_table(self._base)
        await self._statements.command(make)
        self._made = True
        for build, group in zip(builds, groups, strict=True):
            await self._statements.command(index_statement(group[0][1], self._base), {"builds": [build]})
        self._aliased = aliased
        if aliased:
            await self._add_aliases(builds)
        self._filled = await self._size()

    async def _add_aliases(self, builds: Sequence[int]) -> None:
        """Add the aliases of the tenants that these builds are about: first those that need no other alias."""
        work = {"builds": list(builds)}
        await self._statements.command(chained_statement(self._base), work)
        await self._statements.command(alias_hits_table(self._base))
        await self._statements.command(f"TRUNCATE TABLE {alias_hits_name(self._base)}")
        await self._statements.command(alias_hits_statement(self._base), work)
        await self._statements.command(add_alias_hits_statement(self._base))
        rows = (await self._statements.query(chained_aliases_statement(self._base), work)).rows
        chained = {(tenant, name): list(zip(targets, hits, strict=True)) for tenant, name, targets, hits in rows}
        found = [(*key, record) for key, record in follow_chained(chained).items()]
        if found:
            columns = dict(zip(("tenant", "reference", "record"), zip(*found, strict=True), strict=True))
            await self._statements.insert(contact_index_name(self._base), columns)

    async def relinked(self, entries: Iterable[EntryRows]) -> frozenset[ObjectKey]:
        """Which of these objects have a link that newly resolves, breaks or moves. Raises ClickHouseError."""
        groups = _by_layout((entry, layout) for entry, layout in entries if layout.relationships)
        builds = await self._statements.number([_objects(group) for group in groups])
        found: set[ObjectKey] = set()
        for build, group in zip(builds, groups, strict=True):
            statement = relinked_statement(group[0][1], self._base, aliased=self._aliased)
            rows = (await self._statements.query(statement, {"builds": [build]})).rows
            found |= {object_key(tenant, name) for tenant, name, *_ in rows}
        return frozenset(found)

    async def intact(self) -> bool:
        """Whether the index is what it was when it was filled: an engine that was restarted has resolved no link.
        Raises ClickHouseError."""
        return await self._size() == self._filled

    async def _size(self) -> int:
        return await self._statements.count(contact_index_name(self._base))


def _by_layout(entries: Iterable[EntryRows]) -> list[list[EntryRows]]:
    grouped: dict[str, list[EntryRows]] = {}
    for entry, layout in entries:
        grouped.setdefault(layout.id, []).append((entry, layout))
    return list(grouped.values())


def _objects(group: Sequence[EntryRows]) -> NumberedObjects:
    return [(entry.key, entry.build) for entry, _ in group]
