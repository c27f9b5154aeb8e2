"""Aliases in a refresh: records those of merged contacts, and finds the tenants whose aliases changed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from crosslook.contracts.ids import TenantId
from crosslook.contracts.positions import as_array, partition_count
from services.snapshot_service.domain.alias_statements import (
    ALIAS_COUNTS,
    CHANGED_ALIASES,
    MERGING,
    merged_references_statement,
    merges_statement,
    moved_statement,
    moves_statement,
)
from services.snapshot_service.domain.decision import Rebuild, is_contact
from services.snapshot_service.domain.merge_tables import emptied_merge_tables, merge_tables, moved_contacts_name
from services.snapshot_service.refresh.builder import Builds
from services.snapshot_service.refresh.run_statements import RunStatements

SEEN_LATE = timedelta(hours=1)
"""So much later than its time an alias may become visible: writers have clocks of their own, and inserts take time."""


class AliasCount(NamedTuple):
    """How many aliases a tenant has, and how many of them are about contacts that were merged."""

    aliases: int
    merges: int


class RefreshAliases:
    """What one run knows of `link_aliases`. `before`: the as-of of the snapshot that it starts from; None for the first
    one."""

    def __init__(self, statements: RunStatements, before: datetime | None) -> None:
        self._statements = statements
        self._before = before

    async def changed(self) -> frozenset[TenantId]:
        """The tenants whose links may resolve otherwise, because aliases changed since the snapshot before. Raises
        ClickHouseError."""
        if self._before is None:
            return frozenset()
        rows = (await self._statements.query(CHANGED_ALIASES, {"since": self._before - SEEN_LATE})).rows
        return frozenset(tenant for (tenant,) in rows)

    async def counts(self, tenants: Collection[TenantId]) -> Mapping[TenantId, AliasCount]:
        """How many aliases these tenants have; those without any are absent. Raises ClickHouseError."""
        if not tenants:
            return {}
        rows = (await self._statements.query(ALIAS_COUNTS, {"tenants": sorted(tenants)})).rows
        return {TenantId(tenant): AliasCount(*counts) for tenant, *counts in rows}

    async def record_merges(self, builds: Builds) -> None:
        """Record which contacts were merged into which, of the contacts that were built and verified. Running it again
        changes nothing. Raises ClickHouseError."""
        for built in list(builds.done):
            contacts = [r for r in built.group if is_contact(r.key) and builds.entry(r.key) is not None]
            if contacts:
                await self._record(contacts)

    async def _record(self, contacts: list[Rebuild]) -> None:
        merging = await self._merging(contacts[0])
        counts = await self.counts([rebuild.key.tenant for rebuild in contacts])
        merged = merging | {tenant for tenant, count in counts.items() if count.merges}
        moved = [rebuild for rebuild in contacts if rebuild.key.tenant in merged]
        if not moved:
            return
        previous = [(rebuild.key, rebuild.previous.build if rebuild.previous is not None else 0) for rebuild in moved]
        (build,) = await self._statements.number([previous])
        parameters = self._statements.parameters(build, moved[0])
        source, base = moved[0].source, self._statements.window.base
        for statement in (*merge_tables(base), *emptied_merge_tables(base), moved_statement(source, base)):
            await self._statements.command(statement, parameters)
        if await self._statements.count(moved_contacts_name(base)):
            for statement in (moves_statement(source, base), merged_references_statement(base), merges_statement(base)):
                await self._statements.command(statement, parameters)

    async def _merging(self, first: Rebuild) -> set[TenantId]:
        partitions = partition_count(self._statements.window.high)
        bounds = {"low": as_array(first.since, partitions), "high": as_array(self._statements.window.high, partitions)}
        return {TenantId(tenant) for (tenant,) in (await self._statements.query(MERGING, bounds)).rows}
