"""query_service as a process on a real broker and engine: what was saved survives its end, and two work as one."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.topics import REPORTS, SNAPSHOTS
from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.log_store.protocol import WriterFenced
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import answers, own_topics, stop, wait_for
from tests.helpers.snapshots import PlainObject, PlainRow, create_tables, publish
from tests.unit.query_service.dataset import TICKET

DATABASE = "query_process"
LOOKS, DASHBOARDS = "/v1/tenants/acme/looks", "/v1/tenants/acme/dashboards"
LOOK = {"name": "Tickets", "request": {"object": "ticket", "measures": ["ticket.count"]}}
KEY = {"Idempotency-Key": "k"}


@pytest.fixture(scope="module")
async def broker(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> KafkaSettings:
    """A broker of this module's own, with one snapshot of two tickets."""
    own = own_topics(kafka)
    await ensure_topics(own)
    store = ClickHouse(clickhouse.model_copy(update={"database": DATABASE}))
    snapshots = KafkaLogStore(SNAPSHOTS.name, own)
    try:
        await create_tables(store)
        await snapshots.start()
        tickets = PlainObject(TICKET, [PlainRow("t1"), PlainRow("t2")])
        await publish(store, snapshots, {"acme": [PlainObject(BUILT_IN_CONTACT, []), tickets]})
    finally:
        await snapshots.stop()
        await store.close()
    return own


@dataclass(frozen=True, slots=True)
class Running:
    """One process and its address."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call."""
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            return client.request(method, path, timeout=30, **more)


@contextmanager
def running(kafka: KafkaSettings, clickhouse: ClickHouseSettings, folder: Path) -> Iterator[Running]:
    """A process that is ready; stopped at the end if it still runs."""
    port = free_port()
    log = folder / f"{port}.log"
    environment = {
        **os.environ,
        "CROSSLOOK_HTTP__PORT": str(port),
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CROSSLOOK_CLICKHOUSE__PORT": str(clickhouse.port),
        "CROSSLOOK_CLICKHOUSE__PASSWORD": clickhouse.password.get_secret_value(),
        "CROSSLOOK_CLICKHOUSE__DATABASE": DATABASE,
        "CROSSLOOK_AUTH__MODE": "off",
        "CROSSLOOK_TENANTS__OPEN": "true",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.query_service"], stdout=out, stderr=out, env=environment
        )
    one = Running(process, f"http://127.0.0.1:{port}", log)
    try:
        wait_for(lambda: process.poll() is not None or answers(f"{one.url}/readyz"), what="readiness")
        assert process.poll() is None, log.read_text()
        yield one
    finally:
        stop(process)


def test_what_was_saved_survives_an_orderly_end_and_a_sudden_one(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path: Path
) -> None:
    with running(broker, clickhouse, tmp_path) as first:
        look = first.ask("POST", LOOKS, json=LOOK, headers=KEY).json()
        assert stop(first.process) == 0, first.log.read_text()
    path = f"{LOOKS}/{look['id']}"
    with running(broker, clickhouse, tmp_path) as second:
        assert second.ask("GET", path).json() == look
        assert second.ask("POST", LOOKS, json=LOOK, headers=KEY).json() == look
        board = second.ask("POST", DASHBOARDS, json={"name": "Support", "tiles": [{"look": look["id"]}]})
        changed = second.ask("PUT", path, json={**LOOK, "name": "Renamed"}, headers={"If-Match": '"1"'})
        assert (board.status_code, changed.status_code) == (201, 200)
        second.process.send_signal(signal.SIGKILL)
    with running(broker, clickhouse, tmp_path) as third:
        assert third.ask("GET", path).json() == changed.json()
        assert [(look["id"], look["version"]) for look in third.ask("GET", LOOKS).json()["items"]] == [(look["id"], 2)]
        assert third.ask("GET", f"{path}/result").json()["rows"] == [[2]]
        answer = third.ask("GET", f"{board.headers['location']}/result").json()
        assert [tile["result"]["rows"] for tile in answer["tiles"]] == [[[2]]]


def test_two_processes_take_writes_side_by_side_and_both_stay_ready(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path: Path
) -> None:
    with running(broker, clickhouse, tmp_path) as first, running(broker, clickhouse, tmp_path) as second:
        pair = (first, second)
        for number in range(10):
            here, there = pair[number % 2], pair[(number + 1) % 2]
            look = here.ask("POST", LOOKS, json={**LOOK, "name": f"Look {number}"})
            assert look.status_code == 201, look.text
            path = look.headers["location"]
            board = there.ask("POST", DASHBOARDS, json={"name": "Support", "tiles": [{"look": look.json()["id"]}]})
            assert board.status_code == 201, board.text
            assert there.ask("GET", f"{path}/result").json()["rows"] == [[2]]
            changed = there.ask("PUT", path, json={**LOOK, "name": f"Renamed {number}"}, headers={"If-Match": '"1"'})
            assert changed.status_code == 200, changed.text
            assert here.ask("DELETE", board.headers["location"]).status_code == 204
            assert all(answers(f"{process.url}/readyz") for process in pair)
        assert first.ask("GET", LOOKS).json() == second.ask("GET", LOOKS).json()
        assert [process.process.poll() for process in pair] == [None, None]


async def test_a_writer_outside_the_election_takes_the_place_for_a_moment_only(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path: Path
) -> None:
    with running(broker, clickhouse, tmp_path) as service:
        assert service.ask("POST", LOOKS, json=LOOK).status_code == 201
        intruder = KafkaLogStore(REPORTS.name, broker)
        await intruder.start()
        late = await asyncio.to_thread(service.ask, "POST", LOOKS, json={**LOOK, "name": "Late"})
        assert late.status_code == 201, late.text
        with pytest.raises(WriterFenced):
            await intruder.put("~tests", b"too late")
        await intruder.stop()
        assert service.process.poll() is None
