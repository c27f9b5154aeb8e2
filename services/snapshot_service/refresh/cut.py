"""Step 3 of a refresh, second half: cut the schemas once everything below the watermark is staged."""

from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT, ObjectKey, TenantId
from crosslook.contracts.positions import Positions, partition_count
from crosslook.contracts.schemas import SchemaState, built_in_contact
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.fold import describe_unreadable
from services.snapshot_service.domain.publication import Previous
from services.snapshot_service.refresh.context import RefreshContext, RunFailed


@dataclass(frozen=True, slots=True)
class SchemaCut:
    """The schemas as of one position in their topic, built-in contacts included. `touched`: objects with events between
    the previous snapshot and the watermark."""

    position: int
    states: dict[ObjectKey, SchemaState]
    touched: frozenset[ObjectKey]


async def cut_schemas(context: RefreshContext, previous: Previous, high: Positions) -> SchemaCut:
    """Read the schemas to their end and cut them: no event below the watermark `high` was admitted under a newer one.
    Raises RunFailed, LogUnavailable, ClickHouseError."""
    await context.schemas.view.catch_up()
    low = previous.manifest.watermark if previous.manifest else {}
    touched = await context.staging.touched(low, high, partition_count(high))
    # From here on nothing waits, so that nothing changes in between.
    require_schemas(context.schemas)
    states = {record.state.key: record.state for record in context.schemas.all_records()}
    tenants = {key.tenant for key in (*previous.entries, *previous.unreadable, *touched)}
    for tenant in tenants | {TenantId(tenant) for tenant in context.schemas.tenants()}:
        states.setdefault(ObjectKey(tenant, CONTACT), built_in_contact(tenant))
    return SchemaCut(context.schemas.view.position, states, touched)


def require_schemas(schemas: SchemaFeed) -> None:
    """Raises RunFailed where a schema or tenant cannot be read: its object would look deleted."""
    view = schemas.view
    if view.unreadable:
        raise RunFailed(f"log_unreadable: {view.topic}: {describe_unreadable(view.unreadable)}")
