"""`python -m services.query_service`."""

import sys

from crosslook.platform.clock import SystemClock
from crosslook.platform.http import serve
from crosslook.platform.log import configure_logging, get_logger
from crosslook.platform.process import run
from services.query_service.app import build
from services.query_service.settings import QueryServiceSettings


async def main() -> None:
    """Serve until told to stop. Raises StopService where going on would be wrong."""
    settings = QueryServiceSettings()
    configure_logging(settings.log, "query_service")
    get_logger(__name__).info("starting", settings=settings.without_secrets())
    app = build(settings, SystemClock())
    await serve(app, settings.http, fatal=app.state.fatal)


if __name__ == "__main__":
    sys.exit(run(main()))
