"""Who may import whom: the import contracts of pyproject.toml hold, and they are all there."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT

EXPECTED = {
    "Services never import each other",
    "services -> platform -> integrations -> contracts, never back",
    "Domain, contracts and integrations do no I/O",
    "Only platform and local hold drivers",
    "Faust lives in worker.py",
    "The embedded stack is no dependency of production code",
    "Query pipeline flows one way",
    "Schema pipeline flows one way",
    "Snapshot pipeline flows one way",
    "Packages of query_service flow one way",
    "Packages of snapshot_service flow one way",
}


def test_every_import_contract_holds() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_import_contract_was_dropped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]} >= EXPECTED
