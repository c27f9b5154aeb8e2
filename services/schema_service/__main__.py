"""`python -m services.schema_service`."""

import os
import sys

from crosslook.platform.clock import SystemClock
from crosslook.platform.logging import configure_logging, get_logger
from crosslook.platform.process import relax_collector, run, warn_of_old_names
from crosslook.platform.server import serve
from services.schema_service.app import build
from services.schema_service.settings import SchemaSettings


async def main() -> None:
    """Serve until told to stop. Raises StopService where going on would be wrong."""
    settings = SchemaSettings()
    configure_logging(settings.log, "schema_service")
    warn_of_old_names(settings, os.environ)
    get_logger(__name__).info("starting", settings=settings.without_secrets())
    app = build(settings, SystemClock())
    relax_collector()
    await serve(app, settings.http, fatal=app.state.fatal, replica=app.state.replica)


if __name__ == "__main__":
    sys.exit(run(main()))
