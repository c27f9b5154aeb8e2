"""Writes the rows of groups of objects on the engine, and the entries that name them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crosslook.contracts.ids import ObjectKey, TenantId
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import Entry
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.decision import Built, Rebuild, groups, is_contact
from services.snapshot_service.domain.patching import PROBE, patched_build_statement, too_late_statement
from services.snapshot_service.domain.statements import build_statement, copy_statement, shared_count_statement
from services.snapshot_service.domain.tables import LAYOUT_TABLES, layout_table
from services.snapshot_service.domain.verification import counts_statement
from services.snapshot_service.refresh.run_statements import NumberedObjects, RunStatements, object_key
from services.snapshot_service.store_errors import ErrorClass, about, classify

_LOG = get_logger(__name__)


class Counts(NamedTuple):
    """What a build holds of one object, in the order of `counts_statement`."""

    rows: int = 0
    deleted: int = 0
    distinct: int = 0
    unresolved: int = 0
    patches: int = 0
    waiting: int = 0
    ignored: int = 0
    pieces: int = 0


@dataclass(slots=True)
class Builds:
    """What a run has built so far. `failures`: objects whose build or verification went wrong, with the reason; their
    `entries` do not count. `realiased`: tenants whose aliases changed since the snapshot before."""

    done: list[Built] = field(default_factory=list)
    entries: dict[ObjectKey, Entry] = field(default_factory=dict)
    counts: dict[ObjectKey, Counts] = field(default_factory=dict)
    failures: dict[ObjectKey, str] = field(default_factory=dict)
    realiased: frozenset[TenantId] = frozenset()

    def entry(self, key: ObjectKey) -> Entry | None:
        """The new entry of an object that did not fail."""
        return self.entries.get(key) if key not in self.failures else None

    def fail(self, key: ObjectKey, reason: str) -> None:
        """The object keeps its previous entry; the first reason counts."""
        _LOG.error("object_failed", tenant=key.tenant, object=key.object, reason=reason)
        self.failures.setdefault(key, reason)


class Builder:
    """Writes the rows of one run, and adds what it has written to `builds`. Nothing that it writes is visible before a
    manifest names it."""

    def __init__(self, statements: RunStatements, builds: Builds) -> None:
        self._statements = statements
        self.builds = builds
        self._tables: set[str] | None = None
        self._probes: dict[tuple[tuple[int, int], ...], dict[ObjectKey, tuple[int, int]]] = {}

    async def make_tables(self, layouts: Iterable[Layout]) -> None:
        """Make those of the layouts' tables that are missing. Raises ClickHouseError."""
        if self._tables is None:
            self._tables = {name for (name,) in (await self._statements.query(LAYOUT_TABLES)).rows}
        missing = {layout.table: layout for layout in layouts if layout.table not in self._tables}
        for name, layout in sorted(missing.items()):
            await self._statements.command(layout_table(layout))
            self._tables.add(name)

    async def build(
        self, rebuilds: Iterable[Rebuild], progress: Callable[[int], None], *, aliased: bool = False
    ) -> None:
        """Write the rows of these objects. An object whose rows cannot be built fails alone. `aliased`: whether the
        index of contacts has aliases. Raises ClickHouseError where what all objects need fails."""
        planned = groups(rebuilds)
        builds = await self._statements.number([_numbered(group) for group in planned])
        for build, group in zip(builds, planned, strict=True):
            await self._build_group(build, group, aliased)
            progress(len(group))

    async def _build_group(self, build: int, group: Sequence[Rebuild], aliased: bool) -> None:
        try:
            await self.make_tables([group[0].layout])
            await self._write(build, group, aliased)
        except ClickHouseError as error:
            if classify(error) in (ErrorClass.RETRY, ErrorClass.ENVIRONMENT):
                raise
            if len(group) == 1:
                reason = f"build: {error.name} ({error.code}){about(error, group[0].layout)}"
                self.builds.fail(group[0].key, reason)
                return
            halves = [group[: len(group) // 2], group[len(group) // 2 :]]
            builds = await self._statements.number([_numbered(half) for half in halves])
            for half_build, half in zip(builds, halves, strict=True):
                await self._build_group(half_build, half, aliased)

    async def _write(self, build: int, group: Sequence[Rebuild], aliased: bool) -> None:
        first = group[0]
        patches, came_late = await self._probe(build, group)
        await self._fill(build, first, patches=patches, copied=self._may_copy(group), aliased=aliased)
        late = await self._too_late(build, first, first.source) if came_late and first.source is not None else {}
        found = await self._counts(first.layout, build)
        shared = await self._shared(first.layout, build) if first.layout.contact else {}
        self.builds.done.append(Built(build, group, patches))
        for rebuild in group:
            counts = self.builds.counts[rebuild.key] = found.get(rebuild.key, Counts())
            held = counts.rows + counts.deleted
            if held != counts.distinct:
                reason = f"build: {rebuild.key.object} holds {held} rows of {counts.distinct} records"
                self.builds.fail(rebuild.key, reason)
            entry = self._entry(rebuild, build, counts, late.get(rebuild.key, 0))
            shares = {"shared": shared.get(rebuild.key.tenant, 0)}
            self.builds.entries[rebuild.key] = entry.model_copy(update=shares)

    async def _probe(self, build: int, group: Sequence[Rebuild]) -> tuple[bool, bool]:
        """Whether any record of the group has patches, and whether any new event came late."""
        since = tuple(sorted(group[0].since.items()))
        if since not in self._probes:
            rows = (await self._statements.query(PROBE, self._statements.parameters(build, group[0]))).rows
            self._probes[since] = {object_key(tenant, name): (patches, late) for tenant, name, patches, late in rows}
        found = [self._probes[since].get(rebuild.key, (0, 0)) for rebuild in group]
        patched = any(rebuild.previous is not None and rebuild.previous.patches for rebuild in group)
        return patched or any(patches for patches, _ in found), any(late for _, late in found)

    def _may_copy(self, group: Sequence[Rebuild]) -> bool:
        """Whether rows of records without new events are what they were: same columns, and no contact or alias changed
        since they were built. An object that failed before was left out when its tenant's contacts changed."""
        first, builds = group[0], self.builds
        if first.previous is None or first.previous.layout != first.layout.id:
            return False
        changed = {key.tenant for key in builds.entries if is_contact(key) and key not in builds.failures}
        changed |= builds.realiased
        old = any(rebuild.key.tenant in changed or (rebuild.previous and rebuild.previous.failed) for rebuild in group)
        return not first.layout.relationships or not old

    async def _fill(self, build: int, first: Rebuild, *, patches: bool, copied: bool, aliased: bool) -> None:
        """Write the rows of a build."""
        parameters, base = self._statements.parameters(build, first), self._statements.window.base
        whole = build_statement(first.layout, first.source, base, patches=patches, copied=copied, aliased=aliased)
        await self._statements.command(whole, parameters)
        if copied:
            await self._statements.command(copy_statement(first.layout, patches=patches), parameters)
        if patches:
            pieces = patched_build_statement(first.layout, first.source, base, aliased=aliased)
            await self._statements.command(pieces, parameters)

    async def _too_late(self, build: int, first: Rebuild, source: Layout) -> Mapping[ObjectKey, int]:
        """How many events of each object came too late for a build."""
        late = await self._statements.query(too_late_statement(source), self._statements.parameters(build, first))
        return {object_key(tenant, name): count for tenant, name, count in late.rows}

    async def _counts(self, layout: Layout, build: int) -> Mapping[ObjectKey, Counts]:
        """What a build holds, by object; one without rows is absent."""
        counted = await self._statements.query(counts_statement(layout), {"build": build})
        return {object_key(tenant, name): Counts(*counts) for tenant, name, *counts in counted.rows}

    async def _shared(self, contacts: Layout, build: int) -> Mapping[str, int]:
        """By tenant, how many references several of its contacts have."""
        rows = (await self._statements.query(shared_count_statement(contacts), {"build": build})).rows
        return {tenant: count for tenant, count in rows}  # noqa: C416  # rows are sequences of anything

    def _entry(self, rebuild: Rebuild, build: int, counts: Counts, too_late: int) -> Entry:
        return Entry(
            tenant=rebuild.key.tenant,
            object=rebuild.key.object,
            layout=rebuild.layout.id,
            build=build,
            rows=counts.rows,
            deleted=counts.deleted,
            unresolved=counts.unresolved,
            patches=counts.patches,
            waiting=counts.waiting,
            ignored=counts.ignored,
            too_late=too_late,
            schema_version=rebuild.state.version,
            definition=rebuild.definition,
            watermark=dict(self._statements.window.high),
        )


def _numbered(group: Sequence[Rebuild]) -> NumberedObjects:
    return [(rebuild.key, rebuild.previous.build if rebuild.previous is not None else 0) for rebuild in group]
