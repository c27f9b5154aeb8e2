"""The page about a fourth vendor: its files, in a copy of the source tree, pass what the page runs."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.helpers.integration_page import copied_tree, read_integration_page, run_in

FOUND = """
from crosslook.integrations.catalog import integrations, object_slug
found = integrations()["parcelbird"]
import crosslook
print(crosslook.__file__, object_slug(found, "parcelbird"), found.define("parcelbird_parcel", {}).reportable)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied_tree(tmp_path_factory.mktemp("tree"), read_integration_page())


def test_the_page_adds_one_folder_and_its_test() -> None:
    assert sorted(read_integration_page().files) == [
        "crosslook/integrations/parcelbird/__init__.py",
        "crosslook/integrations/parcelbird/parcels.py",
        "tests/unit/integrations/test_parcelbird.py",
    ]


def test_the_tests_of_the_page_pass(copy: Path) -> None:
    command = read_integration_page().commands[0]
    assert re.search(r"\b[1-9]\d* passed", run_in(copy, f"{command.strip()} -p no:cacheprovider"))


def test_the_catalog_finds_the_folder_without_any_other_change(copy: Path) -> None:
    printed = run_in(copy, f".venv/bin/python -c '{FOUND}'")
    assert printed.split() == [str(copy / "crosslook/__init__.py"), "parcelbird_parcel", "True"]


def test_the_folder_follows_the_rules_that_linters_check(copy: Path) -> None:
    paths = " ".join(read_integration_page().files)
    run_in(copy, f".venv/bin/ruff check -q --no-cache {paths} && .venv/bin/ruff format --no-cache --check -q {paths}")
    assert not (ROOT / "crosslook/integrations/parcelbird").exists()
