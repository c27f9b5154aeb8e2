"""Steps 5 and 6 of a refresh on the engine: build groups of objects, resolve links, verify by independent counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry
from crosslook.contracts.positions import Positions, as_array, lowest
from crosslook.contracts.records import Quarantined
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.decision import Built, Rebuild, batches, groups, is_contact
from services.snapshot_service.domain.orphans import orphan
from services.snapshot_service.domain.patching import (
    PROBE,
    expired_statement,
    patched_build_statement,
    too_late_statement,
)
from services.snapshot_service.domain.statements import (
    build_statement,
    copy_statement,
    repeats_statement,
)
from services.snapshot_service.domain.tables import (
    LAYOUT_TABLES,
    contact_index_name,
    layout_table,
    repeats_name,
    repeats_table,
)
from services.snapshot_service.domain.verification import expected_statement
from services.snapshot_service.refresh.counting import MEMORY, Counts, counts_of, object_key, shared_of
from services.snapshot_service.refresh.links import ContactIndex
from services.snapshot_service.refresh.work import NumberedObjects, Work
from services.snapshot_service.store_errors import ErrorClass, about, classify

_LOG = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """What one run covers: positions below `high`. `base`: its first build. `expiry`, `late_days`: the horizon, as in
    `compaction.Horizon`."""

    base: int
    high: Positions
    partitions: int
    expiry: datetime
    late_days: int


@dataclass(slots=True)
class Builds:
    """What a run has built so far. `failures`: objects whose build or verification went wrong, with the reason; what
    `entries` says of them does not count."""

    done: list[Built] = field(default_factory=list)
    entries: dict[ObjectKey, Entry] = field(default_factory=dict)
    failures: dict[ObjectKey, str] = field(default_factory=dict)

    def entry(self, key: ObjectKey) -> Entry | None:
        """The new entry of an object that did not fail."""
        return self.entries.get(key) if key not in self.failures else None


class RunFailed(Exception):
    """Why a run ended without a snapshot: a word that the API answers as `reason`."""


class Builder:
    """Writes the rows of one run. Nothing that it writes is visible before a manifest names it."""

    def __init__(self, clickhouse: ClickHouse, window: Window) -> None:
        self._clickhouse = clickhouse
        self._window = window
        self._held: dict[ObjectKey, tuple[int, ...]] = {}
        self._work = Work(clickhouse, window.base)
        self.contacts = ContactIndex(clickhouse, self._work, window.base)
        self._low: Positions = {}
        self._tables: set[str] | None = None
        self._verified = 0
        self._probes: dict[tuple[tuple[int, int], ...], dict[ObjectKey, tuple[int, int]]] = {}
        self.builds = Builds()

    async def find_repeats(self, rebuilds: Iterable[Rebuild]) -> None:
        """Write down which events of those that are new to these objects do not count. Raises ClickHouseError."""
        self._low = lowest([one.since for one in rebuilds])
        await self._find_repeats(self._window.base, "cityHash64")

    async def make_tables(self, layouts: Iterable[Layout]) -> None:
        """Make those of the layouts' tables that are missing. Raises ClickHouseError."""
        if self._tables is None:
            self._tables = {name for (name,) in (await self._clickhouse.query(LAYOUT_TABLES)).rows}
        missing = {layout.table: layout for layout in layouts if layout.table not in self._tables}
        for name, layout in sorted(missing.items()):
            await self._clickhouse.command(layout_table(layout))
            self._tables.add(name)

    async def build(self, rebuilds: Iterable[Rebuild], progress: Callable[[int], None]) -> None:
        """Step 5 for these objects. An object whose rows cannot be built fails alone. Raises ClickHouseError where what
        is shared fails."""
        planned = groups(rebuilds)
        for build, group in zip(await self._work.take([_work(one) for one in planned]), planned, strict=True):
            await self._build_group(build, group)
            progress(len(group))

    async def verify(self, progress: Callable[[int], None]) -> None:
        """Step 6 for what was built since the last call: compare every build with counts found another way; an object
        that differs fails. Raises ClickHouseError."""
        again, done = self._window.base + 1, self.builds.done[self._verified :]
        if done and not self._verified:
            await self._find_repeats(again, "farmHash64")
        self._verified += len(done)
        for batch in batches(done):
            first = batch[0].group[0]
            parameters = self._parameters(batch[0].build, first)
            parameters |= {"builds": [built.build for built in batch], "repeats": repeats_name(again)}
            sources = {layout.id: layout for built in batch if (layout := built.group[0].source) is not None}
            statement = expected_statement(list(sources.values()), patches=batch[0].patches)
            expected = await self._clickhouse.query(statement, parameters, MEMORY)
            wanted = {object_key(tenant, name): tuple(held) for tenant, name, *held in expected.rows}
            rebuilt = [one for built in batch for one in built.group]
            for one in rebuilt:
                self._compare(one.key, wanted.get(one.key, (0, 0, 0)))
            progress(len(rebuilt))

    async def require_contacts(self) -> None:
        """Raises RunFailed where the contacts that links were resolved against are not what they were,
        ClickHouseError."""
        if self.builds.done and not await self.contacts.intact():
            raise RunFailed("contact_index_lost")

    def _compare(self, key: ObjectKey, wanted: tuple[int, ...]) -> None:
        """Live rows, tombstones and pieces of patched records must be as many as expected."""
        if self._held[key] != wanted:
            self._fail(key, f"verify: {key.object} holds {self._held[key]}, expected {wanted}")

    async def expired_patches(self) -> list[Quarantined]:
        """Patches that the builds left out, because they waited a horizon long and their record did not come; not those
        of an object that failed, which keeps them with its previous rows. Raises ClickHouseError."""
        found: list[Quarantined] = []
        for built in self.builds.done:
            first, source = built.group[0], built.group[0].source
            if source is None or not any(one.previous is not None and one.previous.waiting for one in built.group):
                continue
            statement = expired_statement(first.layout, source)
            rows = (await self._clickhouse.query(statement, self._parameters(built.build, first))).dicts()
            spared = [row for row in rows if object_key(row["tenant"], row["object"]) not in self.builds.failures]
            found += [orphan(row, source, self._window.late_days) for row in spared]
        return found

    async def clean(self) -> None:
        """Drop what only the run itself needed. Where the store is away it stays for the janitor: a run that has
        published must not end as failed."""
        base = self._window.base
        try:
            for name in (contact_index_name(base), repeats_name(base), repeats_name(base + 1)):
                await self._clickhouse.command(f"DROP TABLE IF EXISTS {name}")
            await self._clickhouse.command(f"ALTER TABLE refresh_work DROP PARTITION {base // BUILDS_A_RUN:d}")
        except ClickHouseError as error:
            _LOG.warning("leftovers_stay", error=error.name, code=error.code)

    async def _build_group(self, build: int, group: Sequence[Rebuild]) -> None:
        try:
            await self.make_tables([group[0].layout])
            await self._write(build, group)
        except ClickHouseError as error:
            if classify(error) in (ErrorClass.RETRY, ErrorClass.ENVIRONMENT):
                raise
            if len(group) == 1:
                self._fail(group[0].key, f"build: {error.name} ({error.code}){about(error, group[0].layout)}")
                return
            halves = [group[: len(group) // 2], group[len(group) // 2 :]]
            for number, half in zip(await self._work.take([_work(one) for one in halves]), halves, strict=True):
                await self._build_group(number, half)

    async def _write(self, build: int, group: Sequence[Rebuild]) -> None:
        first = group[0]
        patches, came_late = await self._probe(build, group)
        await self._fill(build, first, patches=patches, copied=self._may_copy(group))
        late = await self._too_late(build, first, first.source) if came_late and first.source is not None else {}
        found = await counts_of(self._clickhouse, first.layout, build)
        shared = await shared_of(self._clickhouse, first.layout, build) if first.layout.contact else {}
        self.builds.done.append(Built(build, group, patches))
        for one in group:
            counts = found.get(one.key, Counts())
            held = counts.rows + counts.deleted
            if held != counts.distinct:
                self._fail(one.key, f"build: {one.key.object} holds {held} rows of {counts.distinct} records")
            self._held[one.key] = (counts.rows, counts.deleted, counts.pieces)
            entry = self._entry(one, build, counts, late.get(one.key, 0))
            self.builds.entries[one.key] = entry.model_copy(update={"shared": shared.get(one.key.tenant, 0)})

    async def _probe(self, build: int, group: Sequence[Rebuild]) -> tuple[bool, bool]:
        """Whether any record of the group has patches, and whether any new event came late."""
        since = tuple(sorted(group[0].since.items()))
        if since not in self._probes:
            rows = (await self._clickhouse.query(PROBE, self._parameters(build, group[0]), MEMORY)).rows
            self._probes[since] = {object_key(t, name): (patches, late) for t, name, patches, late in rows}
        told = [self._probes[since].get(one.key, (0, 0)) for one in group]
        patched = any(one.previous is not None and one.previous.patches for one in group)
        return patched or any(patches for patches, _ in told), any(late for _, late in told)

    def _may_copy(self, group: Sequence[Rebuild]) -> bool:
        """Whether rows of records without new events are what they were: same columns, and no contact changed since
        they were built. An object that failed before was left out when its tenant's contacts changed."""
        first = group[0]
        if first.previous is None or first.previous.layout != first.layout.id:
            return False
        changed = {key.tenant for key in self.builds.entries if is_contact(key) and key not in self.builds.failures}
        old = any(rebuild.key.tenant in changed or (rebuild.previous and rebuild.previous.failed) for rebuild in group)
        return not first.layout.relationships or not old

    async def _fill(self, build: int, first: Rebuild, *, patches: bool, copied: bool) -> None:
        """Write the rows of a build."""
        parameters, base = self._parameters(build, first), self._window.base
        whole = build_statement(first.layout, first.source, base, patches=patches, copied=copied)
        await self._clickhouse.command(whole, parameters, MEMORY)
        if copied:
            await self._clickhouse.command(copy_statement(first.layout, patches=patches), parameters, MEMORY)
        if patches:
            composed = patched_build_statement(first.layout, first.source, base)
            await self._clickhouse.command(composed, parameters, MEMORY)

    async def _too_late(self, build: int, first: Rebuild, source: Layout) -> Mapping[ObjectKey, int]:
        """How many events of each object came too late for a build."""
        late = await self._clickhouse.query(too_late_statement(source), self._parameters(build, first), MEMORY)
        return {object_key(tenant, name): count for tenant, name, count in late.rows}

    async def _find_repeats(self, number: int, hashed: str) -> None:
        bounds = {
            name: as_array(at, self._window.partitions)
            for name, at in (("low", self._low), ("high", self._window.high))
        }
        await self._clickhouse.command(repeats_table(number))
        statement = repeats_statement(number, hashed, all_new=not any(self._low.values()))
        await self._clickhouse.command(statement, bounds, MEMORY)

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
            "builds": [build],
            "low": as_array(first.since, self._window.partitions),
            "high": as_array(self._window.high, self._window.partitions),
            "since_version": first.state.since_version,
            "repeats": repeats_name(self._window.base),
            "expiry": self._window.expiry,
            "late_days": self._window.late_days,
        }

    def _fail(self, key: ObjectKey, reason: str) -> None:
        _LOG.error("object_failed", tenant=key.tenant, object=key.object, reason=reason)
        self.builds.failures.setdefault(key, reason)


def _work(group: Sequence[Rebuild]) -> NumberedObjects:
    return [(one.key, one.previous.build if one.previous is not None else 0) for one in group]
