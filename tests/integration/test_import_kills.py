"""schema_service is killed in the middle of an import: the same call again completes it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import RecordSource, ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import own_topics, wait_for
from tests.helpers.service_processes import ServiceProcess, schema_process
from tests.unit.schema_service.samples import TICKET

ROWS = 12_000
FILE = b"_id,status\n" + b"".join(b"%d,open\n" % number for number in range(ROWS))
PATH = "/v1/tenants/acme/objects/ticket/import"
CSV = {"Content-Type": "text/csv"}


async def killed_in_the_middle(service: ServiceProcess) -> None:
    """Import until the service has stored that it does, then kill it."""

    async def file(client: httpx.AsyncClient) -> AsyncIterator[bytes]:
        yield FILE[: len(FILE) * 3 // 4]
        async with asyncio.timeout(60):
            while not (await client.get("/v1/tenants/acme/imports")).json()["items"]:
                await asyncio.sleep(0.02)
        os.kill(service.process.pid, signal.SIGKILL)
        yield FILE[len(FILE) * 3 // 4 :]

    url = f"http://127.0.0.1:{service.port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(PATH, content=file(client), headers=CSV)
    service.process.wait(10)


def listed(service: ServiceProcess) -> Any:
    """The only import, as the service shows it."""
    (item,) = service.ask("GET", "/v1/tenants/acme/imports").json()["items"]
    return item


def repeated(service: ServiceProcess) -> httpx.Response:
    """The import's answer, asked for again while Kafka waits for the dead process to give up its place as the writer:
    each 503 says so."""
    answers: list[httpx.Response] = []

    def answered() -> bool:
        answers.append(service.ask("POST", PATH, content=FILE, headers=CSV))
        if answers[-1].status_code == httpx.codes.SERVICE_UNAVAILABLE:
            assert "Retry-After" in answers[-1].headers
            assert "no_writer" in answers[-1].text
        return answers[-1].status_code != httpx.codes.SERVICE_UNAVAILABLE

    wait_for(answered, 60, "a writer")
    return answers[-1]


async def events_until_whole(kafka: KafkaSettings) -> list[Any]:
    """The events on the topic, until every row is there."""
    source = RecordSource(RECORDS.name, "reader", kafka)
    await source.start()
    found: list[Any] = []
    async with asyncio.timeout(120):
        while len({event["data"]["record"] for event in found}) < ROWS:
            for messages in (await source.read(200, 5_000)).values():
                found.extend(orjson.loads(message.value) for message in messages if message.value is not None)
    await source.stop()
    return found


async def test_a_kill_in_the_middle_loses_nothing_and_counts_nothing_twice(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    own = own_topics(kafka)
    await ensure_topics(own)
    with schema_process(own, tmp_path) as service:
        assert service.ask("POST", "/v1/tenants/acme/schemas", json=TICKET).status_code == 201
        await killed_in_the_middle(service)
    with schema_process(own, tmp_path) as service:
        wait_for(lambda: listed(service)["state"] == "failed", what="a writer, which knows that nobody works on it")
        item = listed(service)
        assert item["reason"] == "interrupted"
        answer = repeated(service)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["import"], answer.json()["accepted"]) == (item["import"], ROWS)
    events = await events_until_whole(own)
    ids = {event["id"]: event["data"]["record"] for event in events}
    assert len(ids) == len(set(ids.values())) == ROWS
