"""The containers of docker-compose.yml as processes on this machine: their commands and environment, but for hosts,
ports and secret files."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from crosslook.local.ports import free_port
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.architecture.compose import REPLICAS, containers, environment
from tests.architecture.sources import ROOT
from tests.helpers.gateway import running_gateway
from tests.helpers.processes import answers, stop, wait_for


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the containers share, and their processes by name. `env_file`: the content of `.env`."""

    folder: Path
    kafka: KafkaSettings
    clickhouse: ClickHouseSettings
    env_file: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=lambda: {name: free_port() for _, name in REPLICAS})
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def secrets(self) -> Path:
        """What make_secrets wrote."""
        return self.folder / "secrets"

    @property
    def servers(self) -> Mapping[str, str]:
        """Where the gateway reaches each container, by the name and port in its configuration."""
        return {
            f"{name}:{environment(name)['CROSSLOOK_HTTP__PORT']}": f"127.0.0.1:{port}"
            for name, port in self.ports.items()
        }

    def url(self, name: str) -> str:
        """Where a container listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def environment(self, name: str) -> Mapping[str, str]:
        """A container's environment, as Compose merges it, with hosts, ports and secret files of this machine."""
        here = {
            "CROSSLOOK_HTTP__HOST": "127.0.0.1",
            "CROSSLOOK_HTTP__PORT": str(self.ports.get(name, 0)),
            "CROSSLOOK_HTTP__ADVERTISED_URL": self.url(name) if name in self.ports else "",
            "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "CROSSLOOK_AUTH__JWKS_FILE": str(self.secrets / "keys" / "jwks.json"),
            "CROSSLOOK_AUTH__PAGE_JWKS_FILE": str(self.secrets / "keys" / "page-jwks.json"),
            "CROSSLOOK_SECRETS__KEYS_FILE": str(self.secrets / "keys" / "secrets-keys"),
            "CROSSLOOK_PAGE__SIGNING_KEY_FILE": str(self.secrets / "keys" / "page-key.pem"),
            "CROSSLOOK_PAGE__SESSION_KEYS_FILE": str(self.secrets / "keys" / "session-keys"),
            "CROSSLOOK_CLICKHOUSE__HOST": self.clickhouse.host,
            "CROSSLOOK_CLICKHOUSE__PORT": str(self.clickhouse.port),
            # The embedded engine has one user only.
            "CROSSLOOK_CLICKHOUSE__USERNAME": self.clickhouse.username,
            "CROSSLOOK_CLICKHOUSE__PASSWORD_FILE": str(self.folder / "password"),
            "CROSSLOOK_QUERY__EXPORT_FOLDER": str(self._export_folder(name)),
        }
        declared = environment(name)
        # The engine is shared with other tests, which have databases of their own.
        own = {"CROSSLOOK_CLICKHOUSE__DATABASE": "deployment"} if "CROSSLOOK_CLICKHOUSE__HOST" in declared else {}
        replaced = {key: value for key, value in here.items() if key in declared}
        return {**self.env_file, **declared, **own, **replaced}

    def command(self, name: str) -> list[str]:
        """A container's command with this interpreter."""
        python, *arguments = containers()[name]["command"]
        assert python == "python"
        return [sys.executable, *arguments]

    def start(self, *names: str) -> None:
        """Start containers, for the first time or again, and wait until they are ready."""
        for name in names:
            with self.log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.command(name), cwd=ROOT, env=self.environment(name), stdout=log, stderr=log
                )
        for name in names:
            wait_for(partial(answers, f"{self.url(name)}/readyz"), 60, f"{name}'s readiness")

    def log(self, name: str) -> Path:
        """What a container logs."""
        return self.folder / f"{name}.log"

    def _export_folder(self, name: str) -> Path:
        (mount,) = containers()[name].get("volumes", ["none:"])
        folder = self.folder / str(mount).partition(":")[0]
        folder.mkdir(exist_ok=True)
        return folder


@contextlib.contextmanager
def running(deployment: Deployment) -> Iterator[Mapping[str, str]]:
    """Topics, two of each service, and the gateway; answers the gateway's addresses by service."""
    asked = deployment.environment("topics")
    subprocess.run(deployment.command("topics"), cwd=ROOT, env=asked, check=True, capture_output=True)
    try:
        deployment.start(*deployment.ports)
        with running_gateway(deployment.folder, deployment.servers) as gateway:
            yield {service: gateway[int(environment(name)["CROSSLOOK_HTTP__PORT"])] for service, name in REPLICAS}
    finally:
        ended = {name: stop(process) for name, process in deployment.processes.items()}
    assert ended == dict.fromkeys(deployment.processes, 0)
