"""`python -m services.query_service`."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from crosslook.platform.clock import SystemClock
from crosslook.platform.logging import configure_logging, get_logger
from crosslook.platform.process import run, warn_of_old_names
from crosslook.platform.server import serve
from services.query_service.app import build
from services.query_service.settings import QueryServiceSettings, threads


async def main() -> None:
    """Serve until told to stop. Raises StopService where going on would be wrong."""
    settings = QueryServiceSettings()
    configure_logging(settings.log, "query_service")
    warn_of_old_names(settings, os.environ)
    get_logger(__name__).info("starting", settings=settings.without_secrets())
    # The driver keeps a thread for every statement that runs; the default pool has six on two cores.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads(settings.query)))
    app = build(settings, SystemClock())
    await serve(app, settings.http, fatal=app.state.fatal, replica=app.state.replica)


if __name__ == "__main__":
    sys.exit(run(main()))
