"""`crosslook_meta`: facts about the database as a whole, each with a version, replaced by compare-and-set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from crosslook.contracts.identity import KafkaIdentity
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from services.snapshot_service.domain.consistency import InstallationIdentity
from services.snapshot_service.domain.coverage import Accepted

_DATABASE, _KAFKA, _ACCEPTED, _MIGRATED = "database", "kafka", "accepted", "migrated"
_READ = """
SELECT key, max(version), argMin(value, (-toInt64(version), at, value)) FROM crosslook_meta GROUP BY key
"""
_TYPES: Mapping[str, pa.DataType] = {
    "key": pa.string(),
    "version": pa.uint64(),
    "value": pa.string(),
    "at": pa.timestamp("ms", tz="UTC"),
}


@dataclass(frozen=True, slots=True)
class State:
    """Everything recorded. `identity`: of the database, and of the Kafka that staging's positions and the build numbers
    belong to. `accepted`: what an operator has given up. `versions`: of the facts, by key. `migrated`: the number of
    the last migration of the service's tables, 0 before the first one."""

    identity: InstallationIdentity
    accepted: Accepted
    versions: Mapping[str, int]
    migrated: int = 0


class Meta:
    """Reads and writes the facts. If two writers write the same version, the first one wins."""

    def __init__(self, clickhouse: ClickHouse, clock: Clock) -> None:
        self._clickhouse = clickhouse
        self._clock = clock

    async def read(self) -> State:
        """What is recorded. Raises ClickHouseError."""
        rows = (await self._clickhouse.query(_READ)).rows
        values = {key: value for key, _, value in rows}
        kafka, accepted = values.get(_KAFKA), values.get(_ACCEPTED)
        return State(
            InstallationIdentity(
                values.get(_DATABASE, ""), KafkaIdentity.model_validate_json(kafka) if kafka else None
            ),
            _accepted(orjson.loads(accepted)) if accepted else Accepted(),
            {key: version for key, version, _ in rows},
            int(values.get(_MIGRATED, 0)),
        )

    async def write(
        self,
        state: State,
        identity: InstallationIdentity | None = None,
        accepted: Accepted | None = None,
        migrated: int | None = None,
    ) -> State:
        """Replace facts that are still as in `state`; answers what stands then, be it ours or that of somebody who was
        quicker. Raises ClickHouseError."""
        values = {}
        if identity is not None and identity.database != state.identity.database:
            values[_DATABASE] = identity.database
        if identity is not None and identity.kafka is not None and identity.kafka != state.identity.kafka:
            values[_KAFKA] = identity.kafka.model_dump_json()
        if accepted is not None:
            values[_ACCEPTED] = _json(accepted)
        if migrated is not None:
            values[_MIGRATED] = str(migrated)
        for key, value in values.items():
            await self._insert(key, state.versions.get(key, 0) + 1, value)
        return await self.read()

    async def _insert(self, key: str, version: int, value: str) -> None:
        row: dict[str, Any] = {"key": key, "version": version, "value": value, "at": self._clock.now()}
        block = pa.table({name: pa.array([cell], _TYPES[name]) for name, cell in row.items()})
        # The token names the version: the engine drops a second insert of it.
        settings: dict[str, str | int] = {"async_insert": 0, "insert_deduplication_token": f"{key}-{version}"}
        await self._clickhouse.insert_arrow("crosslook_meta", block, settings)


def _json(accepted: Accepted) -> str:
    positions = {str(partition): position for partition, position in accepted.positions.items()}
    return orjson.dumps({"positions": positions, "databases": sorted(accepted.databases)}).decode()


def _accepted(stored: Mapping[str, Any]) -> Accepted:
    positions = {int(partition): position for partition, position in stored["positions"].items()}
    return Accepted(positions, frozenset(stored["databases"]))
