"""schema_service as a process: what was answered survives its end, however it ends, and two of them work as one."""

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

from crosslook.contracts.topics import RECORDS
from crosslook.local.ports import free_port
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings, TenantsSettings
from tests.helpers.builders import any_event
from tests.helpers.processes import answers, own_topics, stop, wait_for
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.integration.test_schema_service.test_access import ALL_SCOPES, calls, code
from tests.unit.schema_service.samples import TICKET, without

NUMBERS = range(20)
VERSION_1 = {"If-Match": '"1"'}


@pytest.fixture(scope="module")
def bare(kafka: KafkaSettings) -> KafkaSettings:
    """The broker, before anybody asked for this module's topics."""
    return own_topics(kafka)


@pytest.fixture(scope="module")
async def own(bare: KafkaSettings) -> KafkaSettings:
    """The same with its topics."""
    await ensure_topics(bare)
    return bare


@dataclass(slots=True)
class Running:
    """One process and its address."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    tokens: Tokens

    def ask(self, method: str, path: str, tenant: str, **more: Any) -> httpx.Response:
        headers = {**self.tokens.header(tenant), **more.pop("headers", {})}
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            return client.request(method, path, headers=headers, timeout=30, **more)


def start(kafka: KafkaSettings, tokens: Tokens, folder: Path) -> Running:
    port = free_port()
    log = folder / f"{port}.log"
    environment = {
        **os.environ,
        "CROSSLOOK_HTTP__PORT": str(port),
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CROSSLOOK_AUTH__JWKS_FILE": str(tokens.folder.key_set),
        "CROSSLOOK_TENANTS__OPEN": "true",
    }
    command = [sys.executable, "-m", "services.schema_service"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    return Running(process, f"http://127.0.0.1:{port}", log, tokens)


@contextmanager
def running(kafka: KafkaSettings, tokens: Tokens, folder: Path) -> Iterator[Running]:
    """A process that is ready; stopped at the end if it still runs."""
    one = start(kafka, tokens, folder)
    try:
        wait_for(lambda: one.process.poll() is not None or answers(f"{one.url}/readyz"), what="readiness")
        assert one.process.poll() is None, one.log.read_text()
        yield one
    finally:
        stop(one.process)


def test_a_missing_topic_ends_the_start_with_its_name(bare: KafkaSettings, tokens: Tokens, tmp_path: Path) -> None:
    one = start(bare, tokens, tmp_path)
    assert one.process.wait(30) != 0
    assert f"{RECORDS.name}: does not exist; create it with `crosslook topics`" in one.log.read_text()


def test_what_was_answered_survives_an_orderly_end_and_a_sudden_one(
    own: KafkaSettings, tokens: Tokens, tmp_path: Path
) -> None:
    path = "/v1/tenants/restart/schemas"
    with running(own, tokens, tmp_path) as first:
        made = first.ask("POST", path, "restart", json=TICKET, headers={"Idempotency-Key": "k"})
        assert made.status_code == 201
        assert stop(first.process) == 0, first.log.read_text()
    with running(own, tokens, tmp_path) as second:
        assert second.ask("GET", f"{path}/ticket", "restart").json() == made.json()
        repeated = second.ask("POST", path, "restart", json=TICKET, headers={"Idempotency-Key": "k"})
        assert (repeated.status_code, repeated.json()) == (201, made.json())
        changed = second.ask("PUT", f"{path}/ticket", "restart", json=without("csat"), headers={"If-Match": '"1"'})
        assert changed.status_code == 200
        second.process.send_signal(signal.SIGKILL)
    with running(own, tokens, tmp_path) as third:
        assert third.ask("GET", f"{path}/ticket", "restart").json() == changed.json()


def test_two_processes_take_writes_side_by_side_and_both_stay_ready(
    own: KafkaSettings, tokens: Tokens, tmp_path: Path
) -> None:
    path = "/v1/tenants/pair/schemas"
    with running(own, tokens, tmp_path) as first, running(own, tokens, tmp_path) as second:
        pair = (first, second)
        made = [
            pair[number % 2].ask("POST", path, "pair", json={**TICKET, "object": f"o{number}"}) for number in NUMBERS
        ]
        assert [answer.status_code for answer in made] == [201] * len(NUMBERS)
        for number in NUMBERS:  # each at the other one than it was made at
            changed = {**without("csat"), "object": f"o{number}"}
            answer = pair[(number + 1) % 2].ask("PUT", f"{path}/o{number}", "pair", json=changed, headers=VERSION_1)
            assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text
            assert all(answers(f"{item.url}/readyz") for item in pair)
        for tenant, process in zip(("early", "late"), pair, strict=True):  # whose first use writes the tenant
            taken = process.ask("POST", f"/v1/tenants/{tenant}/events", tenant, json=[any_event(tenant, "contact")])
            assert (taken.status_code, taken.json()) == (202, {"accepted": 1, "refused": []})
        for number in NUMBERS:
            tag = {"If-Match": f'"{number}"'}
            zone = {"timezone": f"Etc/GMT+{number % 12}"}
            answer = pair[number % 2].ask("PUT", "/v1/tenants/pair/settings", "pair", json=zone, headers=tag)
            assert (answer.status_code, answer.json()["timezone"]) == (200, zone["timezone"]), answer.text
        lists = [item.ask("GET", path, "pair").json()["items"] for item in pair]
        assert lists[0] == lists[1]
        assert len(lists[0]) == len(NUMBERS) + 1
        writers = [
            item.ask("GET", "/metrics", "pair").text.count('crosslook_log_writer{topic="crosslook-schemas"} 1.0')
            for item in pair
        ]
        assert sum(writers) == 1
        assert [item.process.poll() for item in pair] == [None, None]


async def test_an_unknown_tenant_has_nothing_where_tenants_are_closed(own: KafkaSettings, tokens: Tokens) -> None:
    async with running_service(own, tokens, tenants=TenantsSettings(open=False)) as service:
        await every_call_is_refused(service)


async def every_call_is_refused(service: Service) -> None:
    for method, path, name in calls(service):
        if "{tenant}" not in name or name == "PUT /v1/tenants/{tenant}":
            continue
        events = {"content": b"[]", "headers": {"Content-Type": "application/json"}}
        answer = await service.ask(method, path.replace("acme", "nobody"), "*", ALL_SCOPES, **events)
        assert code(answer) == (404, "unknown_tenant"), name
        assert answer.json()["detail"] == (
            "The tenant nobody does not exist or is suspended; an operator can create or reactivate it with PUT "
            "/v1/tenants/nobody."
        )
