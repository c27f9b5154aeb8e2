"""The repository as text and syntax trees: what the architecture tests look at."""

import ast
import gc
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("crosslook/", "services/")
EVERYTHING = (*PRODUCT, "tests/", "bench/", "docs/", "deploy/")


@dataclass(frozen=True)
class Source:
    """One Python file; `path` is relative to the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree. All trees are kept, and the garbage collector would walk them again and again."""
        tree = ast.parse(self.text, self.path)
        gc.freeze()
        return tree


@cache
def repository_files() -> tuple[str, ...]:
    """Every file that is tracked or about to be, relative to the repository."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(path for path in set(found) if (ROOT / path).is_file()))


def xml(path: str) -> ElementTree.Element:
    """The root of an XML file of ours."""
    return ElementTree.fromstring((ROOT / path).read_text(encoding="utf-8"))  # noqa: S314  # a file of this repository


def python(*folders: str) -> list[Source]:
    """The Python files under the folders."""
    paths = [path for path in repository_files() if path.startswith(folders) and path.endswith(".py")]
    return [_source(path) for path in paths]


@cache
def _source(path: str) -> Source:
    """Read and parsed once, for all tests."""
    return Source(path, (ROOT / path).read_text(encoding="utf-8"))


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string in the code that is no docstring."""
    documentation = {id(item) for node in ast.walk(tree) if (item := _docstring(node)) is not None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the called name: `a.b.c(…)` is `c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield last_name(node.func), node


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _docstring(node: ast.AST) -> ast.Constant | None:
    """A string that stands alone as a statement: documentation of what is around or before it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value
    return None
