"""Refused events beyond a tenant's limit: counted, and fetched from Kafka by their address."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.settings import QuarantineSettings
from tests.helpers.processes import own_topics
from tests.helpers.quarantine import Dataset, running_dataset, wrong
from tests.helpers.schema_service import Tokens


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("left-keys"))
    settings = clickhouse.model_copy(update={"database": "quarantine_left"})
    few = QuarantineSettings(max_events=2)
    async with running_dataset(own_topics(kafka), settings, tokens, quarantine=few) as running:
        yield running


async def test_what_is_left_is_counted_by_sender_and_can_be_fetched(dataset: Dataset) -> None:
    await dataset.send(*(wrong("full", str(number)) for number in range(5)))

    async def left() -> bool:
        counted: list[int] = [item["events"] for item in await listed(dataset)]
        return sum(counted) == 3

    await dataset.service.until(left)
    assert len(await dataset.listed("full")) == 2
    found = set()
    for item in await listed(dataset):
        assert (item["tenant"], item["source"], item["code"]) == ("full", "/test", "unknown_object")
        assert item["last_offset"] == max(item["offsets"])
        for offset in item["offsets"]:
            answer = await dataset.service.ask("GET", f"/v1/ingest/messages/{item['partition']}/{offset}")
            assert answer.status_code == 200, answer.text
            message = answer.json()
            found.add(message["key"])
            assert '"tenant":"full"' in message["payload"]
            assert message["payload_base64"] is None
    kept = {f"full/ticket/{item['record']}" for item in await dataset.listed("full")}
    assert found | kept == {f"full/ticket/{number}" for number in range(5)}
    assert not found & kept


@pytest.mark.parametrize("place", ["0/999999", "99/0"])
async def test_an_address_without_a_message_says_so(dataset: Dataset, place: str) -> None:
    answer = await dataset.service.ask("GET", f"/v1/ingest/messages/{place}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_message")
    assert place.partition("/")[2] in answer.json()["detail"]


async def listed(dataset: Dataset) -> list[dict[str, Any]]:
    answer = await dataset.service.ask("GET", "/v1/quarantine/left", params={"tenant": "full", "page_size": "500"})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
