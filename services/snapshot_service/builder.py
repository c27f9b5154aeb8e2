"""Steps 5 and 6 of a refresh on the engine: build groups of objects, resolve links, verify by independent counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry
from crosslook.contracts.positions import Positions, as_array, lowest
from crosslook.contracts.records import Quarantined
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.log import get_logger
from services.snapshot_service.domain.decision import Rebuild, groups
from services.snapshot_service.domain.orphans import orphan
from services.snapshot_service.domain.patching import (
    PROBE,
    expired_statement,
    patched_build_statement,
    too_late_statement,
)
from services.snapshot_service.domain.statements import (
    build_statement,
    index_statement,
    relinked_statement,
    repeats_statement,
    shared_count_statement,
)
from services.snapshot_service.domain.tables import LEFTOVERS, contact_index_name, contact_index_table, layout_table
from services.snapshot_service.domain.verification import counts_statement, expected_statement
from services.snapshot_service.store_errors import ErrorClass, classify

_LOG = get_logger(__name__)
_SETTINGS: Mapping[str, str | int] = {
    "max_bytes_before_external_sort": 1 << 29,
    "max_bytes_before_external_group_by": 1 << 29,
    "min_insert_block_size_rows": 1 << 18,
    # To prune a table by a set that names most of its rows costs more than to read it.
    "use_index_for_in_with_subqueries_max_values": 100_000,
}
"""They bound memory: an object may be larger than what the engine should hold."""
_WORK_TYPES: Mapping[str, pa.DataType] = {"build": pa.uint64(), "previous_build": pa.uint64()}


@dataclass(frozen=True, slots=True)
class Window:
    """What one run covers: positions below `high`. `base`: its first build. `expiry`, `late_days`: the horizon, as in
    `compaction.Horizon`."""

    base: int
    high: Positions
    partitions: int
    expiry: datetime
    late_days: int


@dataclass(frozen=True, slots=True)
class Built:
    """One group's work: which objects, in which partition, and whether any of their records has patches."""

    build: int
    group: Sequence[Rebuild]
    patches: bool


@dataclass(slots=True)
class Builds:
    """What a run has built so far. `failures`: tenants whose build or verification went wrong, with the reason."""

    done: list[Built] = field(default_factory=list)
    entries: dict[ObjectKey, Entry] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


class Counts(NamedTuple):
    """What a build holds of one object, in the order of `counts_statement`."""

    rows: int = 0
    deleted: int = 0
    distinct: int = 0
    unresolved: int = 0
    patches: int = 0
    waiting: int = 0
    ignored: int = 0


