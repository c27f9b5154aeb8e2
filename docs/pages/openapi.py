"""docs/reference/openapi/<service>.json: each service's interface, from its application."""

import asyncio
import json
from importlib import import_module

from fastapi import FastAPI

from crosslook.platform.clock import SystemClock
from crosslook.platform.settings import AuthSettings
from docs.pages.settings import settings_class


def application(service: str) -> FastAPI:
    """The service's application, built but not started: it touches neither Kafka nor ClickHouse."""
    return asyncio.run(_build(service))


def render(service: str) -> str:
    """The document."""
    return json.dumps(application(service).openapi(), indent=2, ensure_ascii=False) + "\n"


async def _build(service: str) -> FastAPI:
    """Kafka's clients want to be made inside an event loop, and tell it when they go without having been started."""
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    settings = settings_class(service)(auth=AuthSettings(mode="off"))
    app = import_module(f"services.{service}.app").build(settings, SystemClock())
    if not isinstance(app, FastAPI):
        raise TypeError(f"services.{service}.app.build answers {type(app).__name__}, not FastAPI")
    return app
