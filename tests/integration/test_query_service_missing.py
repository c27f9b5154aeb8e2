"""A store that lacks what the snapshots name is said to be so; it never looks like a tenant without objects."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.catalog.freshness import SnapshotCheck
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.domain.consistency import InstallationIdentity
from tests.helpers.builders import state
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}
OBJECTS = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, [PlainRow("t1"), PlainRow("t2")])]
_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    """A service on a store without any snapshot, that knows the tenant's tickets."""
    async with query_stack(clickhouse, f"query_missing_{next(_databases)}") as running:
        await running.define(state(TICKET))
        yield running


async def _refused(stack: QueryStack, reason: str) -> None:
    for response in (await stack.ask(COUNT), await stack.client.get("/v1/tenants/acme/catalog")):
        body: dict[str, Any] = response.json()
        assert (response.status_code, body["code"], response.headers["retry-after"]) == (503, "unavailable", "30")
        assert reason in body["detail"]


async def _looked(stack: QueryStack) -> tuple[int, str]:
    """What `/readyz` and `/metrics` say after the next look."""
    check: SnapshotCheck = stack.app.state.check
    await check.look(SnapshotFeed(stack.snapshots).current())
    return (await stack.client.get("/readyz")).status_code, (await stack.client.get("/metrics")).text


async def test_missing_entries_are_refused_with_the_reason_also_of_a_catalog_that_is_known(stack: QueryStack) -> None:
    manifest = await publish(stack.clickhouse, stack.snapshots, {"acme": OBJECTS})
    assert await stack.rows(COUNT) == [[2]]
    await stack.clickhouse.command(f"ALTER TABLE snapshot_entries DROP PARTITION '{manifest.snapshot}'")
    check: SnapshotCheck = stack.app.state.check
    check.forget()  # as after an outage of the engine
    await _refused(stack, "entries_missing")
    status, metrics = await _looked(stack)
    assert status == 503
    assert 'crosslook_manifest_mismatch{reason="entries_missing"} 1.0' in metrics
    await publish(stack.clickhouse, stack.snapshots, {"acme": OBJECTS}, number=2)
    assert await stack.rows(COUNT) == [[2]]
    assert (await _looked(stack))[0] == 200


async def test_a_store_whose_kafka_was_lost_is_not_an_installation_before_its_first_snapshot(
    stack: QueryStack,
) -> None:
    assert (await stack.ask(COUNT)).json()["code"] == "no_snapshot"
    meta = Meta(stack.clickhouse, stack.clock)
    old, new = (KafkaIdentity(cluster="c", topics={SNAPSHOTS.name: name}) for name in ("old", "new"))
    stack.app.state.check.kafka = new
    await meta.write(await meta.read(), identity=InstallationIdentity("d", old))
    assert (await _looked(stack))[0] == 503
    await _refused(stack, "kafka_identity_changed")
    await meta.write(await meta.read(), identity=InstallationIdentity("d", new))
    assert (await _looked(stack))[0] == 200
    assert (await stack.ask(COUNT)).json()["code"] == "no_snapshot"
