"""The containers' commands and environment bring two of each service up behind the gateway: those of
docker-compose.yml, but for the hosts."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from deploy.make_secrets import make
from docs.pages.settings import SERVICES
from tests.architecture.compose import REPLICAS
from tests.helpers.builders import any_event
from tests.helpers.deployment import Deployment, running
from tests.helpers.faults_processes import until
from tests.helpers.processes import answers, own_topics, stop
from tests.unit.schema_service.samples import TICKET

SCHEMAS, EVENTS, LOOKS, QUERY = (f"/v1/tenants/acme/{name}" for name in ("schemas", "events", "looks", "query"))
ENV_FILE = {"CROSSLOOK_HTTP__MAX_URL_BYTES": "3000", "CROSSLOOK_HTTP__PORT": "1", "CROSSLOOK_LATE_DAYS": "5"}
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
SCOPES = "ops schemas:read schemas:write records:write reports:read reports:write"


@pytest.fixture(scope="module")
def deployment(
    tmp_path_factory: pytest.TempPathFactory, kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> Deployment:
    """A broker without topics, the engine, and fresh secrets."""
    folder, own = tmp_path_factory.mktemp("deployment"), own_topics(kafka)
    make(folder / "secrets")
    (folder / "password").write_text(clickhouse.read_password())
    env_file = {**ENV_FILE, "CROSSLOOK_KAFKA__TOPIC_PREFIX": own.topic_prefix}
    return Deployment(folder, own, clickhouse, env_file)


@pytest.fixture(scope="module")
def urls(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    """The gateway's addresses by service, once the topics are made and all are ready."""
    with running(deployment) as gateway:
        yield gateway


def headers(deployment: Deployment, tenant: str = "*") -> dict[str, str]:
    """Of a caller that may do everything."""
    token = issue(DataFolder.at(deployment.secrets), tenant, SCOPES, timedelta(minutes=15))
    return {"Authorization": f"Bearer {token}"}


PAUSE_SECONDS = 0.05
"""Of a caller between two rounds: without it the calls would keep the processor from what they call."""


@dataclass(slots=True)
class Client:
    """A caller of the gateway. What is not answered with success is remembered."""

    http: httpx.AsyncClient
    urls: Mapping[str, str]
    answered: int = 0
    failures: list[str] = field(default_factory=list)

    async def ask(self, service: str, method: str, path: str, **more: Any) -> Any:
        """The body of an answer; None for a failure and where there is none."""
        try:
            answer = await self.http.request(method, f"{self.urls[service]}{path}", **more)
        except httpx.TransportError as error:
            self.failures.append(f"{method} {path}: {error!r}")
            return None
        self.answered += 1
        if not answer.is_success:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text}")
            return None
        return answer.json() if answer.content else None


@asynccontextmanager
async def calling(urls: Mapping[str, str], sent: Mapping[str, str]) -> AsyncIterator[Client]:
    """A caller that must not be failed once."""
    async with httpx.AsyncClient(trust_env=False, timeout=30, headers=sent) as http:
        client = Client(http, urls)
        yield client
        assert client.failures == []


@pytest.fixture(scope="module")
async def dataset(deployment: Deployment, urls: Mapping[str, str]) -> Mapping[str, str]:
    """The gateway's addresses, once a tenant is made and has a snapshot."""
    async with calling(urls, headers(deployment)) as client:
        refused = await client.http.get(f"{urls['schema_service']}{SCHEMAS}", headers=headers(deployment, "acme"))
        assert refused.json()["code"] == "unknown_tenant"
        await client.ask("schema_service", "PUT", "/v1/tenants/acme", json={"plan": "enterprise"})
        await client.ask("schema_service", "POST", SCHEMAS, json=TICKET, headers=headers(deployment, "acme"))
        run = (await client.ask("snapshot_service", "POST", "/v1/snapshots"))["run"]

        async def published() -> bool:
            state = (await client.ask("snapshot_service", "GET", f"/v1/runs/{run}"))["state"]
            assert state != "failed"
            return bool(state == "published")

        await until(published, "the refresh")

    async def reported() -> bool:
        async with httpx.AsyncClient(trust_env=False, headers=headers(deployment, "acme")) as http:
            urls_of = [deployment.url(name) for service, name in REPLICAS if service == "query_service"]
            asked = [await http.post(f"{url}{QUERY}", json=COUNT) for url in urls_of]
        return all(answer.status_code == 200 for answer in asked)

    await until(reported, "the snapshot at every query_service")
    return urls


@pytest.mark.parametrize("name", [name for _, name in REPLICAS])
def test_every_container_answers_its_health_check(deployment: Deployment, urls: Mapping[str, str], name: str) -> None:
    assert answers(f"{deployment.url(name)}/livez")
    assert answers(f"{deployment.url(name)}/readyz")


@pytest.mark.parametrize("service", SERVICES)
def test_the_gateway_passes_on_calls_and_nothing_that_needs_no_token(urls: Mapping[str, str], service: str) -> None:
    assert answers(f"{urls[service]}/readyz")
    inner = ("/metrics", "/docs", "/openapi.json", "/livez")
    assert [httpx.get(f"{urls[service]}{path}", trust_env=False).status_code for path in inner] == [404] * len(inner)


