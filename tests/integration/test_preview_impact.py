"""What a preview of a new definition says about saved reports: schema_service reads what query_service saved."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS, WEBHOOKS
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.three_services import COUNT, NOW, SCHEMA, Dataset, running_dataset, until, until_ready

PREVIEW = "/v1/tenants/acme/schemas/ticket?validate_only=true"
BARE = {**SCHEMA, "fields": [], "relationships": []}
SCORE = {"object": "ticket", "measures": ["ticket.score.avg"]}


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "preview_impact"})
    async with running_dataset(tmp_path_factory.mktemp("preview"), own_topics(kafka), engine) as running:
        yield running


async def saved(dataset: Dataset, kind: str, **body: Any) -> str:
    """The id of what was saved."""
    answer = await dataset.query.post(f"/v1/tenants/acme/{kind}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def impact(service: Service, body: Any) -> list[dict[str, Any]]:
    """The reports that would lose something by a PUT."""
    answer = await service.ask("PUT", PREVIEW, json=body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["impact"]
    return found


async def refusal(service: Service) -> tuple[int, str]:
    """Status and code of a preview that is refused."""
    answer = await service.ask("PUT", PREVIEW, json=BARE)
    return answer.status_code, answer.json().get("code", "")


async def taken(service: Service) -> int:
    """The status of a batch of events."""
    sent = [event("acme", "ticket", "1", {"score": 1}, event_id="preview", time=NOW)]
    return int((await service.ask("POST", "/v1/tenants/acme/events", json=sent)).status_code)


async def test_a_preview_tells_which_saved_reports_lose_something(dataset: Dataset) -> None:
    assert await impact(dataset.schemas, BARE) == []
    look = await saved(dataset, "looks", name="Scores", request=SCORE)
    await saved(dataset, "looks", name="Tickets", request=COUNT)
    dashboard = await saved(dataset, "dashboards", name="Support", tiles=[{"look": look}])
    theirs = orjson.loads(await dataset.stored(REPORTS.name, f"acme/look/{look}")) | {"tenant": "globex", "id": "g"}
    await dataset.write(REPORTS.name, "globex/look/g", orjson.dumps(theirs))
    expected = [
        {"kind": "dashboard", "id": dashboard, "name": "Support", "loses": ["ticket.score"]},
        {"kind": "look", "id": look, "name": "Scores", "loses": ["ticket.score"]},
    ]
    assert await impact(dataset.schemas, BARE) == expected
    assert await impact(dataset.schemas, SCHEMA) == []
    asked = await dataset.query.get("/v1/tenants/acme/impact", params={"object": "ticket", "field": "score"})
    assert asked.json()["items"] == expected
    for path in (f"dashboards/{dashboard}", f"looks/{look}"):
        assert (await dataset.query.delete(f"/v1/tenants/acme/{path}")).status_code == 204
    assert await impact(dataset.schemas, BARE) == []


async def test_a_report_that_cannot_be_read_refuses_the_preview_and_nothing_else(dataset: Dataset) -> None:
    await dataset.write(REPORTS.name, "acme/look/later", b"{}", format="99")
    await until(lambda: _degraded(dataset.schemas, f"{REPORTS.name}: acme/look/later at offset "))
    assert await refusal(dataset.schemas) == (503, "state_unreadable")
    assert await impact(dataset.schemas, SCHEMA) == []
    assert await taken(dataset.schemas) == 202
    await dataset.write(REPORTS.name, "acme/look/later", None)
    await until(lambda: _degraded(dataset.schemas, ""))
    assert await impact(dataset.schemas, BARE) == []
    await dataset.ready()


async def test_a_service_without_the_reports_topic_takes_events_and_reads_it_once_it_is_there(
    kafka: KafkaSettings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = own_topics(kafka)
    await ensure_topics(own, [SCHEMAS, RECORDS, WEBHOOKS, SNAPSHOTS])
    async with running_service(own, Tokens.at(tmp_path_factory.mktemp("keys"))) as service:
        assert await _degraded(service, f"{REPORTS.name}: {own.name_of(REPORTS.name)}: ")
        assert (await service.ask("POST", "/v1/tenants/acme/schemas", json=SCHEMA)).status_code == 201
        assert await taken(service) == 202
        assert await refusal(service) == (503, "unavailable")
        await ensure_topics(own)
        await until_ready(service.http, lambda status, reason: (status, reason) == (200, ""))
        assert await impact(service, BARE) == []


async def _degraded(service: Service, reason: str) -> bool:
    """Whether it answers, and says this of a part of its work; "" for nothing."""
    answer = await service.http.get("/readyz")
    said: str = answer.json().get("reason", "")
    return answer.status_code == 200 and (said.startswith(reason) if reason else said == "")
