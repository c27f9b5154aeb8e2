"""Refreshes under faults: rounds of events about two objects, permanent readers, and the checks after a run.

Each round says its number in every ticket and every contact, so one snapshot holds one number in all of its rows.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.contracts.layouts import field_column, table_of
from crosslook.contracts.manifests import Entry, Manifest
from crosslook.contracts.topics import RECORDS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.kafka import Publisher
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from services.snapshot_service.refresh.entries import Entries
from tests.helpers.builders import event
from tests.helpers.faults import Dataset
from tests.helpers.faults_load import TENANT
from tests.helpers.faults_processes import WorkerProcess, until

TICKETS, CONTACTS = 40, 10
_ROUND = {"ticket": field_column("status"), "contact": field_column("first_name")}
_HEADERS = (("content-type", STRUCTURED.encode()),)


@dataclass(slots=True)
class Refreshes:
    """One test's snapshots. `seen`: by snapshot the round that readers found in it; `faults`: what no reader may see;
    `away`: whether the engine is, so that readers are refused."""

    dataset: Dataset
    feed: SnapshotFeed
    publisher: Publisher
    round: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    reads: int = 0
    away: bool = False

    async def send(self) -> None:
        """A further round of events, about every record."""
        self.round += 1
        now = datetime.now(UTC)
        events = [("ticket", str(number), {"status": str(self.round)}) for number in range(TICKETS)]
        events += [("contact", f"c{number}", {"first_name": str(self.round)}) for number in range(CONTACTS)]
        messages = []
        for name, record, fields in events:
            sent = event(TENANT, name, record, fields, event_id=f"{name}-{record}-{self.round}", time=now)
            messages.append((record_key(TENANT, name, record), orjson.dumps(sent), _HEADERS))
        await self.publisher.publish(RECORDS.name, messages)

    def worker(self, name: str = "one", **settings: object) -> WorkerProcess:
        """Start a worker that drops rows at once and takes over soon."""
        chosen = {"snapshots__grace_seconds": 0, "worker__silence_seconds": 1, "worker__heartbeat_seconds": 0.2}
        return self.dataset.worker(name, **{**chosen, **settings})

    async def ask(self, worker: WorkerProcess) -> dict[str, Any]:
        """Ask for a refresh; {} where the worker died of it."""
        return await self._call(worker, "POST", "/v1/snapshots")

    async def ended(self, worker: WorkerProcess, run: str) -> dict[str, Any]:
        """Wait for the end of a run."""
        found: dict[str, Any] = {}

        async def over() -> bool:
            found.update(await self._call(worker, "GET", f"/v1/runs/{run}"))
            return found.get("state") in ("published", "failed")

        await until(over, f"the end of {run}")
        return found

    async def refresh(self, worker: WorkerProcess) -> Manifest:
        """Refresh, check everything, answer the snapshot that is current now."""
        run = await self.ended(worker, (await self.ask(worker))["run"])
        assert run["state"] == "published", run
        await self.check_tidy()
        assert await self.shown() == self.round
        return self.current()

    def current(self) -> Manifest:
        """The snapshot that reports are answered from."""
        manifest = self.feed.current()
        assert manifest is not None
        return manifest

    async def shown(self) -> int:
        """The round that the current snapshot shows."""
        await self.feed.view.catch_up()
        return await self._read(self.current())

    async def read_for_ever(self) -> None:
        """Read the current snapshot again and again, both objects of it, from the first one on."""

        async def there() -> bool:
            return self.feed.current() is not None

        await until(there, "a first snapshot")
        while True:
            manifest = self.current()
            try:
                found = await self._read(manifest)
                if self.seen.setdefault(manifest.snapshot, found) != found:
                    self.faults.append(f"{manifest.snapshot} changed to round {found}")
                self.reads += 1
            except ClickHouseError as error:
                if not self.away:
                    self.faults.append(f"{manifest.snapshot}: {error}")
            except AssertionError as error:
                self.faults.append(f"{manifest.snapshot}: {error}")

    async def check_tidy(self) -> None:
        """Wait until only what retained snapshots name is left; AssertionError where more stays."""
        await until(self._tidy, "an end of leftovers")

    async def _tidy(self) -> bool:
        ids = {manifest.snapshot for manifest in self.feed.manifests()}
        rows = (await self.dataset.store.query(_LEFT)).dicts()
        entries = (await self.dataset.store.query("SELECT snapshot, layout, build FROM snapshot_entries")).rows
        named = {(layout, build) for snapshot, layout, build in entries if snapshot in ids}
        parts = {(row["name"], row["number"]) for row in rows if row["kind"] == "rows"}
        others = [row for row in rows if row["kind"] != "rows"]
        return not others and parts == named and {snapshot for snapshot, *_ in entries} == ids

    async def _read(self, manifest: Manifest) -> int:
        entries = (await Entries(self.dataset.store).read(manifest.snapshot)).readable
        assert len(entries) == manifest.objects, f"{len(entries)} entries of {manifest.objects}"
        rounds = {number for entry in entries.values() for number in await self._rounds(entry)}
        assert len(rounds) == 1, f"rounds {rounds} in one snapshot"
        return int(rounds.pop())

    async def _rounds(self, entry: Entry) -> set[str]:
        sql = f"SELECT {_ROUND[entry.object]} FROM {table_of(entry.layout)} WHERE build = {{build:UInt64}} "  # noqa: S608  # names of ours
        sql += "AND tenant = {tenant:String} AND object = {object:String} AND NOT deleted"
        parameters = {"build": entry.build, "tenant": entry.tenant, "object": entry.object}
        rows = (await self.dataset.store.query(sql, parameters)).rows
        assert len(rows) == entry.rows, f"{entry.object} has {len(rows)} rows of {entry.rows}"
        return {number for (number,) in rows}

    async def _call(self, worker: WorkerProcess, method: str, path: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
                header = self.dataset.site.tokens.header("*", "ops")
                answer: dict[str, Any] = (await http.request(method, worker.url + path, headers=header)).json()
                return answer
        except httpx.TransportError:
            return {}


def stands_still(worker: WorkerProcess) -> bool:
    """Whether it has frozen itself."""
    return Path(f"/proc/{worker.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


_LEFT = """
SELECT 'rows' AS kind, substring(table, 9) AS name, toUInt64(partition) AS number FROM system.parts
WHERE database = currentDatabase() AND active AND startsWith(table, 'records_') AND rows > 0 GROUP BY name, number
UNION ALL
SELECT 'work', table, rows FROM system.parts
WHERE database = currentDatabase() AND active AND table = 'refresh_work' AND rows > 0
UNION ALL
SELECT 'table', name, 0 FROM system.tables
WHERE database = currentDatabase() AND startsWith(name, 'refresh_') AND name != 'refresh_work'
"""


@contextlib.asynccontextmanager
async def running_refreshes(dataset: Dataset) -> AsyncIterator[Refreshes]:
    """A dataset without snapshots, in which somebody reads all the time."""
    kafka = dataset.site.broker.settings
    await _forget_all(KafkaLogStore(SNAPSHOTS.name, kafka))
    view, publisher = KafkaLogView(SNAPSHOTS.name, kafka), Publisher(kafka)
    await view.start()
    await publisher.start()
    refreshes = Refreshes(dataset, SnapshotFeed(view), publisher)
    reading = asyncio.create_task(refreshes.read_for_ever())
    try:
        yield refreshes
        assert refreshes.faults == []
        assert refreshes.reads > 0
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await publisher.stop()
        await view.stop()


async def _forget_all(store: KafkaLogStore) -> None:
    """Other tests' snapshots lie in databases of their own."""
    await store.start()
    try:
        for key in list(store.entries()):
            await store.put(key, None)
    finally:
        await store.stop()
