"""Kafka, killed (SIGKILL) before a file is imported: the call is refused with a time to repeat it, and then everything
is taken. Other routes that write are refused alike, and the service still ends in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import orjson

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import ensure_topics
from tests.helpers.builders import event
from tests.helpers.faults import Site
from tests.helpers.faults_processes import schema_worker
from tests.helpers.processes import own_topics
from tests.helpers.topic_reading import read_messages
from tests.unit.schema_service.samples import TICKET

OF_TENANT = "/v1/tenants/outage"
IMPORT = f"{OF_TENANT}/objects/ticket/import"
ROWS = 3_000
FILE = b"_id,status\n" + b"".join(b"%d,open\n" % number for number in range(ROWS))
CSV = {"Content-Type": "text/csv"}
EVENT = event("outage", "ticket", "e", {"status": "open"}, event_id="e", time=datetime(2026, 11, 23, tzinfo=UTC))
BOOKING = {"kind": "calendly", "signing_secret": "a secret of Calendly"}


async def imported(http: httpx.AsyncClient) -> httpx.Response:
    """The first answer that is not 503, which says each time when to call again."""
    async with asyncio.timeout(180):
        while (answer := await http.post(IMPORT, content=FILE, headers=CSV)).status_code == 503:
            await asyncio.sleep(min(1, int(answer.headers["Retry-After"])))
    return answer


@contextlib.asynccontextmanager
async def away(site: Site) -> AsyncIterator[None]:
    """Without the broker."""
    site.broker.kill()
    try:
        yield
    finally:
        await site.broker.start()


async def test_an_import_while_the_broker_is_away_is_refused_and_taken_when_it_is_repeated(site: Site) -> None:
    kafka = own_topics(site.broker.settings)
    await ensure_topics(kafka)
    service = schema_worker(kafka, site.folder / "import_outage.log")
    try:
        await service.ready()
        async with httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=150) as http:
            assert (await http.post(f"{OF_TENANT}/schemas", json=TICKET)).status_code == 201
            async with away(site):
                answers = await asyncio.gather(
                    http.post(IMPORT, content=FILE, headers=CSV),
                    http.post(f"{OF_TENANT}/events", json=[EVENT]),
                    http.put(f"{OF_TENANT}/integrations/calendly", json=BOOKING),
                    http.post("/v1/tenants/another/schemas", json=TICKET),
                )
                for answer in (*answers, await http.post(IMPORT, content=FILE, headers=CSV)):
                    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), answer.text
                    assert int(answer.headers["Retry-After"]) > 0
                assert "try again" in answers[0].json()["detail"]
            answer = await imported(http)
            assert (answer.status_code, answer.json()["accepted"]) == (200, ROWS), answer.text
            (item,) = (await http.get(f"{OF_TENANT}/imports")).json()["items"]
            assert (item["import"], item["state"]) == (answer.json()["import"], "done")
            messages = await read_messages(kafka, RECORDS.name, "outage/ticket/", ROWS)
            named = {orjson.loads(message.value)["data"]["record"] for message in messages}
            assert named - {"e"} == {str(number) for number in range(ROWS)}
            async with away(site):
                answer = await http.post(IMPORT, content=FILE + b"more,open\n", headers=CSV)
                assert answer.status_code == 503
                service.terminate()
                assert await service.ended() == 0
    finally:
        service.kill()
