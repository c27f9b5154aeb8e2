"""Runs a service's application on an HTTP server until the process is told to stop."""

import asyncio

import uvicorn
from fastapi import FastAPI

from crosslook.platform.process import Fatal, watch
from crosslook.platform.settings import HttpSettings


async def serve(app: FastAPI, settings: HttpSettings, *, fatal: Fatal = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT; in-flight requests get 10 seconds. Raises SystemExit when the start fails.

    `fatal` is asked all the while (`process.watch`); when it gives a reason the service is shut down in the same
    orderly way and StopService is raised with it, so that the process ends non-zero.
    """
    serving = server(app, settings)
    watching = asyncio.create_task(watch(fatal), name="watch for a reason to stop")
    watching.add_done_callback(lambda _: setattr(serving, "should_exit", True))
    try:
        await serving.serve()
        if watching.done():
            watching.result()
    finally:
        watching.cancel()


def server(app: FastAPI, settings: HttpSettings) -> uvicorn.Server:
    """The HTTP server, for who runs it beside something else."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    return uvicorn.Server(config)
