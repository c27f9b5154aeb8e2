"""When a record was updated last: the greatest time among its winning upsert and the patches applied to it."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import REQUESTER, definition, event, fields
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(*fields(status="text", csat="number"), relationships=(REQUESTER,))
_IDS, _TENANTS = count(), count()
UPSERT, PATCH, OLD_PATCH = ("upsert", 10), ("patch", 20), ("patch", 5)
EARLIER_UPSERT, LAST_PATCH = ("upsert", 2), ("patch", 30)


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    own = own_topics(kafka).model_copy(update={"records_partitions": 2})
    engine = clickhouse.model_copy(update={"database": "refresh_updated_at"})
    async with running_pipeline(own, engine, NOW, ingest={"poll_ms": 20}) as running:
        yield running


def told(tenant: str, record: str, kind: str, minute: int) -> dict[str, Any]:
    """An event about a ticket, so many minutes after an hour ago."""
    values = {"status": f"{kind} {minute}"} if kind == "patch" else {"status": "open", "csat": minute}
    time = NOW + timedelta(minutes=minute - 60)
    return event(tenant, "ticket", record, values, kind=kind, event_id=f"e{next(_IDS)}", time=time)


async def updated(pipeline: Pipeline, tenant: str) -> dict[str, int]:
    """Of each record in the reports the minute of its last update."""
    rows = await pipeline.rows(tenant, "ticket")
    return {record: round((row["event_time"] - NOW).total_seconds() / 60) + 60 for record, row in rows.items()}


async def sent(pipeline: Pipeline, tenant: str, batches: Sequence[Sequence[tuple[str, str, int]]]) -> None:
    """Events about (record, kind, minute), with a refresh after each batch."""
    await pipeline.define(tenant, TICKET)
    for batch in batches:
        await pipeline.send([told(tenant, *about) for about in batch])
        run = await pipeline.refresh()
        assert run.state == "published", run.reason


async def test_it_is_the_last_applied_event_in_any_order_of_arrival(pipeline: Pipeline) -> None:
    orders = list(permutations([UPSERT, PATCH, OLD_PATCH, EARLIER_UPSERT, LAST_PATCH]))[::7]
    batch = [(f"r{number}", *about) for number, order in enumerate(orders) for about in order]
    tenant = f"updated-{next(_TENANTS)}"
    await sent(pipeline, tenant, [batch])
    assert await updated(pipeline, tenant) == {f"r{number}": 30 for number in range(len(orders))}


async def test_it_is_the_same_over_several_refreshes(pipeline: Pipeline) -> None:
    orders = list(permutations([UPSERT, PATCH, OLD_PATCH]))
    first = [(f"r{number}", *order[0]) for number, order in enumerate(orders)]
    second = [(f"r{number}", *order[1]) for number, order in enumerate(orders)]
    third = [(f"r{number}", *order[2]) for number, order in enumerate(orders)]
    tenant = f"updated-{next(_TENANTS)}"
    await sent(pipeline, tenant, [first, second, third])
    assert await updated(pipeline, tenant) == {f"r{number}": 20 for number in range(len(orders))}


async def test_a_patch_older_than_the_upsert_is_not_applied_and_does_not_count(pipeline: Pipeline) -> None:
    tenant = f"updated-{next(_TENANTS)}"
    await sent(pipeline, tenant, [[("a", *UPSERT), ("b", *UPSERT), ("b", *OLD_PATCH)], [("a", *OLD_PATCH)]])
    assert await updated(pipeline, tenant) == {"a": 10, "b": 10}


async def test_an_upsert_after_the_patches_takes_their_place(pipeline: Pipeline) -> None:
    tenant = f"updated-{next(_TENANTS)}"
    newer = ("upsert", 40)
    await sent(pipeline, tenant, [[("a", *UPSERT), ("a", *LAST_PATCH), ("b", *newer)], [("a", *newer), ("b", *PATCH)]])
    assert await updated(pipeline, tenant) == {"a": 40, "b": 40}
