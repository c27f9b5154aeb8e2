"""`make screenshots`: starts a stack with the demonstration's data and takes the pictures of the README."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.e2e.conftest import COMMAND, Crosslook
from tests.helpers.stack import free_base

WEB = Path(__file__).parents[2] / "web"


def main() -> None:
    """Write docs/pictures. Raises CalledProcessError where a step fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = Crosslook(Path(folder) / "data", free_base())
        try:
            for ran in (command.up(), command("demo")):
                if ran.status != 0:
                    raise SystemExit(ran.err)
            opening = json.dumps([str(COMMAND), "open", "--data", str(command.data)])
            subprocess.run(
                ["node", "e2e/screenshots.mjs"],  # the Makefile has checked it
                cwd=WEB,
                env={**os.environ, "CROSSLOOK_OPEN": opening},
                check=True,
            )
        finally:
            command("down")


if __name__ == "__main__":
    main()
