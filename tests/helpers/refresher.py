"""What tests of runs share: one object, and a record of it."""

from datetime import UTC, datetime

from crosslook.contracts.schemas import Definition, FieldDef, FieldType
from tests.helpers.builders import REQUESTER, definition, event, object_key
from tests.helpers.memory_pipeline import MemoryPipeline
from tests.helpers.pipeline import Pipeline

NOW = datetime.now(UTC).replace(microsecond=0)
AMOUNT = FieldDef(slug="amount", type=FieldType.CURRENCY, currency="USD")


def tickets(*more: FieldDef) -> Definition:
    """Tickets with an amount, and `more`."""
    return definition(AMOUNT, *more, relationships=(REQUESTER,))


async def filled(pipeline: Pipeline | MemoryPipeline, tenant: str, record: str = "1", event_id: str = "a") -> None:
    """Send a record of a tenant's tickets, which are made where they are missing."""
    if object_key(tenant) not in pipeline.versions:
        await pipeline.define(tenant, tickets())
    await pipeline.send([event(tenant, "ticket", record, {"amount": "1"}, event_id=event_id, time=NOW)])
