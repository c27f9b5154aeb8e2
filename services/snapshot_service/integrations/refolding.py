"""Folds records again whose connection has changed, and removes the facts of connections that are gone.

Which state of a connection its records were folded by is noted in `integration_folds` once all of them are published:
whoever dies on the way leaves the note of the old state, and the next look begins again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import pyarrow as pa

from crosslook.contracts.integrations import integration_key
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.fact_folding import RecordPlace
from services.snapshot_service.domain.fact_statements import (
    FACT_LIVES,
    FOLDED_BY,
    FORGET_CONNECTION,
    FORGET_LIVES,
    NEXT_RECORDS,
)
from services.snapshot_service.domain.webhook_mapping import ConnectedIntegration
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.integrations.connections import ConnectionName, Connections
from services.snapshot_service.integrations.fact_publication import FactPublication

_LOG = get_logger(__name__)
RECORDS_AT_ONCE = 500
_CHECK_SECONDS = 60.0


class FoldedBy(NamedTuple):
    """By which state of a connection its records were folded: its mark, and the object that they belong to."""

    mark: str
    object: str


class Refolding:
    """One worker looks at a time: the one that has partition 0 of the webhooks topic. Two would only do it twice."""

    def __init__(
        self,
        clickhouse: ClickHouse,
        connections: Connections,
        schemas: SchemaFeed,
        publication: FactPublication,
        clock: Clock,
        failpoint: Failpoint = lambda step: None,
    ) -> None:
        self._clickhouse = clickhouse
        self._connections = connections
        self._schemas = schemas
        self._publication = publication
        self._clock = clock
        self._failpoint = failpoint
        self._asked = asyncio.Event()
        self.ours = False

    def request(self) -> None:
        """A schema or a connection changed: look soon."""
        self._asked.set()

    async def run(self) -> None:
        """Look on request and periodically, until cancelled. Raises StopService."""
        while True:
            self._asked.clear()
            if self.ours:
                try:
                    await self.look()
                except (ClickHouseError, LogUnavailable) as error:  # the next look finds the same
                    _LOG.warning("refolding_waits", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_SECONDS):
                    await self._asked.wait()

    async def look(self) -> int:
        """Fold again what its connection's changes concern; answers how many records. Raises ClickHouseError,
        LogUnavailable, StopService."""
        await self._schemas.view.catch_up()
        noted = await self._noted()
        count = 0
        for connected in list(self._connections.all()):
            before = noted.get((connected.tenant, connected.connection.name))
            if before is None or before.mark != connected.mark:
                count += await self._refold(connected)
        for name, before in noted.items():
            if self._gone(name, before):
                await self._forget(name)
        return count

    async def _refold(self, connected: ConnectedIntegration) -> int:
        tenant, name = connected.tenant, connected.connection.name
        after, count = "", 0
        while records := await self._records_after(tenant, name, after):
            await self._publication.publish({RecordPlace(tenant, name, record): connected for record in records})
            self._failpoint("refolded")
            after, count = records[-1], count + len(records)
        await self._forget_lives(tenant, name)
        await self._note(connected)
        _LOG.info("records_folded_again", tenant=tenant, integration=name, records=count)
        return count

    async def _forget_lives(self, tenant: str, name: str) -> None:
        """Remove facts about objects that were deleted; they do not count any more."""
        if lives := await self._over(tenant, name):
            named = {"tenant": tenant, "integration": name, "lives": lives}
            await self._clickhouse.command(FORGET_LIVES, named, {"mutations_sync": 1})
            _LOG.info("facts_removed", tenant=tenant, integration=name, lives=lives)

    async def _over(self, tenant: str, name: str) -> list[str]:
        rows = (await self._clickhouse.query(FACT_LIVES, {"tenant": tenant, "integration": name})).rows
        return [life for (life,) in rows if self._connections.over(tenant, life)]

    async def _records_after(self, tenant: str, name: str, after: str) -> list[str]:
        named = {"tenant": tenant, "integration": name, "after": after, "limit": RECORDS_AT_ONCE}
        return [record for (record,) in (await self._clickhouse.query(NEXT_RECORDS, named)).rows]

    async def _noted(self) -> Mapping[ConnectionName, FoldedBy]:
        rows = (await self._clickhouse.query(FOLDED_BY)).rows
        return {(tenant, name): FoldedBy(mark, slug) for tenant, name, mark, slug in rows}

    async def _note(self, connected: ConnectedIntegration) -> None:
        connection = connected.connection
        block = {
            "tenant": pa.array([connected.tenant], pa.string()),
            "integration": pa.array([connection.name], pa.string()),
            "mark": pa.array([connected.mark], pa.string()),
            "object": pa.array([connection.object], pa.string()),
            "at": pa.array([self._clock.now()], pa.timestamp("ms", tz="UTC")),
        }
        await self._clickhouse.insert_arrow("integration_folds", pa.table(block), {"async_insert": 0})

    def _gone(self, name: ConnectionName, before: FoldedBy) -> bool:
        """Whether a connection ended and its object was deleted. While the object is kept its facts are, too: should it
        be connected again, counts go on where they were. What cannot be read is not gone."""
        view, tenant = self._schemas.view, name[0]
        unsure = {integration_key(*name), f"{tenant}/{before.object}"} & view.unreadable.keys()
        if unsure or not view.whole or self._connections.is_connected(*name):
            return False
        return self._schemas.schema(tenant, before.object) is None

    async def _forget(self, name: ConnectionName) -> None:
        """Its facts first: a crash before the end finds the note again."""
        named = {"tenant": name[0], "integration": name[1], "before": self._clock.now()}
        named["lives"] = ["", *await self._over(*name)]
        for statement in FORGET_CONNECTION:
            await self._clickhouse.command(statement, named, {"mutations_sync": 1})
        _LOG.info("facts_removed", tenant=name[0], integration=name[1])
