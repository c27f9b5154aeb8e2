"""schema_service in the test's own process on a real broker, asked over HTTP with real tokens."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.integrations.interface import Integration
from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, issue
from crosslook.platform.clock import Clock, SystemClock
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.peer import Peer
from crosslook.platform.settings import AuthSettings, KafkaSettings, TenantsSettings
from services.schema_service.app import build
from services.schema_service.settings import SchemaSettings, SecretsSettings

SECRETS = SecretsSettings(keys=Fernet.generate_key().decode())
"""What services of these tests seal secrets with."""
EVERYTHING = "schemas:read schemas:write records:write reports:read reports:write"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues tokens that the service trusts."""

    folder: DataFolder

    @staticmethod
    def at(path: Path) -> "Tokens":
        """With keys of their own."""
        folder = DataFolder.at(path)
        folder.prepare()
        ensure_keys(folder)
        return Tokens(folder)

    def header(self, tenant: str, scope: str = EVERYTHING) -> dict[str, str]:
        """The header of a call."""
        return {"Authorization": f"Bearer {issue(self.folder, tenant, scope, timedelta(hours=1))}"}


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs, and who may ask it."""

    app: FastAPI
    http: httpx.AsyncClient
    tokens: Tokens

    async def ask(self, method: str, path: str, tenant: str = "acme", scope: str = EVERYTHING, **more: Any) -> Any:
        """One call by a tenant. `more`: what httpx takes."""
        headers = {**self.tokens.header(tenant, scope), **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)


def settings(kafka: KafkaSettings, tokens: Tokens, **more: Any) -> SchemaSettings:
    """Settings of a service on a broker; tenants are open unless `more` says otherwise."""
    return SchemaSettings(
        kafka=kafka,
        auth=AuthSettings(jwks_file=tokens.folder.key_set),
        **{"tenants": TenantsSettings(open=True), "secrets": SECRETS, **more},
    )


@contextlib.asynccontextmanager
async def running_service(
    kafka: KafkaSettings,
    tokens: Tokens,
    clock: Clock | None = None,
    *,
    catalog: Mapping[str, Integration] | None = None,
    peer: Peer | None = None,
    **more: Any,
) -> AsyncIterator[Service]:
    """The service from its start to its end, with these integrations or those of the release. The topics must be
    there. `peer`: its way to snapshot_service."""
    app = build(settings(kafka, tokens, **more), clock or SystemClock(), catalog, peer)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://schemas") as http,
    ):
        await app.state.startup.done()
        yield Service(app, http, tokens)


class Publications:
    """Publishes snapshots as snapshot_service would: the writer of the snapshots topic."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._store = KafkaLogStore(SNAPSHOTS.name, kafka)

    async def __aenter__(self) -> "Publications":
        await self._store.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._store.stop()

    async def publish(self, manifest: Manifest) -> None:
        """Make a snapshot the current one."""
        await self._store.put(manifest.key, manifest.encode())
