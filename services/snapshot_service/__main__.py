"""`python -m services.snapshot_service`"""

import os
import sys

from crosslook.platform.logging import configure_logging
from crosslook.platform.process import relax_collector, run, warn_of_old_names
from crosslook.platform.server import serve
from services.snapshot_service.app import build
from services.snapshot_service.settings import SnapshotSettings


async def main() -> None:
    """Serve until stopped. Raises StopService."""
    settings = SnapshotSettings()
    configure_logging(settings.log, "snapshot_service")
    warn_of_old_names(settings, os.environ)
    app = build(settings)
    relax_collector()
    await serve(app, settings.http, fatal=app.state.fatal)


if __name__ == "__main__":
    sys.exit(run(main()))
