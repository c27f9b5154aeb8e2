"""query_service on a snapshot in a file: python -m bench.query_process MANIFEST TENANTS

Its settings are the service's; its logs are in memory, since no figure here is about Kafka.
"""

import asyncio
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.query_dataset import AS_OF, OBJECTS, TICKET
from bench.tickets import TENANT
from crosslook.contracts.manifests import Manifest, decode_manifest
from crosslook.contracts.schemas import SCHEMA_CREATED, Definition, SchemaEvent, SchemaState
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clock import SystemClock
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog, MemoryTopic
from crosslook.platform.logging import configure_logging
from crosslook.platform.server import serve
from services.query_service.app import wire
from services.query_service.settings import QueryServiceSettings, threads


async def main(manifest: Manifest, tenants: int) -> None:
    """Serve until told to stop."""
    settings = QueryServiceSettings()
    configure_logging(settings.log, "query_service")
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads(settings.query)))
    topic = MemoryTopic(SCHEMAS.name)
    for tenant in [f"t{number}" for number in range(tenants)] or [TENANT]:
        for object_ in OBJECTS if tenants else [TICKET]:
            topic.append(f"{tenant}/{object_.object}", _created(tenant, object_).encode())
    snapshots = MemoryTopic(SNAPSHOTS.name)
    snapshots.append(manifest.key, manifest.encode())
    logs = MemoryLog(topic), MemoryLog(snapshots), ElectedMemoryLog(REPORTS.name)
    await serve(wire(settings, SystemClock(), *logs), settings.http)


def _created(tenant: str, definition: Definition) -> SchemaEvent:
    state = SchemaState(tenant=tenant, object=definition.object, version=1, since_version=1, definition=definition)
    return SchemaEvent(id=uuid.uuid4().hex, source="/bench", type=SCHEMA_CREATED, time=AS_OF, data=state)


if __name__ == "__main__":
    published = decode_manifest(Path(sys.argv[1]).read_bytes())
    assert published is not None
    asyncio.run(main(published, int(sys.argv[2])))
