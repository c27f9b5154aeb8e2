"""A client whose start is cancelled leaves no connection open: a broker that answers no metadata sees each one end."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiokafka.protocol.admin import ApiVersionRequest
from aiokafka.protocol.metadata import MetadataRequest

from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.kafka import OffsetReader, Publisher, fetch_message, kafka_identity
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import KafkaSettings

VERSIONS = ((ApiVersionRequest.API_KEY, 0, 0), (MetadataRequest.API_KEY, 0, 0))
STARTS: dict[str, Callable[[KafkaSettings], Awaitable[object]]] = {
    "publisher": lambda kafka: Publisher(kafka).start(),
    "view": lambda kafka: KafkaLogStore(SCHEMAS.name, kafka).start(),
    "offsets": lambda kafka: OffsetReader(SCHEMAS.name, "group", kafka).start(),
    "message": lambda kafka: fetch_message(SCHEMAS.name, 0, 0, kafka),
    "identity": lambda kafka: kafka_identity(kafka, [SCHEMAS.name]),
}


@dataclass(slots=True)
class SilentBroker:
    """Tells its versions and nothing else. `asked`: it was asked for metadata; `ended`: that connection is closed."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                kind, _, correlation_id = struct.unpack_from(">hhi", await reader.readexactly(size))
                if kind == ApiVersionRequest.API_KEY:
                    versions = b"".join(struct.pack(">hhh", *version) for version in VERSIONS)
                    answer = struct.pack(">ihi", correlation_id, 0, len(VERSIONS)) + versions
                    writer.write(struct.pack(">i", len(answer)) + answer)
                else:
                    self.asked.set()
        writer.close()
        self.ended.set()


@contextlib.asynccontextmanager
async def silent_broker() -> AsyncIterator[tuple[SilentBroker, KafkaSettings]]:
    broker = SilentBroker()
    async with await asyncio.start_server(broker.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield broker, KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}")


@pytest.mark.parametrize("client", STARTS)
async def test_a_start_that_is_cancelled_closes_its_connection(client: str) -> None:
    async with silent_broker() as (broker, kafka):
        starting = asyncio.ensure_future(STARTS[client](kafka))
        async with asyncio.timeout(10):
            await broker.asked.wait()
            starting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await starting
            await broker.ended.wait()