@pytest.mark.parametrize("service", SERVICES)
def test_what_stands_in_the_environment_file_reaches_the_services(urls: Mapping[str, str], service: str) -> None:
    long = httpx.get(f"{urls[service]}/v1/{'x' * 3000}", trust_env=False)
    assert (long.status_code, long.json()["code"]) == (414, "url_too_long")


@pytest.mark.parametrize("writer", [1, 2])
async def test_what_is_written_at_one_container_is_read_there_and_at_the_other(
    deployment: Deployment, dataset: Mapping[str, str], writer: int
) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=30, headers=headers(deployment, "acme")) as http:
        for service, path, body in (
            ("schema_service", SCHEMAS, {**TICKET, "object": f"at_{writer}"}),
            ("query_service", LOOKS, {"name": f"At {writer}", "request": COUNT}),
        ):
            here, there = (deployment.url(f"{service}_{number}") for number in (writer, 3 - writer))
            made = await http.post(f"{here}{path}", json=body)
            assert made.status_code == 201, made.text
            name = made.json()["object" if service == "schema_service" else "id"]
            assert (await http.get(f"{here}{path}/{name}")).json() == made.json()

            async def known(url: str = f"{there}{path}/{name}") -> bool:
                return (await http.get(url)).status_code == 200

            await until(known, f"{path}/{name} at the other container")


async def test_a_run_that_one_container_answered_is_known_to_the_other(
    deployment: Deployment, dataset: Mapping[str, str]
) -> None:
    here, there = (deployment.url(f"snapshot_service_{number}") for number in (1, 2))
    async with httpx.AsyncClient(trust_env=False, timeout=30, headers=headers(deployment)) as http:
        for _ in range(3):
            run = (await http.post(f"{here}/v1/snapshots")).json()["run"]

            async def published(url: str = f"{there}/v1/runs/{run}") -> bool:
                answer = await http.get(url)
                assert answer.status_code == 200, answer.text
                return bool(answer.json()["state"] == "published")

            await until(published, "the refresh")


async def test_containers_are_restarted_in_turn_without_a_failed_call(
    deployment: Deployment, dataset: Mapping[str, str]
) -> None:
    async with calling(dataset, headers(deployment, "acme")) as client, asyncio.TaskGroup() as group:
        restarted = asyncio.Event()
        group.create_task(use_schemas(client, restarted))
        group.create_task(use_reports(client, restarted))
        group.create_task(use_snapshots(client, headers(deployment), restarted))
        for number in (1, 2):
            names = [f"{service}_{number}" for service in SERVICES]
            stopped = [asyncio.to_thread(stop, deployment.processes[name], 30) for name in names]
            assert await asyncio.gather(*stopped) == [0] * len(names)
            await asyncio.to_thread(deployment.start, *names)
        restarted.set()
    print(f"{client.answered} calls answered during {len(REPLICAS)} restarts")  # noqa: T201  # the figure


async def test_reads_go_on_when_a_container_is_killed(deployment: Deployment, dataset: Mapping[str, str]) -> None:
    killed = ("schema_service_1", "query_service_1", "snapshot_service_1")
    async with calling(dataset, headers(deployment)) as client:
        for name in killed:
            process = deployment.processes.pop(name)
            process.kill()
            process.wait(10)
        for _ in range(10):
            await client.ask("schema_service", "GET", f"{SCHEMAS}/ticket", headers=headers(deployment, "acme"))
            await client.ask("query_service", "POST", QUERY, json=COUNT, headers=headers(deployment, "acme"))
            await client.ask("snapshot_service", "GET", "/v1/snapshots")


async def use_schemas(client: Client, restarted: asyncio.Event) -> None:
    """Make an object, change it, send an event of it and read it."""
    number = 0
    while not restarted.is_set():
        await asyncio.sleep(PAUSE_SECONDS)
        number += 1
        slug = f"rolling_{number}"
        body = {**TICKET, "object": slug}
        await client.ask("schema_service", "POST", SCHEMAS, json=body)
        changed = {**body, "description": "changed"}
        await client.ask("schema_service", "PUT", f"{SCHEMAS}/{slug}", json=changed, headers={"If-Match": '"1"'})
        taken = await client.ask("schema_service", "POST", EVENTS, json=[any_event("acme", slug)])
        if taken is not None and taken["refused"]:
            client.failures.append(str(taken))
        await client.ask("schema_service", "GET", f"{SCHEMAS}/{slug}")


async def use_reports(client: Client, restarted: asyncio.Event) -> None:
    """Save a Look, open it, ask a report and delete the Look."""
    while not restarted.is_set():
        await asyncio.sleep(PAUSE_SECONDS)
        look = await client.ask("query_service", "POST", LOOKS, json={"name": "Rolling", "request": COUNT})
        await client.ask("query_service", "POST", QUERY, json=COUNT)
        if look is not None:
            await client.ask("query_service", "GET", f"{LOOKS}/{look['id']}/result")
            await client.ask("query_service", "DELETE", f"{LOOKS}/{look['id']}")


async def use_snapshots(client: Client, sent: dict[str, str], restarted: asyncio.Event) -> None:
    """List snapshots."""
    while not restarted.is_set():
        await asyncio.sleep(PAUSE_SECONDS)
        await client.ask("snapshot_service", "GET", "/v1/snapshots", headers=sent)
