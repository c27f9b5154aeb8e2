"""Golden files: texts that a test compares word for word. `GOLDEN=write` regenerates them; read the difference before
you commit it."""

import os
from pathlib import Path


def assert_golden(path: Path, made: str) -> None:
    """The text is what the file holds."""
    if os.environ.get("GOLDEN") == "write":
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made
