"""A file of plans that cannot be used stops the start of each service."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.plans import PLANS


@pytest.mark.parametrize("service", ["schema_service", "snapshot_service", "query_service"])
def test_a_wrong_file_stops_the_start_with_its_places(service: str, tmp_path: Path) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(PLANS.replace("exports = false", "export = false", 1), encoding="utf-8")
    environment = {**os.environ, "CROSSLOOK_PLANS__FILE": str(file), "CROSSLOOK_HTTP__PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", f"services.{service}"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    said = ended.stdout + ended.stderr
    assert "bad_setting" in said
    assert "CROSSLOOK_PLANS__FILE" in said
    assert "/plan/0/exports: exports is required.; /plan/0/export: There is no property export here" in said
    assert "Did you mean exports?" in said
