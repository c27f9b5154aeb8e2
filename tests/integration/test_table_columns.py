"""Tables with other columns than this release expects: the service says so and goes on once they are mended. On a real
broker and engine.
"""

from datetime import UTC, datetime

import orjson
import pytest

from crosslook.contracts.layouts import layout_of
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event, object_key
from tests.helpers.processes import own_topics
from tests.helpers.refresher import tickets
from tests.helpers.refusals import VIOLATED, refusing
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshot_service import Service, only_schema, running_service

NOW = datetime.now(UTC).replace(microsecond=0)
FAILED = {"tenant": "acme", "object": "ticket", "reason": VIOLATED}


@pytest.fixture(scope="module")
async def broker(kafka: KafkaSettings) -> KafkaSettings:
    settings = own_topics(kafka)
    await ensure_topics(settings)
    async with only_schema(settings, tickets()):
        return settings


async def test_a_start_on_tables_of_another_release_waits_with_the_reason_and_goes_on_when_they_are_mended(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tokens = Tokens.at(tmp_path_factory.mktemp("columns-keys"))
    settings = clickhouse.model_copy(update={"database": "table_columns"})
    engine = ClickHouse(settings)
    async with running_service(broker, settings, tokens):
        pass
    for change in ("record_log DROP COLUMN fields", "quarantine ADD COLUMN mood String"):
        await engine.command(f"ALTER TABLE {change}", settings={"mutations_sync": 1})
    async with running_service(broker, settings, tokens, ready=False) as service:
        await service.send(orjson.dumps(event("acme", "ticket", "1", {"amount": "1"}, event_id="a", time=NOW)))
        await service.until(lambda: _unready(service, "table_mismatch"))
        reason = (await service.http.get("/readyz")).json()["reason"]
        assert reason == (
            "starting: tables: table_mismatch: record_log: lacks column fields String; "
            "quarantine: column mood String is not expected"
        )
        assert "crosslook_table_mismatch 2.0" in (await service.http.get("/metrics")).text
        assert service.app.state.fatal() is None
        await engine.command("ALTER TABLE record_log ADD COLUMN fields String")
        await engine.command("ALTER TABLE quarantine DROP COLUMN mood", settings={"mutations_sync": 1})
        await service.until(lambda: _staged(engine))
        assert (await service.http.get("/readyz")).status_code == 200
        assert "crosslook_table_mismatch 0.0" in (await service.http.get("/metrics")).text
        async with refusing(engine, [layout_of(tickets())], [object_key("acme")]):
            run = await service.refreshed()
        assert (run["state"], run["failed_objects"]) == ("published", [FAILED])
        snapshot = (await service.ask("GET", f"/v1/snapshots/{run['snapshot']}")).json()
        assert snapshot["failed_objects"] == [FAILED]
        run = await service.refreshed()
        assert (run["state"], run["failed_objects"]) == ("published", [])
    await engine.close()


async def _unready(service: Service, word: str) -> bool:
    return word in (await service.http.get("/readyz")).text


async def _staged(engine: ClickHouse) -> bool:
    return bool((await engine.query("SELECT count() FROM record_log WHERE event_id = 'a'")).scalar())
