"""docs/dependencies.md names every direct dependency once, and nothing else."""

import ast
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import EVERYTHING, ROOT, python, xml

PAGE = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
POM = "{http://maven.apache.org/POM/4.0.0}"
PYTHON = ("requirements.in", "requirements-local.in", "requirements-dev.in")
FILES = (
    *PYTHON,
    "deploy/kafka/pom.xml",
    "bench/cube/package.json",
    "tests/asyncapi/package.json",
    "tests/oidc/package.json",
    "web/package.json",
)


def section(mark: str) -> str:
    """The part of the page whose heading holds the mark."""
    return next(part for part in PAGE.split("\n## ") if mark in part.partition("\n")[0])


def rows(mark: str) -> list[list[str]]:
    """The table's rows under a heading."""
    lines = [line for line in section(mark).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def required(path: str) -> list[str]:
    """The direct dependencies that a file names."""
    if path.endswith(".in"):
        return re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    if path.endswith(".json"):
        package = json.loads((ROOT / path).read_text(encoding="utf-8"))
        return [*package["dependencies"], *package.get("devDependencies", {})]
    return [str(element.findtext(f"{POM}artifactId")) for element in xml(path).iter(f"{POM}dependency")]


@pytest.mark.parametrize("path", FILES)
def test_every_dependency_has_its_line_and_no_line_is_left_over(path: str) -> None:
    assert sorted(row[0].strip("`") for row in rows(f"`{path}`")) == sorted(required(path))


@pytest.mark.parametrize("path", FILES)
def test_every_line_is_filled_in(path: str) -> None:
    assert [row[0] for row in rows(f"`{path}`") if len(row) != 5 or not all(row)] == []


def test_whatever_is_imported_is_required_or_named_as_brought_by_another() -> None:
    required_names = {_normal(name) for path in PYTHON for name in required(path)}
    brought = {_normal(row[0].strip("`")) for row in rows("Brought by another")}
    assert imported() <= required_names | brought
    assert brought <= imported()


def imported() -> set[str]:
    """The distributions whose modules are imported anywhere."""
    owners = importlib.metadata.packages_distributions()
    ours = {"crosslook", "services", "tests", "docs", "deploy", "bench"} | sys.stdlib_module_names
    names = {name.partition(".")[0] for source in python(*EVERYTHING) for name in _modules(source.tree)}
    return {_normal(owner) for name in names - ours for owner in owners[name]}


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
