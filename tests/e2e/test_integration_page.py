"""The page about a fourth vendor from its first command to its last, on a stack of its own. At night only: it starts
all services from a copy of the source tree."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.helpers.examples import NIGHTLY
from tests.helpers.integration_page import copied_tree, read_integration_page, run_in
from tests.helpers.stack import free_base


@contextlib.contextmanager
def followed(root: Path) -> Iterator[list[str]]:
    """What each block of commands prints, run in order in the copy, with other ports; the stack goes down after it."""
    page, base = read_integration_page(), free_base()
    copied_tree(root, page)
    (root / "deploy").symlink_to(ROOT / "deploy")
    ports = {f"127.0.0.1:800{number}": f"127.0.0.1:{base + number}" for number in (1, 2, 3)}
    try:
        printed = []
        for block in page.commands:
            command = block.replace("crosslook up --detach", f"crosslook up --detach --port-base {base}")
            for written, used in ports.items():
                command = command.replace(written, used)
            printed.append(run_in(root, command, CROSSLOOK_LANG="en"))
        yield printed
    finally:
        run_in(root, ".venv/bin/crosslook down")


@pytest.mark.parametrize("times", [1] if NIGHTLY else [])
def test_the_page_leads_to_a_first_record(tmp_path: Path, times: int) -> None:
    with followed(tmp_path) as (tests, connected, shown):
        assert "passed" in tests
        assert '"state":"connected"' in connected.replace(" ", "")
        assert "parcelbird_parcel/P-77 is in the reports" in shown
        assert "delivery_failed" in shown
