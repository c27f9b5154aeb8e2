"""`make screenshots`: starts a stack with the demonstration's data and takes the pictures of the README."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.e2e.conftest import COMMAND
from tests.page.demonstrated import demonstrated

WEB = Path(__file__).parents[2] / "web"


def main() -> None:
    """Write docs/pictures.

    Raises RuntimeError where the stack does not start, CalledProcessError where a window of the page fails."""
    with tempfile.TemporaryDirectory() as folder, demonstrated(Path(folder) / "data") as command:
        opening = json.dumps([str(COMMAND), "open", "--data", str(command.data)])
        environment = {**os.environ, "CROSSLOOK_OPEN": opening}
        subprocess.run(["node", "e2e/screenshots.mjs"], cwd=WEB, env=environment, check=True)


if __name__ == "__main__":
    main()
