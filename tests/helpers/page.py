"""query_service with the page: a small built page, keys of its own, and logs in memory. It needs no engine."""

import contextlib
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, ensure_sealing_keys, issue_code
from crosslook.platform.clock import FixedClock, SystemClock
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog, MemoryTopic
from crosslook.platform.settings import AuthSettings, TenantsSettings
from services.query_service.app import wire
from services.query_service.page_settings import PageSettings
from services.query_service.settings import QueryServiceSettings
from services.query_service.sign_in_settings import SignInSettings

ORIGIN = "http://page.test"
SCRIPT = b"export const answer = 42;\n" * 50
INDEX = b'<!doctype html><title>Crosslook</title><script type="module" src="/assets/app-1a2b.js"></script>'
HTML = {"Accept": "text/html"}


def built_page(folder: Path) -> Path:
    """A built page, as `npm run build` leaves it; answers its folder."""
    assets = folder / "dist" / "assets"
    assets.mkdir(parents=True)
    (folder / "dist" / "index.html").write_bytes(INDEX)
    (folder / "dist" / "favicon.svg").write_text("<svg/>")
    (folder / "dist" / ".hidden").write_text("not for anybody")
    (folder / "secret.txt").write_text("beside the page")
    (assets / "app-1a2b.js").write_bytes(SCRIPT)
    (assets / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "app-1a2b.js.br").write_bytes(b"as brotli leaves it")
    (assets / "plain-3c4d.css").write_text("body { margin: 0 }")
    return folder / "dist"


@dataclass(slots=True)
class PageStack:
    """The running service. `client` is a browser on the page's origin."""

    app: FastAPI
    client: httpx.AsyncClient
    folder: DataFolder
    reports: ElectedMemoryLog
    clock: FixedClock

    def code(self, tenant: str = "acme", scope: str = "reports:read") -> str:
        """The code of a new sign-in link, by the service's clock, which a slow set-up does not move."""
        return issue_code(self.folder, tenant, scope, now=self.clock.now())

    async def sign_in(self, tenant: str = "acme", scope: str = "reports:read") -> httpx.Response:
        """Begin a session that must begin."""
        response = await self.client.post("/api/session", json={"code": self.code(tenant, scope)})
        assert response.status_code == 200, response.text
        return response

    async def call(self, path: str, tenant: str = "acme", **options: Any) -> httpx.Response:
        """A GET as the page sends it."""
        headers = {"X-Crosslook-Session": tenant, "Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return await self.client.get(path, headers=headers, **options)

    def later(self, span: timedelta) -> None:
        """Let time pass."""
        self.clock.at += span


def page_settings(data: DataFolder, **page: Any) -> PageSettings:
    """Settings of the page with the keys of a folder."""
    keys = {"signing_key_file": data.private_key, "session_keys_file": data.session_keys}
    return PageSettings(**{"folder": data.root / "dist", "public_url": ORIGIN, **keys, **page})


def prepared_folder(path: Path) -> DataFolder:
    """A data folder with keys and a built page."""
    folder = DataFolder.at(path)
    folder.prepare()
    ensure_keys(folder)
    ensure_sealing_keys(folder)
    if not (folder.root / "dist").exists():
        built_page(folder.root)
    return folder


@contextlib.asynccontextmanager
async def page_stack(
    path: Path,
    *,
    mode: str = "jwt",
    topic: MemoryTopic | None = None,
    sign_in: SignInSettings | None = None,
    address: str = "",
    **page: Any,
) -> AsyncIterator[PageStack]:
    """The service with the page. `topic`: reports that other replicas use too."""
    folder = prepared_folder(path)
    settings = QueryServiceSettings(
        auth=AuthSettings(mode="off") if mode == "off" else AuthSettings(jwks_file=folder.key_set),
        tenants=TenantsSettings(open=True),
        page=page_settings(folder, **page),
        sign_in=sign_in or SignInSettings(),
    )
    reports = ElectedMemoryLog(topic or REPORTS.name, address or settings.http.address)
    clock = FixedClock(SystemClock().now())
    schemas, snapshots = MemoryLog(SCHEMAS.name), MemoryLog(SNAPSHOTS.name)
    app = wire(settings, clock, schemas, snapshots, reports)
    for log in (schemas, snapshots, reports):
        await log.start()
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(mounts={ORIGIN: transport}, base_url=ORIGIN, trust_env=False) as client:
            yield PageStack(app, client, folder, reports, clock)
    finally:
        for log in (schemas, snapshots, reports):
            await log.stop()
