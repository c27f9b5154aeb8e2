"""What tests of runs share: one object, and a record of it."""

from datetime import UTC, datetime

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, RelationshipDef
from tests.helpers.memory_pipeline import MemoryPipeline
from tests.helpers.pipeline import Pipeline, event

NOW = datetime.now(UTC).replace(microsecond=0)
AMOUNT = FieldDef(slug="amount", type=FieldType.CURRENCY, currency="USD")


def definition(*more: FieldDef) -> Definition:
    """Tickets with an amount, and `more`."""
    return Definition(
        object="ticket",
        labels=Labels(singular="Ticket", plural="Tickets"),
        fields=(AMOUNT, *more),
        relationships=(RelationshipDef(slug="requester", target="contact"),),
    )


def ticket(tenant: str) -> ObjectKey:
    """A tenant's tickets."""
    return ObjectKey(TenantId(tenant), ObjectSlug("ticket"))


async def filled(pipeline: Pipeline | MemoryPipeline, tenant: str, record: str = "1", event_id: str = "a") -> None:
    """Send a record of a tenant's tickets, which are made where they are missing."""
    if ticket(tenant) not in pipeline.versions:
        await pipeline.define(tenant, definition())
    await pipeline.send([event(tenant, "ticket", record, {"amount": "1"}, event_id=event_id, time=NOW)])
