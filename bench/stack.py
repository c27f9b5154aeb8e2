"""The common ground of a comparison: one broker, one engine, and the same events."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.tickets import SCHEMA, TENANT
from crosslook.contracts.schemas import SCHEMA_CREATED, Definition, SchemaEvent, SchemaState
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import running_broker, running_engine

PARTITIONS = 12


@dataclass(frozen=True, slots=True)
class BenchStack:
    """Where the broker and the engine are, and a folder for logs."""

    kafka: KafkaSettings
    engine: ClickHouseSettings
    folder: Path

    def database(self, name: str) -> ClickHouseSettings:
        """The engine with a database of one round: an insert repeated under its token would be dropped."""
        return self.engine.model_copy(update={"database": name})

    def environment(self, database: str, group: str) -> dict[str, str]:
        """The environment of a process that uses this stack and starts at the first event."""
        return {
            **os.environ,
            "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "CROSSLOOK_CLICKHOUSE__PORT": str(self.engine.port),
            "CROSSLOOK_CLICKHOUSE__PASSWORD": self.engine.read_password(),
            "CROSSLOOK_CLICKHOUSE__DATABASE": database,
            "CROSSLOOK_INGEST__GROUP": group,
            "CROSSLOOK_TENANTS__OPEN": "true",
            "CROSSLOOK_AUTH__MODE": "off",
            "CROSSLOOK_LOG__LEVEL": "WARNING",
        }

    async def rows(self, database: str) -> int:
        """How many events are staged, each place on the topic counted once; the database is dropped."""
        engine = ClickHouse(self.database(database))
        found = await engine.query("SELECT uniqExact(partition, offset) FROM record_log")
        await engine.command(f"DROP DATABASE {database}")
        await engine.close()
        return int(found.scalar())


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[BenchStack]:
    """A broker and an engine that run, with the topics and the schema of tickets."""
    async with running_broker(folder) as broker:
        kafka = broker.model_copy(update={"records_partitions": PARTITIONS})
        await ensure_topics(kafka)
        schemas = KafkaLogStore(SCHEMAS.name, kafka)
        await schemas.start()
        await schemas.put(f"{TENANT}/{SCHEMA['object']}", _created().encode())
        await schemas.stop()
        with running_engine(folder) as engine:
            yield BenchStack(kafka, engine, folder)


def _created() -> SchemaEvent:
    definition = Definition.model_validate(SCHEMA)
    state = SchemaState(tenant=TENANT, object=definition.object, version=1, since_version=1, definition=definition)
    return SchemaEvent(id="bench-1", source="/bench", type=SCHEMA_CREATED, time=datetime.now(UTC), data=state)
