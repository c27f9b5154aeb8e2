"""The containers' commands and environment bring the services up: those of docker-compose.yml, but for the hosts."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue
from crosslook.local.ports import free_port
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from deploy.make_secrets import make
from docs.pages.settings import SERVICES
from tests.architecture.compose import containers, environment
from tests.architecture.sources import ROOT
from tests.helpers.processes import answers, running_broker, stop, wait_for


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the containers would share, on this machine."""

    folder: Path
    kafka: KafkaSettings
    clickhouse: ClickHouseSettings

    @property
    def secrets(self) -> Path:
        """What make_secrets wrote."""
        return self.folder / "secrets"

    def environment(self, name: str, port: int = 0) -> Mapping[str, str]:
        """A container's environment with hosts, ports and secret files of this machine."""
        here = {
            "CROSSLOOK_HTTP__HOST": "127.0.0.1",
            "CROSSLOOK_HTTP__PORT": str(port),
            "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "CROSSLOOK_AUTH__JWKS_FILE": str(self.secrets / "keys" / "jwks.json"),
            "CROSSLOOK_CLICKHOUSE__HOST": self.clickhouse.host,
            "CROSSLOOK_CLICKHOUSE__PORT": str(self.clickhouse.port),
            # The embedded engine has one user only.
            "CROSSLOOK_CLICKHOUSE__USERNAME": self.clickhouse.username,
            "CROSSLOOK_CLICKHOUSE__PASSWORD_FILE": str(self.folder / "password"),
        }
        declared = environment(name)
        # The engine is shared with other tests, which have databases of their own.
        own = {"CROSSLOOK_CLICKHOUSE__DATABASE": "deployment"} if "CROSSLOOK_CLICKHOUSE__HOST" in declared else {}
        return {**declared, **own, **{key: value for key, value in here.items() if key in declared}}

    def command(self, name: str) -> list[str]:
        """A container's command with this interpreter."""
        python, *arguments = containers()[name]["command"]
        assert python == "python"
        return [sys.executable, *arguments]


@pytest.fixture(scope="module")
async def deployment(
    tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouseSettings
) -> AsyncIterator[Deployment]:
    """A broker without topics, the engine, and fresh secrets."""
    folder = tmp_path_factory.mktemp("deployment")
    make(folder / "secrets")
    (folder / "password").write_text(clickhouse.read_password())
    async with running_broker(folder) as kafka:
        yield Deployment(folder, kafka, clickhouse)


@pytest.fixture(scope="module")
def urls(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    """The services' addresses, once the topics are made and all three are ready."""
    asked = deployment.environment("topics")
    subprocess.run(deployment.command("topics"), cwd=ROOT, env=asked, check=True, capture_output=True)
    ports = {service: free_port() for service in SERVICES}
    processes = []
    try:
        for service, port in ports.items():
            with (deployment.folder / f"{service}.log").open("wb") as log:
                given = deployment.environment(service, port)
                command = deployment.command(service)
                processes.append(subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log))
        for service, port in ports.items():
            wait_for(partial(answers, f"http://127.0.0.1:{port}/readyz"), what=f"{service}'s readiness")
        yield {service: f"http://127.0.0.1:{port}" for service, port in ports.items()}
    finally:
        assert [stop(process) for process in processes] == [0] * len(processes)


async def test_a_tenant_must_be_made_before_it_can_be_used(deployment: Deployment, urls: Mapping[str, str]) -> None:
    token = issue(DataFolder.at(deployment.secrets), "*", "ops schemas:read", timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=urls["schema_service"], headers=headers) as client:
        assert (await client.get("/v1/tenants/acme/schemas")).json()["code"] == "unknown_tenant"
        assert (await client.put("/v1/tenants/acme", json={"plan": "enterprise"})).is_success
        assert (await client.get("/v1/tenants/acme/schemas")).is_success


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_answers_its_health_check(urls: Mapping[str, str], service: str) -> None:
    assert answers(f"{urls[service]}/livez")
