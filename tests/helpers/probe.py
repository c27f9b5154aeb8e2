"""An application as every service's is, with routes of the test's own."""

import contextlib
from collections.abc import AsyncIterator, Callable

import httpx
from fastapi import FastAPI

from crosslook.platform.http import create_app
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import AuthSettings, ServiceSettings


def probe(add_routes: Callable[[FastAPI], None]) -> httpx.AsyncClient:
    """A client of the application; everyone may call it."""
    settings = ServiceSettings(auth=AuthSettings(mode="off"))
    app = create_app("Probe", "1", settings=settings, lifespan=_lifespan, readiness=lambda: None, meters=Meters())
    add_routes(app)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://probe")


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
