"""The embedded stack as data: its processes with their commands, ports and environment."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import httpx

from crosslook.local.broker import Broker
from crosslook.local.child import Child
from crosslook.local.folder import DataFolder
from crosslook.local.ports import Ports

PORT_BASE = 8000
BROKER, ENGINE = "kafka", "clickhouse"
SERVICES = ("schema_service", "snapshot_service", "query_service")
PAGE_SERVICE = "query_service"
DATABASE = "crosslook"
BUILT_PAGE = Path(__file__).resolve().parents[2] / "web" / "dist"
"""Where `make` builds the page."""

_PYTHON = (sys.executable, "-P", "-m")
"""-P: a folder named like one of our packages where the command is called must not be imported instead."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The processes of one stack, in the order they start: broker and engine first, then the services."""

    broker: Child
    engine: Child
    services: tuple[Child, ...]


def broker_of(folder: DataFolder, ports: Ports) -> Broker:
    """The broker of a stack."""
    return Broker(folder.broker, ports.kafka, ports.controller)


def stack_of(folder: DataFolder, ports: Ports, environment: Mapping[str, str]) -> Stack:
    """The stack in a data folder, started with the caller's environment."""
    return Stack(
        _broker(folder, ports, environment), _engine(folder, ports, environment), _services(folder, ports, environment)
    )


def service_urls(ports: Ports) -> dict[str, str]:
    """Where each service listens."""
    at = zip(SERVICES, (ports.schema, ports.snapshot, ports.query), strict=True)
    return {name: f"http://127.0.0.1:{port}" for name, port in at}


def service_environment(folder: DataFolder, ports: Ports, caller: Mapping[str, str]) -> dict[str, str]:
    """The variables of the services: the caller's, and on top of them where this stack's parts are and which keys
    they trust: the folder's, with which `crosslook token` signs."""
    return {
        "CROSSLOOK_TENANTS__OPEN": "true",
        **{name: value for name, value in caller.items() if name != "CROSSLOOK_AUTH__JWKS_URL"},
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{ports.kafka}",
        "CROSSLOOK_CLICKHOUSE__HOST": "127.0.0.1",
        "CROSSLOOK_CLICKHOUSE__PORT": str(ports.clickhouse),
        "CROSSLOOK_CLICKHOUSE__USERNAME": "default",
        "CROSSLOOK_CLICKHOUSE__PASSWORD_FILE": str(folder.password_file),
        "CROSSLOOK_CLICKHOUSE__DATABASE": DATABASE,
        "CROSSLOOK_AUTH__JWKS_FILE": str(folder.key_set),
        "CROSSLOOK_SECRETS__KEYS_FILE": str(folder.secrets_keys),
        "CROSSLOOK_SNAPSHOT_SERVICE__URL": service_urls(ports)["snapshot_service"],
        **_page_environment(folder, ports),
    }


def _page_environment(folder: DataFolder, ports: Ports) -> dict[str, str]:
    """The variables of the page: its files where they are built, and sessions where the folder has the key that signs
    their tokens; without one, the keys are an identity provider's."""
    urls = service_urls(ports)
    found = {
        "CROSSLOOK_PAGE__SCHEMA_URL": urls["schema_service"],
        "CROSSLOOK_PAGE__SNAPSHOT_URL": urls["snapshot_service"],
    }
    if (BUILT_PAGE / "index.html").is_file():
        found["CROSSLOOK_PAGE__FOLDER"] = str(BUILT_PAGE)
    if folder.private_key.is_file():
        found["CROSSLOOK_PAGE__SIGNING_KEY_FILE"] = str(folder.private_key)
        found["CROSSLOOK_PAGE__SESSION_KEYS_FILE"] = str(folder.session_keys)
    return found


def _broker(folder: DataFolder, ports: Ports, environment: Mapping[str, str]) -> Child:
    broker = broker_of(folder, ports)
    command, log = tuple(broker.command), folder.log(BROKER)
    return Child(BROKER, broker.bootstrap, command, environment, log, broker.why_unready, stop_seconds=30)


def _engine(folder: DataFolder, ports: Ports, environment: Mapping[str, str]) -> Child:
    url = f"http://127.0.0.1:{ports.clickhouse}"
    options = ("--data", str(folder.engine), "--port", str(ports.clickhouse))
    command = (*_PYTHON, "crosslook.local.engine", *options, "--password-file", str(folder.password_file))
    log = folder.log(ENGINE)
    return Child(
        ENGINE, url, command, {**environment, "TZ": "UTC"}, log, lambda: why_unready(f"{url}/ping"), stop_seconds=30
    )


def _services(folder: DataFolder, ports: Ports, environment: Mapping[str, str]) -> tuple[Child, ...]:
    shared = service_environment(folder, ports, environment)
    return tuple(_service(name, url, shared, folder) for name, url in service_urls(ports).items())


def _service(name: str, url: str, shared: Mapping[str, str], folder: DataFolder) -> Child:
    environment = {**shared, "CROSSLOOK_HTTP__PORT": url.rpartition(":")[2]}
    command = (*_PYTHON, f"services.{name}")
    return Child(name, url, command, environment, folder.log(name), lambda: why_unready(f"{url}/readyz"))


class ReportedReadiness(NamedTuple):
    """What a service says of itself at `/readyz`."""

    ready: bool
    reason: str | None


async def page_at(url: str) -> str | None:
    """The address of the page where the service at `url` serves it, else None."""
    return url if (await readiness(url, accept="text/html")).ready else None


async def why_unready(url: str) -> str | None:
    """Why a GET is not answered with 200; None when it is."""
    seen = await readiness(url)
    return None if seen.ready else seen.reason


async def readiness(url: str, *, accept: str = "application/json") -> ReportedReadiness:
    """Whether a GET is answered with 200. `reason`: the one that it gives, also where the service is ready and some of
    its work stands still; else a word for what happened, None for nothing."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            response = await client.get(url, headers={"Accept": accept})
    except httpx.HTTPError:
        return ReportedReadiness(False, "silent")
    ready = response.status_code == httpx.codes.OK
    try:
        return ReportedReadiness(ready, str(response.json()["reason"]))
    except (ValueError, KeyError, TypeError):
        return ReportedReadiness(ready, None if ready else f"http_{response.status_code}")
