"""A replay of what a diverted sender sent: the good is let in, the bad stays with its true reason; figures agree."""

from collections.abc import AsyncIterator

import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.settings import IngestSettings
from tests.helpers.builders import SCORE
from tests.helpers.processes import own_topics
from tests.helpers.quarantine import Dataset, running_dataset, wrong
from tests.helpers.schema_service import Tokens

IN_A_ROW = 20
BAD, GOOD = 2500, 2
SENDER = {"tenant": "eyes", "source": "/test"}
DIVERTED = {"filter": {"tenant": "eyes", "code": "sender_diverted"}}


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("diverted-keys"))
    engine = clickhouse.model_copy(update={"database": "quarantine_diverted"})
    limits = IngestSettings(linger_seconds=0, refused_in_a_row=IN_A_ROW, controls_seconds=0.1)
    async with running_dataset(own_topics(kafka), engine, tokens, ingest=limits) as running:
        yield running


async def waiting(dataset: Dataset) -> dict[str, int]:
    """How many events of the sender are in quarantine, by code."""
    items = (await dataset.service.ask("GET", "/v1/quarantine/counts", params={"tenant": "eyes"})).json()["items"]
    return {item["code"]: item["count"] for item in items}


async def sent(dataset: Dataset) -> int:
    """How many of the sender's messages ingest has decided."""
    answer = (await dataset.service.ask("GET", "/v1/ingest")).json()
    return sum(partition["end_offset"] for partition in answer["partitions"])


async def diverted(dataset: Dataset) -> bool:
    return [sender["source"] for sender in (await dataset.service.ask("GET", "/v1/ingest")).json()["diverted"]] == [
        "/test"
    ]


async def test_a_replay_sends_what_it_said_and_gives_the_others_their_reason(dataset: Dataset) -> None:
    await dataset.define("eyes", SCORE)
    await dataset.send(*(wrong("eyes", f"first-{number}") for number in range(IN_A_ROW)))
    await dataset.service.until(lambda: diverted(dataset))
    events = [wrong("eyes", str(number)) for number in range(BAD)]
    events[700:700] = [wrong("eyes", f"good-{number}", score=number) for number in range(GOOD)]
    await dataset.service.publisher.publish(RECORDS.name, [(b"eyes", orjson.dumps(sent), ()) for sent in events])
    await dataset.service.until(lambda: all_wait(dataset))
    still = await dataset.move("replay", {**DIVERTED, "dry_run": False})
    assert still["replayed"] == 0, "ingest would put them back"
    assert still["still_refused"] == [{"code": "wrong_type", "count": BAD}, {"code": "sender_diverted", "count": GOOD}]
    assert await waiting(dataset) == {"wrong_type": BAD + IN_A_ROW, "sender_diverted": GOOD}

    await a_typo_lets_nobody_in(dataset)
    assert (await dataset.service.ask("POST", "/v1/ingest/resume", params=SENDER)).status_code == 200
    everything = {"filter": {"tenant": "eyes"}}
    would = await dataset.move("replay", everything)
    before = await sent(dataset)
    done = await dataset.move("replay", {**everything, "dry_run": False})
    assert (would["would_admit"], done["replayed"]) == (GOOD, GOOD)
    assert would["still_refused"] == done["still_refused"] == [{"code": "wrong_type", "count": BAD + IN_A_ROW}]
    assert would["matched"] == done["matched"] == BAD + IN_A_ROW + GOOD
    assert [name for name, _ in await dataset.wait_staged("eyes", GOOD)] == ["eyes-good-0", "eyes-good-1"]
    assert await sent(dataset) - before == GOOD, "refused events were published again"
    assert await waiting(dataset) == {"wrong_type": BAD + IN_A_ROW}
    assert not await diverted(dataset)
    assert (await dataset.move("replay", {**DIVERTED, "dry_run": False}))["matched"] == 0


async def all_wait(dataset: Dataset) -> bool:
    return (await waiting(dataset)).get("sender_diverted", 0) == BAD + GOOD


async def a_typo_lets_nobody_in(dataset: Dataset) -> None:
    for asked, suggestion in (
        ({"tenant": "eyes", "source": "/tets"}, "/test"),
        ({"tenant": "eye", "source": "/test"}, "eyes"),
        ({"tenant": "eye"}, "eyes"),
    ):
        answer = await dataset.service.ask("POST", "/v1/ingest/resume", params=asked)
        body = answer.json()
        assert (answer.status_code, body["code"], body["suggestion"]) == (404, "sender_not_diverted", suggestion)
        assert body["detail"].endswith("nothing was changed. Diverted: tenant=eyes source=/test.")
    half = await dataset.service.ask("POST", "/v1/ingest/resume", params={"source": "/test"})
    assert (half.status_code, half.json()["errors"][0]["pointer"]) == (422, "/tenant")
    assert await diverted(dataset)