class Builder:
    """Writes the rows of one run. Nothing that it writes is visible before a manifest names it."""

    def __init__(self, clickhouse: ClickHouse, window: Window) -> None:
        self._clickhouse = clickhouse
        self._window = window
        self._next = window.base
        self._low: Positions = {}
        self.builds = Builds()

    async def find_repeats(self, rebuilds: Iterable[Rebuild]) -> None:
        """Write down which events of those that are new to these objects do not count. Raises ClickHouseError."""
        self._low = lowest([one.since for one in rebuilds])
        await self._find_repeats("cityHash64", self._window.base)

    async def build(self, rebuilds: Iterable[Rebuild], progress: Callable[[int], None]) -> None:
        """Step 5 for these objects. A tenant whose rows cannot be built fails alone. Raises ClickHouseError where what
        is shared fails."""
        wanted = [one for one in rebuilds if one.key.tenant not in self.builds.failures]
        for layout in {one.layout.id: one.layout for one in wanted}.values():
            await self._clickhouse.command(layout_table(layout))
        for group in groups(wanted):
            await self._build_group(group)
            progress(len(group))

    async def index_contacts(self, contacts: Iterable[tuple[Entry, Layout]]) -> None:
        """Make the index that links resolve against, of these contact entries. Raises ClickHouseError."""
        by_layout: dict[str, list[tuple[Entry, Layout]]] = {}
        for entry, layout in contacts:
            by_layout.setdefault(layout.id, []).append((entry, layout))
        # The work comes first: by it the janitor finds an index that a dead run left.
        work = [(await self._take_work([(e.key, e.build) for e, _ in same]), same) for same in by_layout.values()]
        await self._clickhouse.command(contact_index_table(self._window.base))
        for build, same in work:
            await self._clickhouse.command(index_statement(same[0][1], self._window.base), {"build": build})

    async def relinked(self, entries: Iterable[tuple[Entry, Layout]]) -> frozenset[ObjectKey]:
        """Which of these objects have a link that newly resolves or newly breaks. Raises ClickHouseError."""
        by_layout: dict[str, list[tuple[Entry, Layout]]] = {}
        for entry, layout in entries:
            if layout.relationships:
                by_layout.setdefault(layout.id, []).append((entry, layout))
        found: set[ObjectKey] = set()
        for same in by_layout.values():
            build = await self._take_work([(entry.key, entry.build) for entry, _ in same])
            statement = relinked_statement(same[0][1], self._window.base)
            rows = (await self._clickhouse.query(statement, {"build": build})).rows
            found |= {_key(tenant, name) for tenant, name, *_ in rows}
        return frozenset(found)

    async def verify(self, progress: Callable[[int], None]) -> None:
        """Step 6: compare every build with counts found another way; a tenant that differs fails. Raises
        ClickHouseError."""
        again = self._window.base + 1
        if self.builds.done:
            await self._find_repeats("farmHash64", again)
        for built in self.builds.done:
            first = built.group[0]
            parameters = self._parameters(built.build, first) | {"repeats": again}
            statement = expected_statement(first.source, patches=built.patches)
            expected = await self._clickhouse.query(statement, parameters, _SETTINGS)
            wanted = {_key(t, name): (live, deleted) for t, name, live, deleted in expected.rows}
            for one in built.group:
                entry = self.builds.entries[one.key]
                found = (entry.rows, entry.deleted)
                if found != wanted.get(one.key, (0, 0)):
                    reason = f"verify: {one.key.object} holds {found}, expected {wanted.get(one.key, (0, 0))}"
                    self._fail(one.key.tenant, reason)
            progress(len(built.group))

    async def expired_patches(self) -> list[Quarantined]:
        """Patches that the builds left out, because they waited a horizon long and their record did not come; not those
        of a tenant that failed, which keeps them with its previous rows. Raises ClickHouseError."""
        found: list[Quarantined] = []
        for built in self.builds.done:
            first, source = built.group[0], built.group[0].source
            if source is None or not any(one.previous is not None and one.previous.waiting for one in built.group):
                continue
            statement = expired_statement(first.layout, source)
            rows = (await self._clickhouse.query(statement, self._parameters(built.build, first))).dicts()
            spared = [row for row in rows if row["tenant"] not in self.builds.failures]
            found += [orphan(row, source, self._window.late_days) for row in spared]
        return found

    async def clean(self) -> None:
        """Drop what only the run itself needed. Where the store is away it stays for the janitor: a run that has
        published must not end as failed."""
        partition = self._window.base // BUILDS_A_RUN
        try:
            await self._clickhouse.command(f"DROP TABLE IF EXISTS {contact_index_name(self._window.base)}")
            for table in LEFTOVERS:
                await self._clickhouse.command(f"ALTER TABLE {table} DROP PARTITION {partition:d}")
        except ClickHouseError as error:
            _LOG.warning("leftovers_stay", error=error.name, code=error.code)

    async def _build_group(self, group: Sequence[Rebuild]) -> None:
        try:
            await self._write(group)
        except ClickHouseError as error:
            if classify(error) in (ErrorClass.RETRY, ErrorClass.ENVIRONMENT):
                raise
            tenants = sorted({one.key.tenant for one in group})
            if len(tenants) == 1:
                self._fail(tenants[0], f"build: {error.name} ({error.code})")
                return
            lower = set(tenants[: len(tenants) // 2])
            await self._build_group([one for one in group if one.key.tenant in lower])
            await self._build_group([one for one in group if one.key.tenant not in lower])

    async def _write(self, group: Sequence[Rebuild]) -> None:
        first = group[0]
        build = await self._take_work([(one.key, one.previous.build if one.previous else 0) for one in group])
        patches, came_late = await self._probe(build, group)
        await self._fill(build, first, patches=patches)
        late = await self._too_late(build, first, first.source) if came_late and first.source is not None else {}
        counted = await self._clickhouse.query(counts_statement(first.layout), {"build": build}, _SETTINGS)
        found = {_key(tenant, name): Counts(*counts) for tenant, name, *counts in counted.rows}
        shared = await self._shared(build, first.layout) if first.layout.contact else {}
        self.builds.done.append(Built(build, group, patches))
        for one in group:
            counts = found.get(one.key, Counts())
            held = counts.rows + counts.deleted
            if held != counts.distinct:
                self._fail(one.key.tenant, f"build: {one.key.object} holds {held} rows of {counts.distinct} records")
            entry = self._entry(one, build, counts, late.get(one.key, 0))
            self.builds.entries[one.key] = entry.model_copy(update={"shared": shared.get(one.key.tenant, 0)})

    async def _shared(self, build: int, contacts: Layout) -> Mapping[str, int]:
        """How many references several contacts of a tenant have."""
        rows = (await self._clickhouse.query(shared_count_statement(contacts), {"build": build}, _SETTINGS)).rows
        return {tenant: count for tenant, count in rows}  # noqa: C416  # rows are sequences of anything, dict wants pairs

    async def _probe(self, build: int, group: Sequence[Rebuild]) -> tuple[bool, bool]:
        """Whether any record of the group has patches, and whether any new event came late."""
        ((new_patches, came_late),) = (await self._clickhouse.query(PROBE, self._parameters(build, group[0]))).rows
        patches = new_patches > 0 or any(one.previous is not None and one.previous.patches for one in group)
        return patches, came_late > 0

    async def _fill(self, build: int, first: Rebuild, *, patches: bool) -> None:
        """Write the rows of a build."""
        parameters = self._parameters(build, first)
        whole = build_statement(first.layout, first.source, self._window.base, patches=patches)
        await self._clickhouse.command(whole, parameters, _SETTINGS)
        if patches:
            composed = patched_build_statement(first.layout, first.source, self._window.base)
            await self._clickhouse.command(composed, parameters, _SETTINGS)

    async def _too_late(self, build: int, first: Rebuild, source: Layout) -> Mapping[ObjectKey, int]:
        """How many events of each object came too late for a build."""
        late = await self._clickhouse.query(too_late_statement(source), self._parameters(build, first), _SETTINGS)
        return {_key(tenant, name): count for tenant, name, count in late.rows}

    async def _find_repeats(self, hashed: str, number: int) -> None:
        parameters = {
            "repeats": number,
            "low": as_array(self._low, self._window.partitions),
            "high": as_array(self._window.high, self._window.partitions),
        }
        statement = repeats_statement(hashed, all_new=not any(self._low.values()))
        await self._clickhouse.command(statement, parameters, _SETTINGS)

    def _entry(self, one: Rebuild, build: int, counts: Counts, too_late: int) -> Entry:
        return Entry(
            tenant=one.key.tenant,
            object=one.key.object,
            layout=one.layout.id,
            build=build,
            rows=counts.rows,
            deleted=counts.deleted,
            unresolved=counts.unresolved,
            patches=counts.patches,
            waiting=counts.waiting,
            ignored=counts.ignored,
            too_late=too_late,
            schema_version=one.state.version,
            definition=one.definition,
            watermark=dict(self._window.high),
        )

    def _parameters(self, build: int, first: Rebuild) -> dict[str, Any]:
        return {
            "build": build,
            "low": as_array(first.since, self._window.partitions),
            "high": as_array(self._window.high, self._window.partitions),
            "since_version": first.state.since_version,
            "repeats": self._window.base,
            "expiry": self._window.expiry,
            "late_days": self._window.late_days,
        }

    async def _take_work(self, work: Sequence[tuple[ObjectKey, int]]) -> int:
        """Take the next partition number, and write down which objects its statement is about."""
        build, self._next = self._next, self._next + 1
        columns: dict[str, list[Any]] = {
            "build": [build] * len(work),
            "tenant": [key.tenant for key, _ in work],
            "object": [key.object for key, _ in work],
            "previous_build": [previous for _, previous in work],
        }
        arrays = {name: pa.array(values, _WORK_TYPES.get(name, pa.string())) for name, values in columns.items()}
        await self._clickhouse.insert_arrow("refresh_work", pa.table(arrays), {"async_insert": 0})
        return build

    def _fail(self, tenant: str, reason: str) -> None:
        _LOG.error("tenant_failed", tenant=tenant, reason=reason)
        self.builds.failures.setdefault(tenant, reason)


def _key(tenant: str, name: str) -> ObjectKey:
    return ObjectKey(TenantId(tenant), ObjectSlug(name))
